import Foundation
import Testing

extension Acceptance {
    @Suite("More looks than there is time for")
    struct OverloadTests {
        @Test("who asks for little is served in full, the others share equally, and status and metrics say so")
        func shared() async throws {
            try await Workplace.with { place in
                try place.write(Pictures.reel([Pictures.pair.0, Pictures.pair.1], count: 1), as: "reel.mjpeg")
                let source = "file: reel.mjpeg, loop: true, view: center"
                let greedy = (0..<4).map {
                    "  - { name: greedy-\($0), \(source), rate: 60, look: 60/s, reuse: false }"
                }
                try place.configure(
                    greedy.joined(separator: "\n")
                        + "\n  - { name: modest, \(source), rate: 20, look: 1/s }"
                )
                let daemon = try await place.startWatching()
                try await eventually("too much to do") { try await place.status().encoder.commonRate != nil }
                // Costs are smoothed over some looks.
                try await Task.sleep(for: .seconds(3))
                let before = try await place.status()
                try await Task.sleep(for: .seconds(10))
                let after = try await place.status()
                let looks = try greedy.indices.map {
                    try after.camera("greedy-\($0)").looks - before.camera("greedy-\($0)").looks
                }
                let (least, most) = (try #require(looks.min()), try #require(looks.max()))
                #expect(most - least <= max(2, most / 10), "\(looks)")
                #expect(most < 550, "\(looks)")
                #expect((9...12).contains(try after.camera("modest").looks - before.camera("modest").looks))
                #expect(after.encoder.load > 1)
                let metrics = try await place.client("status", "--metrics", "--socket", place.socket)
                #expect(metrics.output.contains("\nscenewatch_look_rate_limit "))
                #expect(metrics.output.contains("\nscenewatch_look_rate_asked{camera=\"greedy-0\"} 60\n"))
                let text = try await place.client("status", "--socket", place.socket)
                #expect(text.output.contains("NOT TIME FOR ALL"))
                try await eventually("a warning in the log") {
                    daemon.errors.contains("no camera is looked at more than")
                }
                try await place.stop(daemon)
            }
        }
    }
}
