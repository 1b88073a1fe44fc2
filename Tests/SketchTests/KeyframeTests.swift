import Sketch
import Testing

@Suite("Keyframes")
struct KeyframeTests {
    private func play(_ frames: [[Float]], _ keyframes: inout Keyframes, budget: Int = .max) -> [Float] {
        frames.map { frame in
            switch keyframes.choose(frame, mayBeNew: keyframes.all.count < budget) {
            case .known: break
            case .new: keyframes.add(Keyframes.Keyframe(number: keyframes.all.count, values: keyframes.mean))
            }
            return keyframes.all.map { Keyframes.squaredDistance($0.values, frame) }.min() ?? .infinity
        }
    }

    @Test("of a noisy still scene the mean is soon chosen, and few of them")
    func noise() {
        var noise = Noise(3)
        let scene = noise.unit(128)
        let frames = (0..<200).map { _ in zip(scene, noise.unit(128)).map { $0 + 0.1 * $1 } }
        var keyframes = Keyframes()
        let distances = play(frames, &keyframes)
        // Two noisy pictures are √2 times as far apart as each is from what both show.
        #expect(distances.dropFirst(50).reduce(0, +) / 150 < 0.013)
        #expect(keyframes.all.count <= 4)
    }

    @Test("what a scene was before something passed is not forgotten, and nothing is new without room")
    func passing() {
        var noise = Noise(4)
        let (empty, full) = (noise.unit(128), noise.unit(128))
        let frames = { (scene: [Float], count: Int) in (0..<count).map { _ in scene } }
        var keyframes = Keyframes()
        _ = play(frames(empty, 20) + frames(full, 20), &keyframes)
        #expect(play(frames(empty, 1), &keyframes)[0] < 1e-6)
        var tight = Keyframes()
        _ = play(frames(empty, 20) + frames(full, 20), &tight, budget: 1)
        #expect(tight.all.count == 1)
    }
}
