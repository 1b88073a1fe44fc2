import Foundation
import Imaging
import MobileCLIP
import TestSupport
import Testing

/// The cheap ways from a camera's frame to crops against the exact one, by what the encoder makes of them, on real
/// footage: JPEG that is decoded in part of its size, and raw samples that are resized before they become RGB.
@Suite("Cheap pictures")
struct CheapPictureTests {
    private static let clips = ["car-detection", "one-by-one-person-detection", "bottle-detection"]
    private static let ffmpeg = "/usr/bin/ffmpeg"
    static let isThere = ([ffmpeg] + clips.map(path)).allSatisfy(FileManager.default.fileExists(atPath:))

    private static func path(_ clip: String) -> String {
        ReferenceData.shared.appendingPathComponent("footage/\(clip).mp4").path
    }

    /// DESIGN's tolerance is 0.995; what is lost now is less, and should not grow unnoticed.
    private static let leastCosine = 0.998

    private struct Source {
        let name: String
        let size: (width: Int, height: Int)

        /// How ffmpeg makes frames of it.
        var options: [String] {
            switch name {
            case "YUYV": ["-pix_fmt", "yuyv422", "-f", "rawvideo"]
            case "NV12": ["-pix_fmt", "nv12", "-f", "rawvideo"]
            case "YU12": ["-pix_fmt", "yuv420p", "-f", "rawvideo"]
            default: ["-pix_fmt", "yuvj422p", "-q:v", "3", "-f", "mjpeg"]
            }
        }
    }

    private static let sources = [
        Source(name: "MJPG", size: (1920, 1080)), Source(name: "YUYV", size: (1920, 1080)),
        Source(name: "MJPG", size: (1280, 720)), Source(name: "NV12", size: (1280, 720)),
        Source(name: "MJPG", size: (768, 432)), Source(name: "YU12", size: (768, 432)),
    ]

    @Test(
        "embeddings of cheap crops are those of exact ones but for the tolerance",
        .enabled(if: isThere, "needs ffmpeg, and shared/footage beside the repository")
    )
    func tolerance() throws {
        let models = [
            ("smallworld", try Model(Checkpoint(path: ReferenceData.configuration("models/smallworld.safetensors")))),
            ("seeded S0", try Model(SeededCheckpoint.open("mobileclip_s0"))),
        ]
        let encoders = try models.map { (name: $0.0, encoder: ImageEncoder(tower: try $0.1.makeImageTower())) }
        for source in Self.sources {
            var least = Array(repeating: 1.0, count: encoders.count)
            for clip in Self.clips {
                for frame in try frames(of: clip, as: source) {
                    let (cheap, exact) = try crops(frame, source)
                    for (index, encoder) in encoders.enumerated() {
                        for (one, other) in zip(cheap, exact) {
                            least[index] = min(least[index], cosine(one, other, encoder.encoder))
                        }
                    }
                }
            }
            let words = zip(encoders, least).map { "\($0.name) \(String(format: "%.5f", $1))" }.joined(separator: ", ")
            print("  cheap \(source.name) \(source.size.width)×\(source.size.height): least cosine \(words)")
            for value in least { #expect(value >= Self.leastCosine, "\(source.name) \(source.size)") }
        }
    }

    /// Two frames of a clip.
    private func frames(of clip: String, as source: Source) throws -> [[UInt8]] {
        try ["1", "24"].map { second in
            let process = Process()
            let pipe = Pipe()
            process.executableURL = URL(fileURLWithPath: Self.ffmpeg)
            process.arguments =
                ["-loglevel", "error", "-ss", second, "-i", Self.path(clip), "-frames:v", "1"]
                + ["-vf", "scale=\(source.size.width):\(source.size.height):flags=lanczos"] + source.options + ["-"]
            process.standardOutput = pipe
            try process.run()
            let data = pipe.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            try #require(!data.isEmpty)
            return [UInt8](data)
        }
    }

    private func crops(_ frame: [UInt8], _ source: Source) throws -> (cheap: [[UInt8]], exact: [[UInt8]]) {
        let (width, height) = source.size
        let preprocessor = Preprocessor(side: 256)
        var cheap: [[UInt8]] = []
        var exact: [[UInt8]] = []
        var picture = Picture()
        let format: RawLayout.Format? =
            switch source.name {
            case "YUYV": .yuyv
            case "NV12": .nv12
            case "YU12": .yu12
            default: nil
            }
        if let format {
            let stride = format == .yuyv ? width * 2 : width
            let layout = RawLayout(format: format, width: width, height: height, stride: stride)
            try preprocessor.crops(of: frame, layout: layout, view: .full, into: &cheap)
            try RawPicture.decode(frame, layout, into: &picture)
        } else {
            let decoder = try JPEGDecoder()
            try decoder.decode(frame, into: &picture, shorterSideAtLeast: preprocessor.leastShorterSide)
            try preprocessor.crops(
                of: picture,
                frameWidth: width,
                frameHeight: height,
                view: .full,
                into: &cheap
            )
            try decoder.decode(frame, into: &picture)
        }
        try preprocessor.crops(of: picture, view: .full, into: &exact)
        return (cheap, exact)
    }

    private func cosine(_ one: [UInt8], _ other: [UInt8], _ encoder: ImageEncoder) -> Double {
        var (first, second): ([Float], [Float]) = ([], [])
        encoder.encode(one, into: &first)
        encoder.encode(other, into: &second)
        func product(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
        return product(first, second) / (product(first, first) * product(second, second)).squareRoot()
    }
}
