import Imaging
import TestSupport
import Testing

@Suite struct RawLayoutTests {
    @Test func planesFollowOneAnotherAsV4L2Says() {
        func planes(_ format: RawLayout.Format, _ width: Int, _ height: Int, _ stride: Int) -> [[Int]] {
            let layout = RawLayout(format: format, width: width, height: height, stride: stride)
            return layout.planes.map { [$0.offset, $0.stride] }
        }
        #expect(planes(.yuyv, 640, 480, 1280) == [[0, 1280]])
        #expect(planes(.bgr24, 5, 3, 16) == [[0, 16]])
        #expect(planes(.nv12, 640, 480, 704) == [[0, 704], [704 * 480, 704]])
        #expect(planes(.yu12, 640, 480, 704) == [[0, 704], [704 * 480, 352], [704 * 480 + 352 * 240, 352]])
        #expect(planes(.yu12, 6, 5, 8) == [[0, 8], [40, 4], [52, 4]])
        #expect(planes(.nv12, 5, 5, 5) == [[0, 5], [25, 6]])
        #expect(planes(.yu12, 5, 5, 5) == [[0, 5], [25, 3], [34, 3]])
    }

    /// Each format needs just as many bytes as it has, and what it gives depends on no others.
    @Test(arguments: RawLayout.Format.allCases)
    func needsEveryByteAndNoMore(_ format: RawLayout.Format) throws {
        let frame = RawFrame.noise(format, width: 6, height: 3)
        try frame.layout.check(byteCount: frame.bytes.count)
        try frame.layout.check(byteCount: frame.bytes.count + 100)
        for count in 0..<frame.bytes.count {
            #expect(throws: ImagingError.self) { try frame.layout.check(byteCount: count) }
            var picture = Picture()
            #expect(throws: ImagingError.self) {
                try RawPicture.decode(Array(frame.bytes.prefix(count)), frame.layout, into: &picture)
            }
        }
    }

    @Test func saysWhatDoesNotFit() {
        func words(_ format: RawLayout.Format, _ count: Int, _ width: Int, _ height: Int, _ stride: Int) -> String? {
            let layout = RawLayout(format: format, width: width, height: height, stride: stride)
            return refusal { try layout.check(byteCount: count) }
        }
        #expect(words(.yuyv, 15, 4, 2, 8) == "the YUYV frame has 15 bytes, but 4×2 with 8 bytes a row needs 16")
        #expect(words(.yuyv, 16, 4, 2, 8) == nil)
        #expect(words(.uyvy, 0, 4, 2, 8)?.contains("0 bytes") == true)
        #expect(words(.uyvy, 100, 3, 2, 8) == "the UYVY frame is 3 pixels wide, but pixels come in pairs")
        #expect(words(.yuyv, 100, 4, 2, 7) == "the YUYV frame has 7 bytes a row, but 4 pixels need 8")
        #expect(words(.rgb24, 100, 4, 2, 11) == "the RGB frame has 11 bytes a row, but 4 pixels need 12")
        #expect(words(.grey, 100, 4, 2, -4)?.contains("-4 bytes a row") == true)
        #expect(
            words(.nv12, 47, 8, 4, 8)
                == "the NV12 frame has 47 bytes, 15 of them from byte 32 on, "
                + "but 8×4 with 8 bytes a row of chroma needs 16"
        )
        #expect(words(.nv12, 48, 8, 4, 8) == nil)
        #expect(words(.nv12, 31, 8, 4, 8)?.hasPrefix("the NV12 frame has 31 bytes, but 8×4") == true)
        #expect(
            words(.yu12, 47, 8, 4, 8)
                == "the YU12 frame has 47 bytes, 7 of them from byte 40 on, but 8×4 with 4 bytes a row of V needs 8"
        )
        #expect(words(.yu12, 48, 8, 4, 8) == nil)
        #expect(words(.grey, 100, 0, 2, 8)?.contains("no pixels") == true)
        #expect(words(.grey, 100, -2, 2, 8)?.contains("no pixels") == true)
        #expect(words(.yuyv, 100, 1 << 40, 1 << 40, 8)?.contains("larger than") == true)
    }

    @Test func refusesPlanesThatAreNotThere() {
        func words(_ format: RawLayout.Format, _ planes: [RawLayout.Plane]) -> String? {
            let layout = RawLayout(format: format, width: 4, height: 2, planes: planes)
            return refusal { try layout.check(byteCount: 100) }
        }
        let plane = RawLayout.Plane(offset: 0, stride: 4)
        #expect(words(.nv12, [plane]) == "the NV12 frame has 1 plane, but the format has 2")
        #expect(words(.grey, []) != nil)
        #expect(words(.grey, [plane, plane]) != nil)
        #expect(
            words(.nv12, [plane, RawLayout.Plane(offset: 8, stride: 3)])
                == "the NV12 frame has 3 bytes a row of chroma, but 4 pixels need 4"
        )
        #expect(
            words(.nv12, [plane, RawLayout.Plane(offset: 101, stride: 4)])
                == "the NV12 frame has 100 bytes, but its first row of chroma is to begin at byte 101"
        )
        for offset in [-1, 101, Int.min, Int.max] {
            #expect(words(.grey, [RawLayout.Plane(offset: offset, stride: 4)])?.contains("byte \(offset)") == true)
        }
        for stride in [0, -4, 3, Int.min, Int.max] {
            let plane = RawLayout.Plane(offset: 0, stride: stride)
            #expect(words(.grey, [plane])?.contains("\(stride) bytes a row") == true)
        }
    }

    /// Whatever is claimed, nothing overflows and no byte is read that is not there.
    @Test func absurdLayoutsAreRefusedOrRead() {
        let numbers = [Int.min, -1, 0, 1, 2, 3, 4, 5, 64, 10_000, 1 << 31, 1 << 32, 1 << 62, .max - 1, .max]
        let bytes = [UInt8](repeating: 77, count: 200)
        let preprocessor = Preprocessor(side: 8)
        var random = SplitMix(state: 4)
        var picture = Picture()
        var crops: [[UInt8]] = []
        for _ in 0..<20_000 {
            func number() -> Int { numbers.randomElement(using: &random) ?? 0 }
            let format = RawLayout.Format.allCases.randomElement(using: &random) ?? .grey
            var layout = RawLayout(format: format, width: number(), height: number(), stride: number())
            if Bool.random(using: &random) {
                layout.planes = layout.planes.map { _ in RawLayout.Plane(offset: number(), stride: number()) }
            }
            let decoding = refusal { try RawPicture.decode(bytes, layout, into: &picture) }
            let cutting = refusal { try preprocessor.crops(of: bytes, layout: layout, view: .center, into: &crops) }
            #expect(decoding == cutting)
        }
    }
}
