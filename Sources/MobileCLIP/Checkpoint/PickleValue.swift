import Foundation

/// What the restricted unpickler can build, and nothing else.
enum PickleValue {
    case none
    case bool(Bool)
    case integer(Int)
    case double(Double)
    case string(String)
    case bytes
    /// `depth` is how many tuples lie within each other, this one included.
    case tuple([PickleValue], depth: Int)
    case list(PickleList)
    case dictionary(PickleDictionary)
    case global(PickleGlobal)
    case storage(PickleStorage)
    case tensor(PickleTensor)

    var tupleDepth: Int {
        if case .tuple(_, let depth) = self { depth } else { 0 }
    }

    var integerValue: Int? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// A short tuple or list of whole numbers: a shape, or strides. A pickle can name the same long one a million times,
    /// so its length is looked at first.
    var integers: [Int]? {
        let items: [PickleValue]
        switch self {
        case .tuple(let values, _): items = values
        case .list(let list): items = list.items
        default: return nil
        }
        guard items.count <= Tensor.mostDimensions else { return nil }
        let numbers = items.compactMap(\.integerValue)
        return numbers.count == items.count ? numbers : nil
    }
}

/// Lists and dictionaries are filled after they have been memoized, hence references.
final class PickleList {
    var items: [PickleValue] = []
}

final class PickleDictionary {
    var items: [(PickleValue, PickleValue)] = []
}

/// The names that a checkpoint's pickle may mention.
enum PickleGlobal: Equatable {
    case orderedDictionary
    case rebuildTensor
    case rebuildParameter
    case storage(ElementType)

    init?(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("torch", "DoubleStorage"): self = .storage(.float64)
        case ("torch", "FloatStorage"): self = .storage(.float32)
        case ("torch", "HalfStorage"): self = .storage(.float16)
        case ("torch", "BFloat16Storage"): self = .storage(.bfloat16)
        case ("torch", "LongStorage"): self = .storage(.int64)
        case ("torch", "IntStorage"): self = .storage(.int32)
        case ("torch", "ShortStorage"): self = .storage(.int16)
        case ("torch", "CharStorage"): self = .storage(.int8)
        case ("torch", "ByteStorage"): self = .storage(.uint8)
        case ("torch", "BoolStorage"): self = .storage(.bool)
        default: return nil
        }
    }
}

/// One storage of a PyTorch file: the elements that tensors are views of.
struct PickleStorage {
    let key: String
    let type: ElementType
    /// How many elements it has.
    let count: Int
    /// Those that are seen; nil for all. Only old files have storages that are a part of another.
    var part: Range<Int>?
}

/// A tensor as a pickle describes it; where the bytes of its storage lie is another matter.
struct PickleTensor {
    let storage: PickleStorage
    let offset: Int
    let shape: [Int]
    let strides: [Int]

    /// The tensor over its storage's bytes.
    ///
    /// - Parameter bytes: of the whole storage; nil when the file has none of that key.
    func over(_ bytes: Data?) throws(CheckpointProblem) -> Tensor {
        guard var bytes else {
            throw CheckpointProblem("its storage \(storage.key.prefix(40)) is missing: the file is incomplete")
        }
        let size = storage.type.size
        if let part = storage.part {
            bytes = bytes.prefix(Self.distance(part.upperBound, size)).dropFirst(Self.distance(part.lowerBound, size))
        }
        guard
            let tensor = Tensor(
                type: storage.type,
                shape: shape,
                strides: strides,
                bytes: bytes.dropFirst(Self.distance(offset, size))
            )
        else {
            throw CheckpointProblem(
                "a tensor of shape \(shape.prefix(8)) reaches outside of its storage \(storage.key.prefix(40))"
            )
        }
        return tensor
    }

    private static func distance(_ elements: Int, _ size: Int) -> Int {
        let (bytes, overflow) = elements.multipliedReportingOverflow(by: size)
        return overflow ? .max : bytes
    }
}
