import Capture
import Foundation
import Testing

@Suite struct DeviceReaderTests {
    private let log = CameraLog { _ in }

    private static func yuyv(stride: Int) -> Frame.RawFormat {
        Frame.RawFormat(arrangement: .yuyv, planes: [.init(offset: 0, stride: stride)])
    }

    private func open(_ driver: ScriptedDriver, _ wish: DeviceWish = DeviceWish()) throws(SourceLost)
        -> DeviceReader<ScriptedDriver>
    {
        try DeviceReader(driver: driver, path: "/dev/video9", wish: wish, log: log)
    }

    private func reason(_ driver: ScriptedDriver, _ wish: DeviceWish = DeviceWish()) -> String? {
        do {
            let reader = try open(driver, wish)
            var frame = Frame()
            while true {
                switch try reader.next(into: &frame) {
                case .frame, .amiss: continue
                case .stopped, .ended: return nil
                }
            }
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
        #expect(frame.format == .raw(Self.yuyv(stride: 8)))
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
        driver.contents = [Array(100..<116)]
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
        let wallClock = Duration.seconds(1_700_000_000)
        let stamps: [VideoBuffer.Stamp] = [
            .monotonic(.seconds(1000)), .monotonic(.seconds(2000)), .monotonic(.milliseconds(1_000_080)), .none,
            .monotonic(.milliseconds(1_000_090)), .monotonic(.zero), .unnamed(.milliseconds(1_000_220)),
            .unnamed(wallClock + .milliseconds(1_000_250)), .unnamed(.seconds(5)), .unnamed(wallClock - .seconds(100)),
        ]
        for (index, stamp) in stamps.enumerated() {
            var one = buffer(index % 4, UInt32(index))
            one.stamp = stamp
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
        #expect(captures == [0, 66, 80, 132, 165, 198, 220, 250, 297, 330])
    }

    @Test func silenceIsToldAndThenLosesTheDevice() throws {
        let first = ScriptedDriver([.silence])
        #expect(reason(first) == "/dev/video9 gives no picture")
        #expect(first.now == .seconds(1008))
        let driver = ScriptedDriver([.ready([buffer(0, 0)]), .silence, .silence, .silence])
        #expect(reason(driver) == "/dev/video9 gives no picture")
        // 1000 s, the frame, and three times a second.
        #expect(driver.now == .seconds(1003) + .milliseconds(33))
        let slow = ScriptedDriver([.ready([buffer(0, 0)]), .silence, .silence, .silence])
        slow.rate = 0.5
        #expect(reason(slow) == "/dev/video9 gives no picture")
        #expect(slow.now == .seconds(1018) + .milliseconds(33))

        let stalling = ScriptedDriver([
            .ready([buffer(0, 0)]), .silence, .silence, .ready([buffer(1, 1)]), .silence, .silence,
            .ready([buffer(2, 2)]),
        ])
        let reader = try open(stalling)
        var frame = Frame()
        let amiss = FrameReading.amiss("/dev/video9 gives no picture")
        for expected in [.frame, amiss, amiss, .frame, amiss, amiss, .frame, .stopped] {
            #expect(try reader.next(into: &frame) == expected)
        }
    }

    @Test func nothingButDamageLosesTheDevice() {
        let steps = (0..<10).map {
            ScriptedDriver.Step.ready([buffer($0 % 4, UInt32($0), error: true)], after: .seconds(1))
        }
        let driver = ScriptedDriver(steps)
        #expect(reason(driver) == "/dev/video9 gives only damaged pictures")
        #expect(driver.now == .seconds(1008))
    }

    @Test func muchDamageAndManyGapsAreTold() throws {
        // Every fourth picture is damaged, over five seconds.
        let damaged = (0..<20).map { number in
            ScriptedDriver.Step.ready(
                [buffer(number % 4, UInt32(number), error: number % 4 == 3)],
                after: .milliseconds(250)
            )
        }
        #expect(complaint(damaged) == "/dev/video9 gives damaged pictures, about 3 in 10")
        let gaps = (0..<20).map { number in
            ScriptedDriver.Step.ready([buffer(number % 4, UInt32(number * 3))], after: .milliseconds(250))
        }
        #expect(complaint(gaps) == "/dev/video9 loses pictures, about 7 in 10")
        let whole = (0..<60).map { number in
            ScriptedDriver.Step.ready(
                [buffer(number % 4, UInt32(number), error: number % 20 == 0)],
                after: .milliseconds(250)
            )
        }
        #expect(complaint(whole) == nil)
    }

    /// The first thing that is said to be amiss.
    private func complaint(_ steps: [ScriptedDriver.Step]) -> String? {
        guard let reader = try? open(ScriptedDriver(steps)) else { return "not opened" }
        var frame = Frame()
        while let reading = try? reader.next(into: &frame) {
            switch reading {
            case .amiss(let words): return words
            case .frame: continue
            case .stopped, .ended: return nil
            }
        }
        return "lost"
    }

    @Test(arguments: [
        (ENODEV, "/dev/video9 was unplugged"), (EINVAL, "/dev/video9 fails: VIDIOC_DQBUF says Invalid argument"),
    ])
    func faultsLoseTheDeviceInWords(code: Int32, reason: String) {
        #expect(self.reason(ScriptedDriver([.fault(VideoFault("VIDIOC_DQBUF", code))])) == reason)
    }

    @Test func anInputOutputErrorIsToleratedTwiceInARow() throws {
        let fault = ScriptedDriver.Step.fault(VideoFault("VIDIOC_DQBUF", EIO))
        let driver = ScriptedDriver([fault, fault, .ready([buffer(0, 0)]), fault, fault, .ready([buffer(1, 1)])])
        let reader = try open(driver)
        var frame = Frame()
        #expect(try reader.next(into: &frame) == .frame)
        #expect(try reader.next(into: &frame) == .frame)
        #expect(try reader.next(into: &frame) == .stopped)
        #expect(log.counters.corrupt == 4)
        #expect(
            reason(ScriptedDriver([fault, fault, fault])) == "/dev/video9 fails: VIDIOC_DQBUF says input/output error"
        )
    }

    @Test func anotherSignalMeansToStartAnew() {
        #expect(reason(ScriptedDriver([.signalChange])) == "/dev/video9 has another signal, or none")
        let unplugged = ScriptedDriver([.silence])
        #expect(reason(unplugged) == "/dev/video9 gives no picture")
        let dark = ScriptedDriver()
        dark.trouble = "has no signal at its input (is the cable plugged in?)"
        #expect(reason(dark) == "/dev/video9 has no signal at its input (is the cable plugged in?)")
        #expect(dark.isClosed)
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

    @Test func whoHasABusyDeviceIsSaid() {
        let driver = ScriptedDriver()
        driver.faults = ["VIDIOC_REQBUFS": EBUSY]
        driver.holder = "ffmpeg (pid 7)"
        #expect(reason(driver) == "/dev/video9 is in use by ffmpeg (pid 7)")
    }

    @Test func nodesThatCannotServeAreRefusedInWords() {
        let cases: [(UInt32, String)] = [
            (0x0480_0000, "/dev/video9 carries metadata and no pictures; another node of the camera has them"),
            (0x0400_0002, "/dev/video9 does not capture video"), (0x0100_0001, "/dev/video9 cannot stream"),
        ]
        for (flags, expected) in cases {
            let driver = ScriptedDriver()
            driver.flags = flags
            #expect(reason(driver) == expected)
            #expect(driver.isClosed)
        }
        let stubborn = ScriptedDriver()
        stubborn.settle = { VideoFormat(PixelFormat("H264"), width: $0.width, height: $0.height) }
        #expect(reason(stubborn) == "/dev/video9 insists on H264 when asked for YUYV")
        let huge = ScriptedDriver()
        huge.current = VideoFormat(.yuyv, width: 4_000_000_000, height: 4_000_000_000)
        #expect(reason(huge) == "/dev/video9 claims pictures of 65536×65536")
        let films = (0..<2).map { _ in ScriptedDriver() }
        for film in films { film.offered = [OfferedFormat(PixelFormat("H264")), OfferedFormat(PixelFormat("Z16 "))] }
        #expect(reason(films[0]) == "/dev/video9 offers only H264, Z16, which nobody here can read")
        #expect(
            reason(films[1], DeviceWish(format: PixelFormat("H264")))
                == "/dev/video9 gives H264, which nobody here can read"
        )
        let odd = ScriptedDriver()
        odd.settle = { VideoFormat($0.pixelFormat, width: $0.width, height: $0.height, stride: 1 << 30) }
        #expect(reason(odd) == "/dev/video9 claims rows of 1073741824 bytes")
        let empty = ScriptedDriver()
        empty.offered = []
        #expect(reason(empty) == "/dev/video9 offers no pixel format")
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
        driver.contents = [Array(0..<20)]
        let reader = try open(driver)
        var frame = Frame()
        #expect(try reader.next(into: &frame) == .frame)
        #expect(frame.format == .raw(Self.yuyv(stride: 10)))
        // The last row needs no padding.
        #expect(frame.bytes == Array(0..<18))
    }

    @Test func jpegIsTrimmedOfPaddingAndRefusedWhenCutShort() throws {
        let picture = Pictures.tiny(1)
        // The first picture is not trusted.
        let driver = ScriptedDriver([
            .ready([buffer(3, 0, bytes: 100)]), .ready([buffer(0, 1, bytes: 100)]), .ready([buffer(1, 2, bytes: 20)]),
        ])
        driver.offered = [OfferedFormat(.motionJPEG)]
        driver.contents = [picture + [UInt8](repeating: 0, count: 100)]
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

    @Test func planesThatLieApartAreCopiedBehindOneAnother() throws {
        let driver = ScriptedDriver([.ready([buffer(0, 0, bytes: 11)]), .ready([buffer(1, 1, bytes: 11)])])
        driver.flags = 0x0400_1000
        driver.offered = [OfferedFormat(.yu12Planes)]
        driver.settle = { format in
            VideoFormat(
                format.pixelFormat,
                width: 3,
                height: 3,
                planes: [.init(stride: 4), .init(stride: 5), .init(stride: 2)]
            )
        }
        driver.contents = [Array(0..<12), Array(20..<30), Array(40..<44)]
        let reader = try open(driver)
        var frame = Frame()
        #expect(try reader.next(into: &frame) == .frame)
        // Three rows of Y, two of U and V each, the last ones without padding.
        #expect(frame.bytes == Array(0..<11) + Array(20..<27) + Array(40..<44))
        let planes: [Frame.RawFormat.Plane] = [
            .init(offset: 0, stride: 4), .init(offset: 11, stride: 5), .init(offset: 18, stride: 2),
        ]
        #expect(frame.format == .raw(Frame.RawFormat(arrangement: .yu12, planes: planes)))
        driver.contents[1] = Array(20..<26)
        #expect(try reader.next(into: &frame) == .stopped)
        #expect(log.counters.corrupt == 1)
    }

    @Test func planesInOneBufferFollowFromTheFirst() throws {
        let nv12 = try RawGeometry(VideoFormat(.nv12, width: 5, height: 3, stride: 8), .nv12, path: "x")
        #expect(nv12.format.planes == [.init(offset: 0, stride: 8), .init(offset: 24, stride: 8)])
        #expect(nv12.byteCounts == [24 + 8 + 6])
        let yu12 = try RawGeometry(VideoFormat(.yu12, width: 5, height: 3, stride: 8), .yu12, path: "x")
        #expect(
            yu12.format.planes == [
                .init(offset: 0, stride: 8), .init(offset: 24, stride: 4), .init(offset: 32, stride: 4),
            ]
        )
        #expect(yu12.byteCounts == [32 + 4 + 3])
        // A driver that leaves the stride out.
        let rgb = try RawGeometry(VideoFormat(.rgb24, width: 5, height: 3), .rgb24, path: "x")
        #expect(rgb.format.planes == [.init(offset: 0, stride: 15)])
        #expect(rgb.byteCounts == [45])
    }

    @Test func whatNobodyHereReadsIsConverted() throws {
        let driver = ScriptedDriver([.ready([buffer(0, 0)]), .ready([buffer(1, 1)])])
        driver.offered = [OfferedFormat(PixelFormat("BA81"))]
        let reader = try open(driver)
        #expect(driver.conversion?.pixelFormat == PixelFormat("BA81"))
        var frame = Frame()
        #expect(try reader.next(into: &frame) == .frame)
        #expect(frame.bytes == Array(100..<124))
        let rgb = Frame.RawFormat(arrangement: .rgb24, planes: [.init(offset: 0, stride: 12)], isFullRange: true)
        #expect(frame.format == .raw(rgb))
        driver.converted = nil
        #expect(try reader.next(into: &frame) == .stopped)
        #expect(log.counters.corrupt == 1)
        // Y, U and V stay what they are.
        let chroma = ScriptedDriver([.ready([buffer(0, 0)])])
        chroma.offered = [OfferedFormat(PixelFormat("YVYU"))]
        chroma.converted = Array(0..<12)
        #expect(try open(chroma).next(into: &frame) == .frame)
        let planes: [Frame.RawFormat.Plane] = [
            .init(offset: 0, stride: 4), .init(offset: 8, stride: 2), .init(offset: 10, stride: 2),
        ]
        #expect(frame.format == .raw(Frame.RawFormat(arrangement: .yu12, planes: planes)))
    }

    @Test func aFormatThatIsWrittenOutIsTaken() {
        let driver = ScriptedDriver([.stop])
        #expect(reason(driver, DeviceWish(format: .motionJPEG)) == nil)
        #expect(driver.current.pixelFormat == .motionJPEG)
        #expect(
            reason(ScriptedDriver(), DeviceWish(format: .nv12)) == "/dev/video9 does not offer NV12, only YUYV, MJPG"
        )
    }

