import Imaging
import TestSupport
import Testing

/// Crops from components, held to the exact way: conversion of the whole frame, then the published preprocessing.
@Suite struct PreprocessorComponentsTests {
    @Test(arguments: RawLayout.Format.allCases, ["coffee.png", "rocket.jpg"])
    func isAsGoodAsTheExactWay(_ format: RawLayout.Format, name: String) throws {
        let picture = try PictureFile.read(path: Fixture("published/\(name)").location)
        let frame = RawFrame(picture, format)
        for (side, view) in [(256, View.full), (224, .center), (48, .full)] {
            let (crops, expected) = try bothWays(frame, side: side, view)
            try #require(crops.count == expected.count)
            for (crop, expected) in zip(crops, expected) {
                let difference = Difference(crop, expected)
                // Pixels outside of RGB are clamped before or after means were taken: few, and far apart then.
                #expect(difference.mean < 0.25 && difference.largest <= 24, "\(difference)")
            }
        }
    }

    /// Without U and V nothing is clamped, and rounding once or three times makes one level.
    @Test(
        arguments: [RawLayout.Format.grey, .rgb24, .bgr24],
        [(300, 200), (99, 301), (40, 31), (64, 64), (3, 2), (1, 1)]
    )
    func isTheExactWayButForRounding(_ format: RawLayout.Format, size: (width: Int, height: Int)) throws {
        let frame = RawFrame.noise(format, width: size.width, height: size.height, range: .full)
        for view in View.allCases {
            let (crops, expected) = try bothWays(frame, side: 64, view)
            try #require(crops.count == expected.count)
            for (crop, expected) in zip(crops, expected) { #expect(Difference(crop, expected).largest <= 1) }
        }
    }

    /// U and V are where the exact way sees them: in noise a shift by half a pixel would show.
    @Test(
        arguments: [RawLayout.Format.yuyv, .uyvy, .nv12, .yu12],
        [(300, 200), (98, 301), (40, 31), (62, 63), (2, 3)]
    )
    func colorsLieWhereTheyDid(_ format: RawLayout.Format, size: (width: Int, height: Int)) throws {
        var frame = RawFrame.noise(format, width: size.width, height: size.height, range: .full)
        // Little colour, so that no pixel has to be clamped.
        for y in 0..<size.height {
            for x in 0..<size.width {
                for component in 0..<3 {
                    guard let index = frame.index(component, x, y) else { continue }
                    frame.bytes[index] = 104 + frame.bytes[index] % 48
                }
            }
        }
        for view in View.allCases {
            let (crops, expected) = try bothWays(frame, side: 64, view)
            try #require(crops.count == expected.count)
            for (crop, expected) in zip(crops, expected) {
                let difference = Difference(crop, expected)
                #expect(difference.largest <= 3 && difference.mean < 0.6, "\(difference)")
            }
        }
    }

    @Test(arguments: [8, 63, 64, 224])
    func plainColoursStayAsTheyAre(side: Int) throws {
        for value: UInt8 in [0, 1, 127, 254, 255] {
            for (width, height) in [(640, 480), (100, 230), (7, 7)] where min(width, height) <= side * 29 {
                let bytes = [UInt8](repeating: value, count: width * height * 3)
                let layout = RawLayout(format: .rgb24, width: width, height: height, stride: width * 3, range: .full)
                var crops: [[UInt8]] = []
                try Preprocessor(side: side).crops(of: bytes, layout: layout, view: .full, into: &crops)
                #expect(crops.allSatisfy { $0.allSatisfy { $0 == value } })
            }
        }
    }

    @Test func framesThatShrinkVeryMuchGoTheExactWay() throws {
        let frame = RawFrame.noise(.nv12, width: 500, height: 400)
        let (crops, expected) = try bothWays(frame, side: 8, .full)
        #expect(crops == expected)
        let picture = try Picture(width: 300, height: 300, pixels: [UInt8](repeating: 9, count: 270_000))
        let preprocessor = Preprocessor(side: 8)
        var small: [[UInt8]] = []
        try preprocessor.crops(of: picture, frameWidth: 300, frameHeight: 300, view: .full, into: &small)
        #expect(small == [[UInt8](repeating: 9, count: 192)])
        #expect(
            refusal {
                try preprocessor.crops(of: picture, frameWidth: 600, frameHeight: 600, view: .full, into: &small)
            }
                == "the picture is 300×300, too large for crops of 8×8"
        )
    }

