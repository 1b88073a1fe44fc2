import Imaging
import TestSupport
import Testing

/// JPEGs decoded at a part of their size, and the crops that are made of them.
@Suite struct ScaledJPEGTests {
    @Test(arguments: [
        (nil, 640, 427), (428, 640, 427), (427, 640, 427), (215, 640, 427), (214, 320, 214), (108, 320, 214),
        (107, 160, 107), (55, 160, 107), (54, 80, 54), (1, 80, 54), (0, 80, 54), (-1, 80, 54), (Int.max, 640, 427),
    ])
    func decodesTheLeastSizeThatIsEnough(side: Int?, width: Int, height: Int) throws {
        let bytes = try Fixture("published/rocket.jpg").bytes
        var picture = Picture()
        let size = try JPEGDecoder().decode(bytes, into: &picture, shorterSideAtLeast: side)
        #expect(size == (640, 427))
        #expect(picture.width == width && picture.height == height)
        #expect(picture.pixels.count == width * height * 3)
    }

    @Test(arguments: Fixture.all(in: "jpeg", ending: ".jpg"), [40, 20, 10, 2])
    func showsTheSamePicture(_ fixture: Fixture, side: Int) throws {
        let decoder = try JPEGDecoder()
        var (whole, scaled) = (Picture(), Picture())
        let size = try decoder.decode(fixture.bytes, into: &scaled, shorterSideAtLeast: side)
        try decoder.decode(fixture.bytes, into: &whole)
        #expect(size == (whole.width, whole.height))
        #expect(min(scaled.width, scaled.height) >= min(side, whole.width, whole.height))
        let smaller = try whole.resized(width: scaled.width, height: scaled.height)
        let difference = Difference(scaled.pixels, smaller.pixels)
        // The ways of leaving out differ, and these pictures have much to leave out; others are 60 apart and more.
        #expect(difference.mean < 13, "\(difference)")
    }

    @Test(arguments: [64, 96, 160])
    func cropsAreThoseOfTheFrame(side: Int) throws {
        let bytes = try Fixture("published/rocket.jpg").bytes
        let decoder = try JPEGDecoder()
        let preprocessor = Preprocessor(side: side)
        var (whole, scaled) = (Picture(), Picture())
        try decoder.decode(bytes, into: &whole)
        let size = try decoder.decode(bytes, into: &scaled, shorterSideAtLeast: preprocessor.leastShorterSide)
        #expect(scaled.width < size.width)
        for view in View.allCases {
            var (crops, expected): ([[UInt8]], [[UInt8]]) = ([], [])
            try preprocessor.crops(
                of: scaled,
                frameWidth: size.width,
                frameHeight: size.height,
                view: view,
                into: &crops
            )
            #expect(crops.count == preprocessor.squares(of: view, width: size.width, height: size.height).count)
            try Preprocessor(side: side).crops(of: whole, view: view, into: &expected)
            try #require(crops.count == expected.count)
            for (crop, expected) in zip(crops, expected) {
                let difference = Difference(crop, expected)
                #expect(difference.mean < 0.8, "\(difference)")
            }
        }
    }

    /// A frame of 1000 pixels at an eighth and of 1001 at an eighth are 125 and 126 wide; what lies at one place of the
    /// frame must lie at one place of the crops. A ramp shows where things lie.
    @Test func sizesThatWereRoundedMoveNothing() throws {
        let sizes = [(1000, 1000, 1), (1001, 1001, 1), (1007, 1001, 1), (1003, 999, 4), (999, 997, 2)]
        for (width, height, eighths) in sizes {
            let (scaledWidth, scaledHeight) = ((width * eighths + 7) / 8, (height * eighths + 7) / 8)
            var pixels: [UInt8] = []
            for row in 0..<scaledHeight {
                for column in 0..<scaledWidth {
                    // Where the middle of this pixel lies in the frame.
                    let (x, y) = (Double(column * 8 + 4) / Double(eighths), Double(row * 8 + 4) / Double(eighths))
                    pixels += [UInt8((x / 4).rounded()), UInt8((y / 4).rounded()), 0]
                }
            }
            let picture = try Picture(width: scaledWidth, height: scaledHeight, pixels: pixels)
            var crops: [[UInt8]] = []
            try Preprocessor(side: 64).crops(
                of: picture,
                frameWidth: width,
                frameHeight: height,
                view: .center,
                into: &crops
            )
            // Away from the edges, where means are of one side only. A level is four pixels of the frame; the ramp and the
            // crop are each rounded by half a one.
            for index in 4..<60 {
                let (x, y) = ((Double(index) + 0.5) * Double(width) / 64, (Double(index) + 0.5) * Double(height) / 64)
                let (red, green) = (crops[0][(32 * 64 + index) * 3], crops[0][(index * 64 + 32) * 3 + 1])
                #expect(abs(Double(red) - x / 4) < 1.1, "\(width)×\(height) at \(index)")
                #expect(abs(Double(green) - y / 4) < 1.1, "\(width)×\(height) at \(index)")
            }
        }
    }

    @Test func ofAWholePictureAreTheExactOnesButForRounding() throws {
        for name in ["coffee.png", "rocket.jpg"] {
            let picture = try PictureFile.read(path: Fixture("published/\(name)").location)
            var (crops, expected): ([[UInt8]], [[UInt8]]) = ([], [])
            let preprocessor = Preprocessor(side: 224)
            let (width, height) = (picture.width, picture.height)
            try preprocessor.crops(of: picture, frameWidth: width, frameHeight: height, view: .full, into: &crops)
            try preprocessor.crops(of: picture, view: .full, into: &expected)
            try #require(crops.count == expected.count)
            for (crop, expected) in zip(crops, expected) { #expect(Difference(crop, expected).largest <= 1) }
        }
    }

    @Test func refusesFramesThatThePictureCannotShow() throws {
        let picture = try Picture(width: 8, height: 8, pixels: [UInt8](repeating: 0, count: 192))
        let preprocessor = Preprocessor(side: 8)
        var crops: [[UInt8]] = []
        func words(_ width: Int, _ height: Int) -> String? {
            refusal {
                try preprocessor.crops(of: picture, frameWidth: width, frameHeight: height, view: .full, into: &crops)
            }
        }
        #expect(words(7, 8) == "a picture of 8×8 does not show a frame of 7×8")
        let sizes = [(0, 0), (-8, -8), (8, Int.max), (Int.min, Int.min), (90_000_000, 8), (1 << 33, 1 << 33)]
        for (width, height) in sizes {
            #expect(words(width, height) != nil)
        }
        #expect(words(9, 8) == nil)
        #expect(throws: ImagingError.self) {
            try preprocessor.crops(of: Picture(), frameWidth: 8, frameHeight: 8, view: .full, into: &crops)
        }
    }

    @Test(
        arguments: ["jpeg/baseline-420.jpg", "jpeg/progressive.jpg", "jpeg/cmyk.jpg", "jpeg/restarts.jpg"],
        [8, 16, 32]
    )
    func everyShorterJPEGIsRefused(_ path: String, side: Int) throws {
        let bytes = try Fixture(path).bytes
        let decoder = try JPEGDecoder()
        var picture = Picture()
        for length in 0..<bytes.count {
            let words = bytes.withUnsafeBytes { bytes in
                refusal {
                    let part = UnsafeRawBufferPointer(rebasing: bytes[..<length])
                    try decoder.decode(part, into: &picture, shorterSideAtLeast: side)
                }
            }
            #expect(words != nil, "the first \(length) bytes were taken for a picture")
        }
    }
}