    @Test func theLowestRateThatIsEnoughIsAskedFor() throws {
        let driver = ScriptedDriver()
        driver.offered = [OfferedFormat(.yuyv, sizes: .discrete([.init(4, 2, .discrete([60, 30, 15, 5]))]))]
        _ = try open(driver, DeviceWish(rate: 10))
        #expect(driver.askedRate == 15)
        let silent = ScriptedDriver()
        _ = try open(silent, DeviceWish(rate: 10))
        #expect(silent.askedRate == 10)
        let free = ScriptedDriver()
        _ = try open(free)
        #expect(free.askedRate == nil)
    }

    @Test func aFormatThatTheDriverTakesBackIsNotTaken() throws {
        let driver = ScriptedDriver()
        driver.attempt = { $0.pixelFormat == .yuyv ? VideoFormat(.motionJPEG, width: 4, height: 2) : $0 }
        _ = try open(driver)
        #expect(driver.current.pixelFormat == .motionJPEG)
    }
}

@Suite struct DeviceWishTests {
    private func offer(_ format: PixelFormat, _ sizes: (Int, Int, Double)...) -> OfferedFormat {
        OfferedFormat(format, sizes: .discrete(sizes.map { .init($0.0, $0.1, .discrete([$0.2])) }))
    }

    private func best(
        _ offered: [OfferedFormat],
        _ width: Int,
        _ height: Int,
        rate: Double? = nil,
        isOnUSB: Bool = true
    ) -> PixelFormat? {
        DeviceWish(rate: rate).ranked(offered, width: width, height: height, isOnUSB: isOnUSB).first
    }

