import Capture
import Testing

@Suite struct OfferedFormatCatalogTests {
    private let camera = OfferedFormat(
        .motionJPEG,
        description: "Motion-JPEG",
        sizes: .discrete([
            .init(640, 480, .discrete([30, 15])), .init(1920, 1080, .discrete([30, 15])),
            .init(1280, 720, .discrete([60, 30000.0 / 1001, 15, 7.5])), .init(320, 240, .discrete([30, 15])),
        ])
    )

    private func stepwise(_ step: Int = 8, rates: OfferedFormat.Rates = .range(1...60)) throws -> OfferedFormat {
        let widths = try #require(OfferedFormat.Steps(least: 32, most: 1000, step: step))
        let heights = try #require(OfferedFormat.Steps(least: 32, most: 600, step: step))
        return OfferedFormat(.yuyv, sizes: .stepwise(width: widths, height: heights, rates: rates))
    }

    @Test(arguments: [
        (640, 480, 640, 480), (641, 480, 1280, 720), (1, 1, 320, 240), (1280, 800, 1920, 1080),
        (4000, 3000, 1920, 1080), (200, 2000, 640, 480), (.max, .max, 1920, 1080), (-1, 0, 320, 240),
    ])
    func theNearestSizeIsAtLeastAsLargeWhereThereIsOne(width: Int, height: Int, settled: Int, settledHeight: Int) {
        let size = camera.nearestSize(to: width, height)
        #expect(size?.width == settled)
        #expect(size?.height == settledHeight)
    }

    @Test(arguments: [
        (8, 640, 480, 640, 480), (8, 641, 479, 648, 480), (8, 1, 1, 32, 32), (8, 2000, 2000, 1000, 600),
        (16, 999, 600, 992, 592), (0, 333, 77, 333, 77), (5000, 500, 500, 32, 32), (8, .max, .min, 1000, 32),
    ])
    func sizesInStepsAreRoundedUpToOne(step: Int, width: Int, height: Int, settled: Int, settledHeight: Int) throws {
        let size = try stepwise(step).nearestSize(to: width, height)
        #expect(size?.width == settled)
        #expect(size?.height == settledHeight)
    }

    @Test func stepsOutOfReasonAreNone() {
        #expect(OfferedFormat.Steps(least: 0, most: 10, step: 1) == nil)
        #expect(OfferedFormat.Steps(least: 10, most: 9, step: 1) == nil)
        #expect(OfferedFormat.Steps(least: 1, most: 1 << 20, step: 1) == nil)
        #expect(OfferedFormat.Steps(least: 1, most: 10, step: -1) == nil)
        #expect(OfferedFormat.Steps(least: 1, most: 10, step: 0)?.step == 1)
    }

    @Test func aDriverThatSaysNothingLeavesItOpen() {
        let silent = OfferedFormat(.yuyv)
        #expect(silent.nearestSize(to: 1, 1) == nil)
        #expect(silent.rates(at: 1, 1) == .unknown)
        #expect(silent.highestRate(at: 1, 1) == nil)
        #expect(silent.lowestRate(notBelow: 1, at: 1, 1) == nil)
        #expect(OfferedFormat(.yuyv, sizes: .discrete([])).nearestSize(to: 1, 1) == nil)
    }

    @Test func theLowestRateThatIsEnoughIsTaken() {
        #expect(camera.highestRate(at: 1280, 720) == 60)
        #expect(camera.lowestRate(notBelow: 10, at: 1280, 720) == 15)
        #expect(camera.lowestRate(notBelow: 15, at: 1280, 720) == 15)
        #expect(camera.lowestRate(notBelow: 30, at: 1280, 720) == 30000.0 / 1001)
        #expect(camera.lowestRate(notBelow: 31, at: 1280, 720) == 60)
        #expect(camera.lowestRate(notBelow: 90, at: 1280, 720) == nil)
        #expect(camera.highestRate(at: 1281, 720) == nil)
    }

    @Test func aRangeGivesTheRateItself() throws {
        let format = try stepwise()
        #expect(format.lowestRate(notBelow: 12.5, at: 640, 480) == 12.5)
        #expect(format.lowestRate(notBelow: 0.1, at: 640, 480) == 1)
        #expect(format.lowestRate(notBelow: 60.5, at: 640, 480) == 60)
        #expect(format.lowestRate(notBelow: 70, at: 640, 480) == nil)
        #expect(format.highestRate(at: 640, 480) == 60)
        #expect(format.rates(at: 641, 480) == .unknown)
    }

    @Test func formatsThatAreAlikeAreToldTogether() throws {
        var planar = camera
        planar.pixelFormat = PixelFormat("NV12")
        let h264 = OfferedFormat(PixelFormat("H264"), sizes: camera.sizes)
        let many = OfferedFormat(
            .yuyv,
            sizes: .discrete([.init(640, 360, .discrete([60, 50, 30, 25, 15, 10, 1])), .init(640, 480)])
        )
        let raw = OfferedFormat(PixelFormat("RGGB"))
        let bigEndian = OfferedFormat(PixelFormat(code: PixelFormat("Y16 ").code | 1 << 31))
        let hostile = OfferedFormat(PixelFormat("\u{1B}[2J"), sizes: try stepwise(1, rates: .discrete([25])).sizes)
        let sizes = "1920x1080 at 30 15/s, 1280x720 at 60 29.97 15 7.5/s, 640x480 320x240 at 30 15/s"
        #expect(
            OfferedFormat.lines([camera, h264, many, planar, raw, bigEndian, hostile, try stepwise()]) == [
                "MJPG NV12: \(sizes)",
                "H264: \(sizes) (not readable)",
                "YUYV: 640x480, 640x360 at 60…1/s",
                "RGGB Y16-BE: the driver names no sizes (through libv4l)",
                "\u{FFFD}[2J: 32x32…1000x600 at 25/s (through libv4l)",
                "YUYV: 32x32…1000x600 by 8x8 at 60…1/s",
            ]
        )
    }

    @Test func aNodeThatIsNoneHasNoFormats() {
        #expect(OfferedFormat.all(descriptor: -1, isMultiPlanar: false) == [])
        #expect(throws: VideoFault("open", 2)) { try OfferedFormat.all(node: "/nonexistent", isMultiPlanar: false) }
        #expect((try? OfferedFormat.all(node: "/dev/null", isMultiPlanar: true)) == [])
    }
}
