import Foundation

/// Deterministic stand-in weights: every tensor of a checkpoint as a function of (seed, tensor name, shape).
///
/// The golden vectors were made with the published models' own code over exactly these weights: FNV-1a of the name, XOR
/// the seed, starts SplitMix64; the top 24 bits make a uniform; a rule by kind of tensor follows.
package enum SeededWeights {
    package static func floats(seed: UInt64, name: String, shape: [Int]) -> [Float] {
        let last = name.split(separator: ".").last.map(String.init) ?? name
        let count = shape.reduce(1, *)
        if last == "logit_scale" { return [Float](repeating: Float(log(100.0)), count: count) }
        switch last {
        case "running_var": return uniforms(seed, name, count) { $0 + 0.5 }
        case "running_mean": return uniforms(seed, name, count) { ($0 - 0.5) * 0.2 }
        case "layer_scale", "layer_scale_1", "layer_scale_2", "gamma":
            return uniforms(seed, name, count) { $0 * 0.2 + 0.1 }
        default: break
        }
        if shape.filter({ $0 > 1 }).count <= 1 {
            return last == "weight"
                ? uniforms(seed, name, count) { $0 * 0.5 + 0.75 } : uniforms(seed, name, count) { ($0 - 0.5) * 0.1 }
        }
        if name.contains("embedding") || name.contains("pos_embed") || last == "cls_token" {
            return uniforms(seed, name, count) { ($0 * 2 - 1) * 0.5 }
        }
        let transposed = ["proj", "projection_layer", "text_projection"].contains(last)
        let inputs = transposed ? shape[0] : shape.dropFirst().reduce(1, *)
        let scale = (3 / Float(inputs)).squareRoot()
        return uniforms(seed, name, count) { ($0 * 2 - 1) * scale }
    }

    @inline(__always)
    private static func uniforms(
        _ seed: UInt64,
        _ name: String,
        _ count: Int,
        _ rule: (Float) -> Float
    ) -> [Float] {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let start = hash ^ seed
        return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            for index in 0..<count {
                var z = UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15 &+ start
                z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
                z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
                z ^= z >> 31
                buffer.initializeElement(at: index, to: rule(Float(z >> 40) * 0x1p-24))
            }
            filled = count
        }
    }
}
