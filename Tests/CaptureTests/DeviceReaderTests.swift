import Capture
import Foundation
import Testing

@Suite struct DeviceReaderTests {
    private let log = CameraLog { _ in }

    private func open(_ driver: ScriptedDriver, _ wish: DeviceWish = DeviceWish()) throws(SourceLost)
        -> DeviceReader<ScriptedDriver>
    {
        try DeviceReader(driver: driver, path: "/dev/video9", wish: wish, log: log)
    }

    private func reason(_ driver: ScriptedDriver, _ wish: DeviceWish = DeviceWish()) -> String? {
        do {
            let reader = try open(driver, wish)
            var frame = Frame()
            while try reader.next(into: &frame) == .frame {}
            return nil
        } catch {
            return error.reason
        }
    }

    private func buffer(_ index: Int, _ sequence: UInt32, bytes: Int = 16, error: Bool = false) -> VideoBuffer {
        VideoBuffer(index: index, byteCount: bytes, sequence: sequence, hasError: error)
    }

    @Test func aFrameIsCopiedAndItsBufferGivenBack() throws {
        let driver = ScriptedDriver([.ready([buffer(2, 0)])])
        let reader = try open(driver)
        #expect(reader.description == "4×2 YUYV at 30/s from Scripted")
        #expect(driver.queued == [0, 1, 2, 3])
        var frame = Frame()
        #expect(try reader.next(into: &frame) == .frame)
        #expect(frame.bytes == Array(0..<16))
        #expect(frame.format == .yuyv(stride: 8))
        #expect(frame.width == 4)
        #expect(frame.height == 2)
        #expect(frame.monotonic == driver.now)
        #expect(driver.queued == [0, 1, 3, 2])
        #expect(try reader.next(into: &frame) == .stopped)
        reader.close()
        #expect(driver.isClosed)
    }

    @Test func onlyTheNewestReadyBufferIsTaken() throws {
        let driver = ScriptedDriver([.ready([buffer(0, 5), buffer(1, 6), buffer(2, 7, error: true)])])
        let reader = try open(driver)
        driver.content = Array(100..<116)
        var frame = Frame()
        #expect(try reader.next(into: &frame) == .frame)
        #expect(frame.bytes == Array(100..<116))
        #expect(driver.queued == [3, 0, 2, 1])
        #expect(log.counters.corrupt == 1)
        #expect(log.counters.sequenceGaps == 0)
    }

    @Test func damagedAndShortBuffersAreGivenBackAndCounted() throws {
        let driver = ScriptedDriver([
            .ready([buffer(0, 0, error: true)]), .ready([buffer(1, 1, bytes: 0)]), .ready([buffer(2, 2, bytes: 15)]),
            .ready([buffer(3, 3)]),
        ])
        let reader = try open(driver)
        var frame = Frame()
        #expect(try reader.next(into: &frame) == .frame)
        #expect(log.counters.corrupt == 3)
        #expect(driver.queued == [0, 1, 2, 3])
    }

