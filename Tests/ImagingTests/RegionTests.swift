import Imaging
import TestSupport
import Testing

@Suite("Regions") struct RegionTests {
    private static let left = Region(name: "left", left: 0, top: 0, width: 3700, height: 10_000)
    private static let door = Region(name: "door", left: 3700, top: 1250, width: 4000, height: 6300)
    private static let corner = Region(name: "corner", left: 6660, top: 5000, width: 3340, height: 5000)
    private static let all = [left, door, corner]

    @Test("edges lie on the grid or on the picture's edge, near to what was asked for, and regions that meet, meet")
    func edges() throws {
        for length in 400...1930 {
            var end = 0
            for share in stride(from: 0, to: Region.whole, by: 1250) {
                let region = Region(name: "a", left: share, top: 0, width: 1250, height: 10_000)
                let rectangle = try region.rectangle(inWidth: length, height: 333)
                #expect(rectangle.x == end && rectangle.y == 0 && rectangle.height == 333)
                end = rectangle.x + rectangle.width
                #expect(rectangle.x.isMultiple(of: Region.grid))
                #expect(end == length || end.isMultiple(of: Region.grid))
                // Half of the grid, or where a last part is shorter than half a step, what is left of it.
                #expect(abs(Double(end) - Double(length) * Double(share + 1250) / 10_000) <= 4)
                // Across and down are the same.
                let turned = Region(name: "a", left: 0, top: share, width: 10_000, height: 1250)
                let other = try turned.rectangle(inWidth: 333, height: length)
                #expect(other.y == rectangle.x && other.height == rectangle.width && other.x == 0)
            }
            #expect(end == length)
        }
    }

    @Test("one pixel more or less moves no edge by more than a step of the grid", arguments: all)
    func stability(_ region: Region) throws {
        var former: Rectangle?
        for width in 300...1300 {
            let rectangle = try region.rectangle(inWidth: width, height: 480)
            if let former {
                #expect(abs(former.x - rectangle.x) <= Region.grid)
                #expect(abs(former.x + former.width - rectangle.x - rectangle.width) <= Region.grid)
            }
            former = rectangle
        }
    }

    @Test("squares lie in their regions, in their order, and together show all of them")
    func squares() throws {
        for (width, height) in [(640, 480), (1280, 720), (1919, 1081), (333, 500)] {
            let layout = RawLayout(format: .grey, width: width, height: height, stride: width)
            let regions = RegionPreprocessor(side: 64, regions: Self.all)
            var crops: [[UInt8]] = []
            try regions.crops(of: [UInt8](repeating: 9, count: width * height), layout: layout, into: &crops)
            #expect(crops.count == regions.names.count && crops.count == regions.squares.count)
            for region in Self.all {
                let rectangle = try region.rectangle(inWidth: width, height: height)
                let own = zip(regions.names, regions.squares).filter { $0.0 == region.name }.map(\.1)
                let first = try #require(own.first)
                let last = try #require(own.last)
                #expect(first.x == rectangle.x && first.y == rectangle.y)
                #expect(last.x + last.side == rectangle.x + rectangle.width)
                #expect(last.y + last.side == rectangle.y + rectangle.height)
                for (one, next) in zip(own, own.dropFirst()) {
                    #expect(one.x + one.side > next.x && one.y + one.side > next.y, "they overlap")
                }
            }
            #expect(regions.names == Self.all.flatMap { region in regions.names.filter { $0 == region.name } })
        }
    }

    /// The part of a picture, by itself.
    private func part(_ rectangle: Rectangle, of picture: Picture) throws -> Picture {
        var pixels: [UInt8] = []
        for row in rectangle.y..<rectangle.y + rectangle.height {
            let begin = (row * picture.width + rectangle.x) * 3
            pixels += picture.pixels[begin..<begin + rectangle.width * 3]
        }
        return try Picture(width: rectangle.width, height: rectangle.height, pixels: pixels)
    }

    /// The crops by the published preprocessing of each region as a picture by itself.
    private func expected(_ picture: Picture, side: Int) throws -> [[UInt8]] {
        try Self.all.flatMap { region in
            let rectangle = try region.rectangle(inWidth: picture.width, height: picture.height)
            var crops: [[UInt8]] = []
            try Preprocessor(side: side).crops(of: part(rectangle, of: picture), view: .full, into: &crops)
            return crops
        }
    }