    @Test func rawIsPreferredWhereTheBusAllows() {
        let both = [OfferedFormat(PixelFormat("BA81")), OfferedFormat(.yuyv), OfferedFormat(.motionJPEG)]
        #expect(best(both, 640, 480, rate: 30) == .yuyv)
        #expect(best(both, 1280, 720, rate: 5) == .yuyv)
        #expect(best(both, 1280, 720, rate: 15) == .motionJPEG)
        #expect(best(both, 1280, 720) == .motionJPEG)
        #expect(best(both, 1280, 720, rate: 15, isOnUSB: false) == .yuyv)
        #expect(best([OfferedFormat(.yuyv)], 1280, 720, rate: 30) == .yuyv)
        #expect(best([OfferedFormat(.jpeg)], 64, 48, rate: 1) == .jpeg)
        #expect(best([OfferedFormat(PixelFormat("BA81"))], 64, 48, rate: 1) == nil)
    }

    @Test func theSizeComesFirstThenTheRateThenTheCost() {
        let camera = [
            offer(.grey, (1280, 720, 60)), offer(.yuyv, (640, 480, 30), (1280, 720, 10)), offer(.nv12, (640, 480, 30)),
            offer(.motionJPEG, (640, 480, 30), (1280, 720, 30), (1920, 1080, 30)),
        ]
        #expect(best(camera, 1920, 1080, isOnUSB: false) == .motionJPEG)
        #expect(best(camera, 1280, 720, rate: 10, isOnUSB: false) == .yuyv)
        #expect(best(camera, 1280, 720, rate: 30, isOnUSB: false) == .motionJPEG)
        #expect(best(camera, 640, 480, rate: 30, isOnUSB: false) == .nv12)
        // Without colours it is the last that is taken.
        #expect(best([offer(.grey, (640, 480, 30))], 640, 480) == .grey)
        #expect(best([OfferedFormat(.grey), OfferedFormat(.rgb24)], 640, 480, isOnUSB: false) == .rgb24)
    }

    @Test func formatsHaveTheirNames() {
        #expect(PixelFormat.yuyv.code == 0x5659_5559)
        #expect("\(PixelFormat.motionJPEG)" == "MJPG")
        #expect(PixelFormat(name: "Y16")?.description == "Y16")
        #expect(PixelFormat(name: "Y16") == PixelFormat("Y16 "))
        #expect(PixelFormat(name: "") == nil)
        #expect(PixelFormat(name: "ABCDE") == nil)
        #expect(PixelFormat(name: "é") == nil)
    }
}