    @Test func gapsInTheSequenceAreCounted() throws {
        let sequences: [UInt32] = [.max - 1, .max, 2, 3, 10, 0, 1]
        let driver = ScriptedDriver(sequences.map { .ready([buffer(0, $0)]) })
        let reader = try open(driver)
        var frame = Frame()
        for _ in sequences { #expect(try reader.next(into: &frame) == .frame) }
        // 0 and 1 at the wrap, 4…9; the step back to 0 is none.
        #expect(log.counters.sequenceGaps == 8)
    }

    @Test func timestampsAreTakenWhereTheyMakeSense() throws {
        var stamped: [VideoBuffer] = []
        // The clock is at 1000 s and each frame takes 33 ms.
        let timestamps: [Duration?] = [
            .seconds(1000), .seconds(2000), .milliseconds(1_000_080), nil, .milliseconds(1_000_090), .zero,
        ]
        for (index, timestamp) in timestamps.enumerated() {
            var one = buffer(index % 4, UInt32(index))
            one.timestamp = timestamp
            stamped.append(one)
        }
        let driver = ScriptedDriver(stamped.map { .ready([$0]) })
        let reader = try open(driver)
        var captures: [Double] = []
        var frame = Frame()
        for _ in stamped {
            #expect(try reader.next(into: &frame) == .frame)
            captures.append((frame.monotonic - .seconds(1000)) / .milliseconds(1))
        }
        #expect(captures == [0, 66, 80, 132, 165, 198])
    }

    @Test func silenceLosesTheDevice() throws {
        #expect(reason(ScriptedDriver([.silence])) == "/dev/video9 gives no picture")
        let driver = ScriptedDriver([.ready([buffer(0, 0)]), .silence])
        #expect(reason(driver) == "/dev/video9 gives no picture")
        // 1000 s, the frame, and two seconds.
        #expect(driver.now == .seconds(1002) + .milliseconds(33))
        let slow = ScriptedDriver([.ready([buffer(0, 0)]), .silence])
        slow.rate = 0.5
        #expect(reason(slow) == "/dev/video9 gives no picture")
        #expect(slow.now == .seconds(1006) + .milliseconds(33))
    }

    @Test func nothingButDamageLosesTheDevice() {
        let steps = (0..<10).map {
            ScriptedDriver.Step.ready([buffer($0 % 4, UInt32($0), error: true)], after: .seconds(1))
        }
        let driver = ScriptedDriver(steps)
        #expect(reason(driver) == "/dev/video9 gives only damaged pictures")
        #expect(driver.now == .seconds(1008))
    }

    @Test(arguments: [
        (ENODEV, "/dev/video9 was unplugged"), (EIO, "/dev/video9 fails: VIDIOC_DQBUF says input/output error"),
        (EINVAL, "/dev/video9 fails: VIDIOC_DQBUF says Invalid argument"),
    ])
    func faultsLoseTheDeviceInWords(code: Int32, reason: String) {
        #expect(self.reason(ScriptedDriver([.fault(VideoFault("VIDIOC_DQBUF", code))])) == reason)
    }

    @Test func aHangUpLosesTheDeviceButNotTheLastFrame() throws {
        #expect(reason(ScriptedDriver([.hangUp])) == "/dev/video9 hung up")
    }

    @Test(arguments: [
        ("VIDIOC_QUERYCAP", ENOTTY, "/dev/video9 is not a V4L2 device"),
        ("VIDIOC_S_FMT", EBUSY, "/dev/video9 is in use by another program"),
        ("VIDIOC_REQBUFS", ENOMEM, "/dev/video9 fails: VIDIOC_REQBUFS says Cannot allocate memory"),
        ("VIDIOC_QBUF", EIO, "/dev/video9 fails: VIDIOC_QBUF says input/output error"),
        (
            "VIDIOC_STREAMON", ENOSPC,
            "/dev/video9 gets no bandwidth on its USB bus: choose a smaller size or rate, or another port"
        ),
    ])
    func aFaultWhileOpeningClosesTheDevice(request: String, code: Int32, reason: String) {
        let driver = ScriptedDriver()
        driver.faults = [request: code]
        #expect(self.reason(driver) == reason)
        #expect(driver.isClosed)
    }

    @Test func nodesThatCannotServeAreRefusedInWords() {
        let cases: [(UInt32, String)] = [
            (0x0480_0000, "/dev/video9 carries metadata and no pictures; another node of the camera has them"),
            (0x0400_1000, "/dev/video9 is a multi-planar device, which is not supported"),
            (0x0400_0002, "/dev/video9 does not capture video"), (0x0100_0001, "/dev/video9 cannot stream"),
        ]
        for (flags, expected) in cases {
            let driver = ScriptedDriver()
            driver.flags = flags
            #expect(reason(driver) == expected)
            #expect(driver.isClosed)
        }
        let other = ScriptedDriver()
        other.offered = [PixelFormat("NV12"), PixelFormat("RGB3")]
        #expect(reason(other) == "/dev/video9 offers neither YUYV nor MJPG, only NV12, RGB3")
        let stubborn = ScriptedDriver()
        stubborn.settle = { VideoFormat(PixelFormat("NV12"), width: $0.width, height: $0.height) }
        #expect(reason(stubborn) == "/dev/video9 insists on NV12 when asked for YUYV")
        let poor = ScriptedDriver()
        poor.bufferCount = 1
        #expect(reason(poor) == "/dev/video9 has no memory for two buffers")
    }

    @Test func anotherSizeOrRateThanAskedForIsSaid() throws {
        let said = Notices()
        let log = CameraLog { said.add($0) }
        let driver = ScriptedDriver()
        driver.settle = { VideoFormat($0.pixelFormat, width: 640, height: 480, stride: 1280) }
        let wish = DeviceWish(width: 1280, height: 720, rate: 5)
        _ = try DeviceReader(driver: driver, path: "/dev/video9", wish: wish, log: log)
        #expect(said.all == [.complaint("/dev/video9 gives 640×480 instead of 1280×720, and 30/s instead of 5/s")])
    }

    @Test func theStrideOfTheDriverIsHonoured() throws {
        let driver = ScriptedDriver([.ready([buffer(0, 0, bytes: 20)])])
        driver.settle = { VideoFormat($0.pixelFormat, width: 4, height: 2, stride: 10) }
        driver.content = Array(0..<20)
        let reader = try open(driver)
        var frame = Frame()
        #expect(try reader.next(into: &frame) == .frame)
        #expect(frame.format == .yuyv(stride: 10))
        #expect(frame.bytes.count == 20)
    }

    @Test func jpegIsTrimmedOfPaddingAndRefusedWhenCutShort() throws {
        let picture = Pictures.tiny(1)
        let driver = ScriptedDriver([.ready([buffer(0, 0, bytes: 100)]), .ready([buffer(1, 1, bytes: 20)])])
        driver.offered = [.motionJPEG]
        driver.content = picture + [UInt8](repeating: 0, count: 100)
        let reader = try open(driver)
        var frame = Frame()
        #expect(try reader.next(into: &frame) == .frame)
        #expect(frame.bytes == picture)
        #expect(frame.format == .jpeg)
        #expect(frame.width == 4)
        #expect(try reader.next(into: &frame) == .stopped)
        #expect(log.counters.corrupt == 1)
        #expect(Set(driver.queued) == [0, 1, 2, 3])
    }

    @Test func rawIsPreferredWhereTheBusAllows() {
        let both: [PixelFormat] = [PixelFormat("NV12"), .yuyv, .motionJPEG]
        #expect(DeviceWish.choose(from: both, width: 640, height: 480, rate: 30) == .yuyv)
        #expect(DeviceWish.choose(from: both, width: 1280, height: 720, rate: 5) == .yuyv)
        #expect(DeviceWish.choose(from: both, width: 1280, height: 720, rate: 15) == .motionJPEG)
        #expect(DeviceWish.choose(from: both, width: 1280, height: 720, rate: nil) == .motionJPEG)
        #expect(DeviceWish.choose(from: [.yuyv], width: 1280, height: 720, rate: 30) == .yuyv)
        #expect(DeviceWish.choose(from: [.jpeg], width: 64, height: 48, rate: 1) == .jpeg)
        #expect(DeviceWish.choose(from: [PixelFormat("NV12")], width: 64, height: 48, rate: 1) == nil)
        #expect(PixelFormat.yuyv.code == 0x5659_5559)
        #expect("\(PixelFormat.motionJPEG)" == "MJPG")
    }
}