    @Test(
        "from raw samples of every format they are the exact ones but for rounding",
        arguments: RawLayout.Format.allCases
    )
    func raw(_ format: RawLayout.Format) throws {
        let picture = try PictureFile.read(path: Fixture("published/coffee.png").location)
        let frame = RawFrame(picture, format)
        var (whole, crops): (Picture, [[UInt8]]) = (Picture(), [])
        try RawPicture.decode(frame.bytes, frame.layout, into: &whole)
        for side in [64, 224] {
            let regions = RegionPreprocessor(side: side, regions: Self.all)
            try regions.crops(of: frame.bytes, layout: frame.layout, into: &crops)
            // Once more with the arrays of before.
            try regions.crops(of: frame.bytes, layout: frame.layout, into: &crops)
            let expected = try expected(whole, side: side)
            try #require(crops.count == expected.count)
            for (crop, expected) in zip(crops, expected) {
                let difference = Difference(crop, expected)
                #expect(difference.mean < 0.5 && difference.largest <= 32, "\(difference)")
            }
        }
    }

    @Test("from a JPEG that is decoded no larger than they need it, too", arguments: [24, 48, 96, 256])
    func scaled(side: Int) throws {
        let bytes = try Fixture("published/rocket.jpg").bytes
        let decoder = try JPEGDecoder()
        let regions = RegionPreprocessor(side: side, regions: Self.all)
        var (whole, scaled, crops): (Picture, Picture, [[UInt8]]) = (Picture(), Picture(), [])
        try decoder.decode(bytes, into: &whole)
        let size = try decoder.decode(bytes, into: &scaled) { regions.leastShorterSide(ofWidth: $0, height: $1) }
        #expect((scaled.width < size.width) == (side < 96), "\(scaled.width) of \(size.width)")
        try regions.crops(of: scaled, frameWidth: size.width, frameHeight: size.height, into: &crops)
        let expected = try expected(whole, side: side)
        try #require(crops.count == expected.count)
        for (crop, expected) in zip(crops, expected) {
            let difference = Difference(crop, expected)
            #expect(difference.mean < 1.2, "\(difference)")
        }
    }

    @Test("what lies beside a region is not seen in it")
    func nothingBeside() throws {
        let frame = RawFrame.noise(.nv12, width: 640, height: 480)
        var other = RawFrame.noise(.nv12, width: 640, height: 480, seed: 2)
        let half = Region(name: "half", left: 0, top: 0, width: 5000, height: 10_000)
        for y in 0..<480 {
            for x in 0..<320 {
                for component in 0..<3 {
                    guard let index = frame.index(component, x, y) else { continue }
                    other.bytes[index] = frame.bytes[index]
                }
            }
        }
        #expect(other.bytes != frame.bytes)
        var (crops, same): ([[UInt8]], [[UInt8]]) = ([], [])
        try RegionPreprocessor(side: 64, regions: [half]).crops(of: frame.bytes, layout: frame.layout, into: &crops)
        try RegionPreprocessor(side: 64, regions: [half]).crops(of: other.bytes, layout: other.layout, into: &same)
        #expect(crops == same)
    }

    @Test("what cannot be looked at is refused, with its size")
    func refusals() throws {
        func refusalOf(_ left: Int, _ width: Int, _ height: Int, _ pictureWidth: Int, _ pictureHeight: Int) -> String? {
            let region = Region(name: "gate", left: left, top: 0, width: width, height: height)
            return refusal { _ = try region.rectangle(inWidth: pictureWidth, height: pictureHeight) }
        }
        #expect(refusalOf(1, 10_000, 10_000, 640, 480) == "the region gate reaches out of the picture")
        #expect(
            refusalOf(0, 187, 10_000, 640, 480)
                == "the region gate is 8×480 of 640×480 pixels: it must be 16×16 at least"
        )
        #expect(refusalOf(0, 188, 4000, 640, 480) == nil)
        #expect(
            refusalOf(0, 10_000, 500, 640, 480)
                == "the region gate is 640×24 of 640×480 pixels: too long and thin to be looked at; divide it"
        )
        var crops: [[UInt8]] = []
        let regions = RegionPreprocessor(side: 64, regions: Self.all)
        let layout = RawLayout(format: .grey, width: 640, height: 480, stride: 640)
        #expect(throws: ImagingError.self) { try regions.crops(of: [1, 2], layout: layout, into: &crops) }
        let picture = try Picture(width: 8, height: 8, pixels: [UInt8](repeating: 0, count: 192))
        #expect(
            refusal { try regions.crops(of: picture, frameWidth: 640, frameHeight: 480, into: &crops) }
                == "a picture of 8×8 does not show a frame of 640×480"
        )
    }
}
