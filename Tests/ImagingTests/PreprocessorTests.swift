import Imaging
import TestSupport
import Testing

@Suite struct PreprocessorTests {
    /// The published preprocessing of four photographs, as the original code did it.
    @Test(arguments: ["astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg"], [224, 256])
    func equalsThePublishedPreprocessing(name: String, side: Int) throws {
        let picture = try PictureFile.read(path: Fixture("published/\(name)").location)
        let stem = name.prefix { $0 != "." }
        let expected = try PictureFile.read(path: Fixture("published/\(stem)_\(side).png").location)
        var crops: [[UInt8]] = []
        try Preprocessor(side: side).crops(of: picture, view: .center, into: &crops)
        try #require(crops.count == 1)
        let difference = Difference(crops[0], expected.pixels)
        #expect(difference.largest <= 1, "\(difference)")
        #expect(difference.equalShare > 0.9999, "\(difference)")
    }

    @Test(arguments: Fixture.all(in: "resized", ending: ".png").filter { !["wide", "tall"].contains($0.stem) })
    func equalsPillowAtTheExtremes(_ fixture: Fixture) throws {
        let picture = try PictureFile.read(path: fixture.location)
        let side = fixture.stem.hasPrefix("strip") || picture.width < 3 ? 32 : 64
        let expected = try fixture.expected(".\(side)")
        var crops: [[UInt8]] = []
        try Preprocessor(side: side).crops(of: picture, view: .center, into: &crops)
        #expect(crops == [expected.pixels])
    }

    @Test(arguments: ["wide", "tall"])
    func fullIsCutOutOfOneResizedPicture(name: String) throws {
        let fixture = Fixture("resized/\(name).png")
        let resized = try fixture.expected(".resized")
        let picture = try PictureFile.read(path: fixture.location)
        var crops: [[UInt8]] = []
        try Preprocessor(side: 64).crops(of: picture, view: .full, into: &crops)
        try #require(crops.count == 2 && max(resized.width, resized.height) == 113)
        for (crop, begin) in zip(crops, [0, 49]) {
            let (x, y) = name == "wide" ? (begin, 0) : (0, begin)
            var rows: [UInt8] = []
            for row in y..<y + 64 {
                rows += resized.pixels[((row * resized.width + x) * 3)...].prefix(64 * 3)
            }
            #expect(crop == rows)
        }
    }

    @Test func takesNoMemoryOnceShapesAreStable() throws {
        let picture = try PictureFile.read(path: Fixture("resized/wide.png").location)
        let preprocessor = Preprocessor(side: 64)
        var crops: [[UInt8]] = []
        try preprocessor.crops(of: picture, view: .full, into: &crops)
        let first = crops.map { crop in crop.withUnsafeBufferPointer { $0.baseAddress } }
        let expected = crops.map { Array($0.reversed()) }
        try preprocessor.crops(of: picture, view: .full, into: &crops)
        #expect(crops.map { crop in crop.withUnsafeBufferPointer { $0.baseAddress } } == first)
        #expect(crops.map { Array($0.reversed()) } == expected)
    }

    @Test func changesOfSizeAndViewLeaveNothingBehind() throws {
        let pictures = try ["wide", "tall", "same-side", "noise-smaller", "white"].map {
            try PictureFile.read(path: Fixture("resized/\($0).png").location)
        }
        let preprocessor = Preprocessor(side: 64)
        var random = SplitMix(state: 3)
        var crops: [[UInt8]] = []
        for _ in 0..<60 {
            let picture = pictures[Int.random(in: 0..<pictures.count, using: &random)]
            let view: View = Bool.random(using: &random) ? .full : .center
            try preprocessor.crops(of: picture, view: view, into: &crops)
            var fresh: [[UInt8]] = []
            try Preprocessor(side: 64).crops(of: picture, view: view, into: &fresh)
            #expect(crops == fresh)
            #expect(crops.count == preprocessor.squares(of: view, width: picture.width, height: picture.height).count)
        }
    }

    @Test func refusesPicturesThatAreNone() throws {
        let preprocessor = Preprocessor(side: 64)
        var crops: [[UInt8]] = []
        #expect(throws: ImagingError.self) { try preprocessor.crops(of: Picture(), view: .full, into: &crops) }
        var torn = try PictureFile.read(path: Fixture("resized/wide.png").location)
        torn.pixels.removeLast()
        #expect(
            refusal { try preprocessor.crops(of: torn, view: .full, into: &crops) }
                == "172799 bytes cannot be a 320×180 picture in RGB"
        )
        #expect(throws: ImagingError.self) { try Picture(width: 2, height: 2, pixels: [0]) }
    }
}

extension Fixture {
    /// The file's name without its ending.
    var stem: String {
        String(path.split(separator: "/").last?.prefix { $0 != "." } ?? "")
    }
}
