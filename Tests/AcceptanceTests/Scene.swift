import Configuration
import Foundation
import Matching
import TestSupport

/// A prompt that tells the pair of pictures apart, with thresholds between its two similarities.
struct Scene {
    static let trigger = "first-picture"
    static let camera = "reel"
    let prompt: String
    let upper: Double
    let lower: Double
    let hold: Duration
    let release: Duration

    /// Asks `embed` for the similarities, and takes the prompt with the widest gap.
    init(in place: Workplace, hold: Int = 250, release: Int = 250, model: String? = nil) async throws {
        let model = try model ?? StandInModel.safetensors.get()
        let pictures = [Pictures.path(Pictures.pair.0), Pictures.path(Pictures.pair.1)]
        let texts = ["a photo of a cat", "a cardboard box left on a doorstep", "smoke or fire", "a rocket", "red"]
        let images = try Self.vectors(
            await place.run(Programs.client, ["embed", "image", "--model", model] + pictures)
        )
        let prompts = try Self.vectors(await place.run(Programs.client, ["embed", "text", "--model", model] + texts))
        let gaps = prompts.map { cosine($0, images[0].map(Double.init)) - cosine($0, images[1].map(Double.init)) }
        guard let best = gaps.indices.max(by: { gaps[$0] < gaps[$1] }), gaps[best] > 0.001 else {
            throw Timeout(description: "no prompt tells the pictures apart: \(gaps)")
        }
        prompt = texts[best]
        let low = cosine(prompts[best], images[1].map(Double.init))
        let rounded = { (value: Double) in (value * 1e6).rounded() / 1e6 }
        upper = rounded(low + gaps[best] * 0.6)
        lower = rounded(low + gaps[best] * 0.4)
        self.hold = .milliseconds(hold)
        self.release = .milliseconds(release)
    }

    private static func vectors(_ outcome: Program.Outcome) throws -> [[Float]] {
        struct Line: Decodable { let embedding: [Float] }
        return try outcome.lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)).embedding }
    }

    /// The trigger, in YAML.
    var yaml: String {
        """
        [{ name: \(Self.trigger), prompt: \(prompt), when: similarity >= \(upper), clear: similarity < \(lower),
          hold: \(hold / .milliseconds(1))ms, release: \(release / .milliseconds(1))ms }]
        """.replacingOccurrences(of: ".0ms", with: "ms")
    }

    func replay(endsAbruptly: Bool = false) throws -> Replay {
        Replay(
            trigger: Self.trigger,
            camera: Self.camera,
            rule: TriggerRule(
                Conditions(
                    when: try Condition(.similarity, .atLeast, upper),
                    clear: try Condition(.similarity, .below, lower)
                ),
                hold: hold,
                release: release
            ),
            endsAbruptly: endsAbruptly
        )
    }

    /// A camera that shows one picture for `count` frames, then the other, ten a second, for ever.
    static func camera(in place: Workplace, count: Int) throws -> String {
        try place.write(Pictures.reel([Pictures.pair.0, Pictures.pair.1], count: count), as: "reel.mjpeg")
        return "  - { name: \(camera), file: reel.mjpeg, loop: true, rate: 10, look: 10/s, view: center }"
    }

    /// The same, five a second, with the first picture for longer than a test lasts: what begins goes on.
    static func lastingCamera(in place: Workplace) throws -> String {
        try camera(in: place, count: 450).replacing("rate: 10", with: "rate: 5")
    }
}
