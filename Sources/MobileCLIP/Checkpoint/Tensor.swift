import Foundation

/// The element types that a checkpoint may hold.
public enum ElementType: String, Sendable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int64 = "I64"
    case int32 = "I32"
    case int16 = "I16"
    case int8 = "I8"
    case uint8 = "U8"
    case bool = "BOOL"

    /// The size of one element in bytes.
    public var size: Int {
        switch self {
        case .float64, .int64: 8
        case .float32, .int32: 4
        case .float16, .bfloat16, .int16: 2
        case .int8, .uint8, .bool: 1
        }
    }
}

/// One named array of a checkpoint: a view of its file, read when asked.
public struct Tensor: Sendable {
    /// The type of its elements in the file.
    public let type: ElementType
    /// Its dimensions, outermost first; empty for a single number.
    public let shape: [Int]
    /// The distance between neighbours along each dimension, in elements.
    let strides: [Int]
    /// The bytes that hold it, mapped: element 0 first, and at least up to its farthest element.
    let bytes: Data

    /// The number of elements.
    public var count: Int { shape.reduce(1, *) }

    /// A tensor over `bytes`, or nil when they are too few for the shape, or a dimension or stride is out of range.
    init?(type: ElementType, shape: [Int], strides: [Int]? = nil, bytes: Data) {
        var count = 1
        for extent in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !overflow, product <= 1 << 40 else { return nil }
            count = product
        }
        let strides = strides ?? Tensor.rowMajorStrides(of: shape)
        guard strides.count == shape.count else { return nil }
        var last = 0
        for (extent, stride) in zip(shape, strides) where count > 0 {
            let (distance, overflow) = (extent - 1).multipliedReportingOverflow(by: stride)
            guard stride >= 0, !overflow, distance <= 1 << 40 else { return nil }
            last += distance
        }
        let needed = count == 0 ? 0 : (last + 1) * type.size
        // A stride of 0 repeats elements without bytes behind them; a count far past the bytes is no real tensor.
        guard bytes.count >= needed, count * type.size <= max(bytes.count, 1 << 20) else { return nil }
        self.type = type
        self.shape = shape
        self.strides = strides
        self.bytes = bytes
    }

    private static func rowMajorStrides(of shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for i in shape.indices.dropLast().reversed() { strides[i] = strides[i + 1] * max(shape[i + 1], 1) }
        return strides
    }

    /// Its elements in row-major order, widened or rounded to float32.
    public func floats() -> [Float] {
        bytes.withUnsafeBytes { raw in
            switch type {
            case .float32: gather(raw) { Float(bitPattern: UInt32(littleEndian: $0)) }
            case .float64: gather(raw) { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
            case .float16: gather(raw) { Float(Float16(bitPattern: UInt16(littleEndian: $0))) }
            case .bfloat16: gather(raw) { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) }
            case .int64: gather(raw) { Float(Int64(littleEndian: $0)) }
            case .int32: gather(raw) { Float(Int32(littleEndian: $0)) }
            case .int16: gather(raw) { Float(Int16(littleEndian: $0)) }
            case .int8: gather(raw) { (value: Int8) in Float(value) }
            case .uint8, .bool: gather(raw) { (value: UInt8) in Float(value) }
            }
        }
    }

    private func gather<Element: BitwiseCopyable>(
        _ raw: UnsafeRawBufferPointer,
        _ convert: (Element) -> Float
    ) -> [Float] {
        let size = MemoryLayout<Element>.size
        if strides == Tensor.rowMajorStrides(of: shape) {
            return (0..<count).map { convert(raw.loadUnaligned(fromByteOffset: $0 * size, as: Element.self)) }
        }
        var result: [Float] = []
        result.reserveCapacity(count)
        var index = [Int](repeating: 0, count: shape.count)
        for _ in 0..<count {
            let element = zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
            result.append(convert(raw.loadUnaligned(fromByteOffset: element * size, as: Element.self)))
            for dimension in shape.indices.reversed() {
                index[dimension] += 1
                if index[dimension] < shape[dimension] { break }
                index[dimension] = 0
            }
        }
        return result
    }

    /// Rows of a matrix, by index, as float32: the way to read a few of many embeddings.
    ///
    /// - Parameter rows: each within `0..<shape[0]`.
    func rows(_ rows: [Int]) -> [Float] {
        let width = shape.dropFirst().reduce(1, *)
        return rows.flatMap { row in
            let start = bytes.startIndex + row * (strides.first ?? 1) * type.size
            let slice = Tensor(
                type: type,
                shape: Array(shape.dropFirst()),
                strides: Array(strides.dropFirst()),
                bytes: bytes[start...]
            )
            return slice?.floats() ?? [Float](repeating: .nan, count: width)
        }
    }
}
