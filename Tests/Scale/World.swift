import Foundation

/// Cameras and what passes before them, as embeddings: made up, but clustered as a CLIP's are.
///
/// All embeddings lie around one direction, those of a camera around one of its own; light comes and goes with the day,
/// the scene drifts, objects come, move and go, pictures have noise. A part of the time nothing moves, and an embedding
/// stays to the bit for up to ten seconds.
struct World {
    static let width = 512
    static let cameras = 8
    static let kinds = 120
    /// Looks of all cameras in a second.
    static let rate = 16.0

    private struct Visit {
        var kind: Int
        var until: Double
        var strength: Float
        var phase: Float
    }

    private struct Camera {
        var place: [Float]
        var night: [Float]
        var drift: [[Float]]
        var base: [Float] = []
        var baseUntil = 0.0
        var visits: [Visit] = []
        var stillUntil = 0.0
        var mayBeStillAt = 0.0
        var last: [Float] = []
    }

    private var random: Random
    private let common: [Float]
    private let objects: [[Float]]
    private let motion: [[Float]]
    private let noise: [[Float]]
    private var all: [Camera] = []
    private let still: Double

    /// - Parameter still: the share of the time in which nothing moves.
    init(seed: UInt64, still: Double) {
        var random = Random(seed: seed)
        let make = { (length: Float) in Self.direction(&random, length: length) }
        common = make(0.72)
        objects = (0..<Self.kinds).map { _ in make(1) }
        motion = (0..<64).map { _ in make(1) }
        noise = (0..<4096).map { _ in make(0.06) }
        all = (0..<Self.cameras).map { _ in
            Camera(place: make(0.5), night: make(0.3), drift: (0..<4).map { _ in make(0.06) })
        }
        self.random = random
        self.still = still
    }

    /// The embedding of a camera's look at a time in seconds.
    mutating func embedding(camera index: Int, at time: Double) -> [Float] {
        var camera = all[index]
        defer { all[index] = camera }
        if time < camera.stillUntil, !camera.last.isEmpty { return camera.last }
        if time >= camera.mayBeStillAt {
            camera.mayBeStillAt = time + 10
            if random.unit() < still { camera.stillUntil = time + 10 }
        }
        if time >= camera.baseUntil {
            camera.baseUntil = time + 20
            camera.base = base(of: camera, index, time)
        }
        camera.visits.removeAll { $0.until < time }
        // Each camera has its own kinds of visitors, a few of them often.
        if random.unit() < 0.002 {
            let favourite = Int(random.unit() * random.unit() * 30)
            let length = exp(random.unit() * 5.5) * 2
            camera.visits.append(
                Visit(
                    kind: (favourite + index * 13) % Self.kinds,
                    until: time + length,
                    strength: Float(0.15 + 0.35 * random.unit()),
                    phase: Float(random.unit() * 6.28)
                )
            )
        }
        var vector = camera.base
        for visit in camera.visits {
            let swing = Float(time) * 0.3 + visit.phase
            Self.add(objects[visit.kind], times: visit.strength * (1 + 0.15 * sin(swing)), to: &vector)
            Self.add(motion[visit.kind % motion.count], times: 0.08 * cos(swing), to: &vector)
        }
        Self.add(noise[random.below(noise.count)], times: 1, to: &vector)
        Self.add(noise[random.below(noise.count)], times: 1, to: &vector)
        Self.normalize(&vector)
        camera.last = vector
        return vector
    }

    private func base(of camera: Camera, _ index: Int, _ time: Double) -> [Float] {
        var vector = common
        Self.add(camera.place, times: 1, to: &vector)
        let hour = time / 3600 + Double(index) * 0.1
        let light = Float(0.5 + 0.5 * tanh(4 * cos(hour / 24 * 2 * .pi)))
        Self.add(camera.night, times: light, to: &vector)
        for (number, drift) in camera.drift.enumerated() {
            Self.add(drift, times: Float(sin(hour * (0.3 + Double(number) * 0.37) + Double(index))), to: &vector)
        }
        return vector
    }

    /// What might be searched for: mostly things that pass, as a text tower would give them (far from all pictures), some
    /// places, some that are nowhere, and some that are pictures.
    mutating func query(_ number: Int) -> [Float] {
        var vector = Self.direction(&random, length: 0.93)
        switch number % 5 {
        case 0, 1: Self.add(objects[number * 7 % Self.kinds], times: 0.35, to: &vector)
        case 2:
            Self.add(all[number % Self.cameras].place, times: 0.5, to: &vector)
            Self.add(all[number % Self.cameras].night, times: 0.3, to: &vector)
        case 3: break
        default: vector = all[number % Self.cameras].last
        }
        Self.normalize(&vector)
        return vector
    }

    static func direction(_ random: inout Random, length: Float) -> [Float] {
        var vector = (0..<width).map { _ in random.normal() }
        normalize(&vector)
        return vector.map { $0 * length }
    }

    private static func add(_ other: [Float], times factor: Float, to vector: inout [Float]) {
        vector.withUnsafeMutableBufferPointer { vector in
            other.withUnsafeBufferPointer { other in
                for i in 0..<vector.count { vector[i] += factor * other[i] }
            }
        }
    }

    private static func normalize(_ vector: inout [Float]) {
        let square = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
        let scale = Float(1 / square.squareRoot())
        vector.withUnsafeMutableBufferPointer { for i in 0..<$0.count { $0[i] *= scale } }
    }
}

/// Numbers that are the same in every run.
struct Random {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }

    /// 0 ..< 1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

    mutating func normal() -> Float {
        Float((-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit()))
    }
}
