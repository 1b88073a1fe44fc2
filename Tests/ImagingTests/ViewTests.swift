import Imaging
import Testing

@Suite struct ViewTests {
    @Test(arguments: [
        (640, 480, [0, 160]), (1280, 720, [0, 560]), (1440, 720, [0, 360, 720]), (1680, 720, [0, 481, 960]),
        (720, 720, [0]), (256, 256, [0]), (257, 256, [0, 1]), (2560, 1080, [0, 740, 1480]),
    ])
    func fullCutsFromEdgeToEdge(width: Int, height: Int, begins: [Int]) {
        let preprocessor = Preprocessor(side: 256)
        let wide = preprocessor.squares(of: .full, width: width, height: height)
        #expect(wide == begins.map { Square(x: $0, y: 0, side: height) })
        let tall = preprocessor.squares(of: .full, width: height, height: width)
        #expect(tall == begins.map { Square(x: 0, y: $0, side: height) })
    }

    @Test(arguments: [224, 256])
    func fullShowsEverythingWithTheOverlapPromised(side: Int) throws {
        let preprocessor = Preprocessor(side: side)
        for length in side...side * 14 {
            let squares = preprocessor.squares(of: .full, width: length, height: side)
            let last = try #require(squares.last)
            #expect(squares[0].x == 0 && last.x + side == length)
            for (left, right) in zip(squares, squares.dropFirst()) {
                // One pixel for rounding where a seam falls between two.
                #expect(left.x + side - right.x >= side / 8 - 1 && left.x < right.x)
            }
            if squares.count > 1 {
                // One square fewer would overlap too little.
                let fewer = squares.count - 1
                #expect(fewer * side - (fewer - 1) * side / 8 < length)
            }
        }
    }

    @Test func centerIsTheMiddle() {
        let preprocessor = Preprocessor(side: 256)
        #expect(preprocessor.squares(of: .center, width: 640, height: 480) == [Square(x: 79, y: 0, side: 480)])
        #expect(preprocessor.squares(of: .center, width: 480, height: 640) == [Square(x: 0, y: 79, side: 480)])
        #expect(preprocessor.squares(of: .center, width: 512, height: 512) == [Square(x: 0, y: 0, side: 512)])
        // Half pixels go to the even number: 1/2 to 0, 3/2 to 2, 5/2 to 2.
        for (length, begin) in [(257, 0), (259, 2), (261, 2), (263, 4)] {
            let square = Square(x: begin, y: 0, side: 256)
            #expect(preprocessor.squares(of: .center, width: length, height: 256) == [square])
        }
    }

    @Test func stripsAreRefused() throws {
        let preprocessor = Preprocessor(side: 256)
        let strip = try Picture(width: 5000, height: 1, pixels: [UInt8](repeating: 0, count: 15_000))
        var crops: [[UInt8]] = []
        #expect(
            refusal { try preprocessor.crops(of: strip, view: .full, into: &crops) }
                == "the picture is 5000×1: it is too long and thin for view full; use center"
        )
        #expect(preprocessor.squares(of: .full, width: 5000, height: 1).isEmpty)
        #expect(preprocessor.squares(of: .full, width: 0, height: 0).isEmpty)
        // Sixteen squares are the most: (3616 − 32) / 224 = 16.
        #expect(preprocessor.squares(of: .full, width: 3616, height: 256).count == 16)
        #expect(preprocessor.squares(of: .full, width: 3617, height: 256).isEmpty)
        try preprocessor.crops(of: strip, view: .center, into: &crops)
        #expect(crops.count == 1)
    }
}