    @Test func takesNoMemoryOnceShapesAreStable() throws {
        let frame = RawFrame.noise(.nv12, width: 320, height: 180)
        let preprocessor = Preprocessor(side: 64)
        var crops: [[UInt8]] = []
        try preprocessor.crops(of: frame.bytes, layout: frame.layout, view: .full, into: &crops)
        let first = crops.map { crop in crop.withUnsafeBufferPointer { $0.baseAddress } }
        let expected = crops.map { Array($0.reversed()) }
        try preprocessor.crops(of: frame.bytes, layout: frame.layout, view: .full, into: &crops)
        #expect(crops.map { crop in crop.withUnsafeBufferPointer { $0.baseAddress } } == first)
        #expect(crops.map { Array($0.reversed()) } == expected)
    }

    @Test func changesOfFormatAndSizeLeaveNothingBehind() throws {
        let preprocessor = Preprocessor(side: 64)
        var random = SplitMix(state: 3)
        var crops: [[UInt8]] = []
        let frames = RawLayout.Format.allCases.flatMap { format in
            [(320, 180), (90, 122), (64, 64)].map { RawFrame.noise(format, width: $0.0, height: $0.1) }
        }
        for _ in 0..<60 {
            let frame = try #require(frames.randomElement(using: &random))
            let view: View = Bool.random(using: &random) ? .full : .center
            var fresh: [[UInt8]] = []
            if Bool.random(using: &random) {
                try preprocessor.crops(of: frame.bytes, layout: frame.layout, view: view, into: &crops)
                try Preprocessor(side: 64).crops(of: frame.bytes, layout: frame.layout, view: view, into: &fresh)
            } else {
                var picture = Picture()
                try RawPicture.decode(frame.bytes, frame.layout, into: &picture)
                try preprocessor.crops(of: picture, view: view, into: &crops)
                try Preprocessor(side: 64).crops(of: picture, view: view, into: &fresh)
            }
            #expect(crops == fresh)
            let squares = preprocessor.squares(of: view, width: frame.layout.width, height: frame.layout.height)
            #expect(crops.count == squares.count)
        }
    }

    @Test func refusesFramesThatAreNone() {
        let preprocessor = Preprocessor(side: 64)
        var crops: [[UInt8]] = []
        let short = RawLayout(format: .yuyv, width: 4, height: 2, stride: 8)
        #expect(
            refusal { try preprocessor.crops(of: [0, 0], layout: short, view: .full, into: &crops) }
                == "the YUYV frame has 2 bytes, but 4×2 with 8 bytes a row needs 16"
        )
        let strip = RawLayout(format: .grey, width: 5000, height: 1, stride: 5000)
        let bytes = [UInt8](repeating: 0, count: 5000)
        #expect(
            refusal { try preprocessor.crops(of: bytes, layout: strip, view: .full, into: &crops) }
                == "the picture is 5000×1: it is too long and thin for view full; use center"
        )
    }

    private func bothWays(_ frame: RawFrame, side: Int, _ view: View) throws -> ([[UInt8]], [[UInt8]]) {
        var (crops, expected): ([[UInt8]], [[UInt8]]) = ([], [])
        var picture = Picture()
        try Preprocessor(side: side).crops(of: frame.bytes, layout: frame.layout, view: view, into: &crops)
        try RawPicture.decode(frame.bytes, frame.layout, into: &picture)
        try Preprocessor(side: side).crops(of: picture, view: view, into: &expected)
        return (crops, expected)
    }
}
