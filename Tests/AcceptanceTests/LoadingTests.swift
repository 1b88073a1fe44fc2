import Foundation
import MobileCLIP
import TestSupport
import Testing

extension Acceptance {
    @Suite("Loading a model")
    struct LoadingTests {
        /// A file of 1.8 GB is written and read: for compiled code that is optimised, and where there is room.
        private static let hasRoom: Bool = {
            #if DEBUG
                false
            #else
                let lines = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
                let line = lines.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
                return (kilobytes(line) ?? 0) >= 8 << 20
            #endif
        }()

        private static func kilobytes(_ line: Substring?) -> Int? {
            line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        }

        @Test(
            "the largest takes no more than 1.3 times its file and its packed weights",
            .enabled(if: hasRoom, "needs an optimised build and 8 GB of memory"),
            arguments: ["image", "text"]
        )
        func memory(kind: String) async throws {
            try await Workplace.with { place in
                let path = place.path("largest.safetensors")
                try SeededCheckpoint.write("MobileCLIP2-S4", format: .safetensors, to: path)
                let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
                let parameters = try Model(Checkpoint(path: path)).parameters
                let subject = kind == "image" ? ReferenceData.picture("coffee") : "a red van"
                let program = try place.start(Programs.client, ["embed", kind, "--model", path, subject])
                var peak = 0
                try await eventually("an embedding", within: .seconds(300)) {
                    let status = try? String(contentsOfFile: "/proc/\(program.identifier)/status", encoding: .utf8)
                    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
                    peak = max(peak, (Self.kilobytes(line) ?? 0) << 10)
                    return program.ending != nil
                }
                #expect(program.ending == .exited(0), "\(program.errors)")
                let packed = 4 * (kind == "image" ? parameters.image : parameters.text)
                #expect(peak > packed / 2 && peak * 10 <= (size + packed) * 13, "\(peak) for \(size) + \(packed)")
            }
        }
    }
}
