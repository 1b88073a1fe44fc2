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
    /// The bytes that hold it, of a file that ``MappedFile`` mapped: element 0 first, and at least up to its farthest element.
    let bytes: Data

    /// The number of elements.
    public var count: Int { shape.reduce(1, *) }

    /// The most dimensions of a tensor; published checkpoints have four.
    static let mostDimensions = 8

    /// A tensor over `bytes`, or nil when they are too few for the shape, or a dimension or stride is out of range.
    init?(type: ElementType, shape: [Int], strides: [Int]? = nil, bytes: Data) {
        guard shape.count <= Self.mostDimensions else { return nil }
        // Zeros count as ones here: an empty tensor's other extents go into its strides, which may not overflow either.
        var extents = 1
        for extent in shape {
            let (product, overflow) = extents.multipliedReportingOverflow(by: max(extent, 1))
            guard extent >= 0, !overflow, product <= 1 << 40 else { return nil }
            extents = product
        }
        let count = shape.contains(0) ? 0 : extents
        let dense = Tensor.rowMajorStrides(of: shape)
        // Nothing lies at distance along an extent of 1, and PyTorch writes any stride there.
        let strides =
            strides.map { given in
                given.indices.map { $0 < shape.count && shape[$0] == 1 && given[$0] >= 0 ? dense[$0] : given[$0] }
            } ?? dense
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

    /// Whether its elements lie one behind the other in row-major order.
    private var isDense: Bool { strides == Tensor.rowMajorStrides(of: shape) }

    /// Its elements in row-major order, as they stand in the file.
    func rowMajorBytes() -> Data {
        if isDense { return bytes.prefix(count * type.size) }
        var result = Data(capacity: count * type.size)
        bytes.withUnsafeBytes { raw in
            forEachOffset { offset in
                result.append(contentsOf: raw[(offset * type.size)..<((offset + 1) * type.size)])
                return true
            }
        }
        return result
    }

    /// Gives back the memory that its part of the file takes, which is read again when it is asked for again.
    func letGo() {
        if isDense { MappedFile.letGo(bytes.prefix(count * type.size)) }
    }

    /// The first element that is infinite or no number.
    func firstNotFinite() -> (place: Int, value: Float)? {
        if type == .float32, isDense, isFiniteFloat32() { return nil }
        var place = 0
        var found: Float?
        visit { value in
            if value.isFinite {
                place += 1
            } else {
                found = value
            }
            return found == nil
        }
        return found.map { (place, $0) }
    }

    /// The whole at once, in a loop that becomes vector code; of elements that lie as they are wanted.
    private func isFiniteFloat32() -> Bool {
        bytes.withUnsafeBytes { raw in
            var largest: UInt32 = 0
            let count = count
            for index in 0..<count {
                let bits = raw.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self)
                largest = max(largest, UInt32(littleEndian: bits) & 0x7FFF_FFFF)
            }
            return largest < 0x7F80_0000
        }
    }

    /// Its elements in row-major order, widened or rounded to float32.
    public func floats() -> [Float] {
        #if _endian(little)
            if type == .float32, isDense {
                return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
                    filled = bytes.copyBytes(to: buffer) / type.size
                }
            }
        #endif
        return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            visit { value in
                buffer.initializeElement(at: filled, to: value)
                filled += 1
                return true
            }
        }
    }

    /// Calls `body` with every element in row-major order, until it answers false.
    private func visit(_ body: (Float) -> Bool) {
        bytes.withUnsafeBytes { raw in
            switch type {
            case .float32: visit(raw, body) { Float(bitPattern: UInt32(littleEndian: $0)) }
            case .float64: visit(raw, body) { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
            case .float16: visit(raw, body) { Float(Float16(bitPattern: UInt16(littleEndian: $0))) }
            case .bfloat16: visit(raw, body) { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) }
            case .int64: visit(raw, body) { Float(Int64(littleEndian: $0)) }
            case .int32: visit(raw, body) { Float(Int32(littleEndian: $0)) }
            case .int16: visit(raw, body) { Float(Int16(littleEndian: $0)) }
            case .int8: visit(raw, body) { (value: Int8) in Float(value) }
            case .uint8, .bool: visit(raw, body) { (value: UInt8) in Float(value) }
            }
        }
    }

    @inline(__always)
    private func visit<Element: BitwiseCopyable>(
        _ raw: UnsafeRawBufferPointer,
        _ body: (Float) -> Bool,
        _ convert: (Element) -> Float
    ) {
        forEachOffset {
            body(convert(raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Element>.size, as: Element.self)))
        }
    }

    /// Where every element lies, in elements, in row-major order.
    @inline(__always)
    private func forEachOffset(_ body: (Int) -> Bool) {
        let count = count
        if isDense {
            for offset in 0..<count where !body(offset) { return }
            return
        }
        var index = [Int](repeating: 0, count: shape.count)
        var offset = 0
        for _ in 0..<count {
            guard body(offset) else { return }
            for dimension in shape.indices.reversed() {
                index[dimension] += 1
                offset += strides[dimension]
                if index[dimension] < shape[dimension] { break }
                offset -= index[dimension] * strides[dimension]
                index[dimension] = 0
            }
        }
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
