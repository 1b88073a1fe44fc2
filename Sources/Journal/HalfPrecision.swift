import Foundation

/// Embeddings as the journal keeps them: IEEE 754 binary16, least significant byte first, nothing before or after.
///
/// A component of a unit vector is then off by at most 2⁻¹² and a cosine of two such vectors by less than 0.001.
package enum HalfPrecision {
    /// Two bytes for each component, rounded to nearest, ties to even. What is too large becomes an infinity.
    package static func bytes(of vector: [Float]) -> Data {
        var bytes = Data(count: vector.count * 2)
        bytes.withUnsafeMutableBytes { buffer in
            for (index, component) in vector.enumerated() {
                let pattern = Float16(component).bitPattern.littleEndian
                buffer.storeBytes(of: pattern, toByteOffset: index * 2, as: UInt16.self)
            }
        }
        return bytes
    }

    /// The vector as it will be read again: each component rounded to nearest, ties to even.
    package static func round(_ vector: inout [Float]) {
        for index in vector.indices { vector[index] = Float(Float16(vector[index])) }
    }

    /// The vector that the bytes stand for; nil for an odd number of bytes.
    package static func vector(of bytes: Data) -> [Float]? {
        guard bytes.count.isMultiple(of: 2) else { return nil }
        return bytes.withUnsafeBytes { buffer in
            stride(from: 0, to: buffer.count, by: 2).map { offset in
                let pattern = buffer.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
                return Float(Float16(bitPattern: UInt16(littleEndian: pattern)))
            }
        }
    }
}
