import Foundation

/// A pickle machine that can build numbers, strings, tuples, lists, dictionaries and tensors, and can call nothing.
///
/// A pickle is a program; Python's own loader imports and calls whatever it names. This one knows the handful of names
/// that a state dict needs (`PickleGlobal`) and refuses every other, so a hostile file is an error message. Time and
/// memory are bounded by the pickle's size. Opcodes: CPython's Lib/pickletools.py, protocols 2 to 4.
struct Unpickler {
    static let largestPickle = 4 << 20
    private static let deepestStack = 1 << 20
    /// Python memoizes some ten values of each tensor.
    private static let mostMemos = 1 << 18
    private static let deepestTuple = 16

    private enum Item {
        case value(PickleValue)
        case mark
    }

    private let pickle: Data
    private let early: CheckpointProblem
    private var at: Int
    private var stack: [Item] = []
    private var memo: [Int: PickleValue] = [:]
    // Lists and dictionaries can be chained a million deep, or into rings; freeing such a chain would recurse. They are
    // all held here, and emptied one by one at the end.
    private var lists: [PickleList] = []
    private var dictionaries: [PickleDictionary] = []

    /// The storages that the pickle refers to, by their keys.
    private(set) var storages: [String: PickleStorage] = [:]

    /// - Parameter file: begins with the pickle; what follows it is left alone.
    init(_ file: Data) {
        pickle = file.prefix(Self.largestPickle)
        early = CheckpointProblem(
            file.count > Self.largestPickle
                ? "its pickle has more than \(Self.largestPickle) bytes, which are the most that are accepted"
                : "its pickle ends early"
        )
        at = pickle.startIndex
    }

    /// Where what follows the pickle begins, once it has run.
    var end: Int { at }

    /// Breaks all links between containers; nothing that `run` returned is to be used after.
    mutating func dismantle() {
        stack = []
        memo = [:]
        for list in lists { list.items = [] }
        for dictionary in dictionaries { dictionary.items = [] }
    }

    /// Runs the pickle to its end and returns what it leaves.
    mutating func run() throws(CheckpointProblem) -> PickleValue {
        do throws(CheckpointProblem) {
            while true {
                if let result = try step() { return result }
                guard stack.count <= Self.deepestStack else { throw malformed() }
            }
        } catch {
            dismantle()
            throw error
        }
    }

    private mutating func step() throws(CheckpointProblem) -> PickleValue? {
        let opcode = try byte()
        switch opcode {
        case 0x80: _ = try byte()  // PROTO
        case 0x95: _ = try take(8)  // FRAME
        case UInt8(ascii: "."): return try pop()  // STOP
        case UInt8(ascii: "("): stack.append(.mark)
        case UInt8(ascii: "0"): _ = try pop()
        case UInt8(ascii: "N"): push(.none)
        case 0x88: push(.bool(true))
        case 0x89: push(.bool(false))
        case UInt8(ascii: "K"): push(.integer(Int(try byte())))
        case UInt8(ascii: "M"): push(.integer(try unsigned(2)))
        case UInt8(ascii: "J"): push(.integer(Int(Int32(truncatingIfNeeded: try unsigned(4)))))
        case 0x8A: push(.integer(try longInteger()))
        case UInt8(ascii: "G"): push(.double(try double()))
        case UInt8(ascii: "X"): push(.string(try text(try unsigned(4))))
        case 0x8C: push(.string(try text(try unsigned(1))))
        case 0x8D: push(.string(try text(try unsigned(8))))
        case UInt8(ascii: "B"):
            _ = try take(try unsigned(4))
            push(.bytes)
        case UInt8(ascii: "C"):
            _ = try take(try unsigned(1))
            push(.bytes)
        case UInt8(ascii: "c"): try pushGlobal(module: try line(), name: try line())
        case 0x93:
            guard case .string(let name) = try pop(), case .string(let module) = try pop() else { throw malformed() }
            try pushGlobal(module: module, name: name)
        case UInt8(ascii: "Q"): try pushStorage(try pop())
        case UInt8(ascii: "R"): try reduce()
        case UInt8(ascii: "b"): _ = try pop()  // BUILD: state for an object; a state dict's `_metadata`, not needed
        default: try collect(opcode)
        }
        return nil
    }

    /// The opcodes that make or fill containers, and the memo.
    private mutating func collect(_ opcode: UInt8) throws(CheckpointProblem) {
        switch opcode {
        case UInt8(ascii: "q"): try memoize(as: Int(try byte()))
        case UInt8(ascii: "r"): try memoize(as: try unsigned(4))
        case 0x94: try memoize(as: memo.count)
        case UInt8(ascii: "h"): push(try recall(Int(try byte())))
        case UInt8(ascii: "j"): push(try recall(try unsigned(4)))
        case UInt8(ascii: ")"): push(.tuple([], depth: 1))
        case 0x85: try pushTuple([try pop()])
        case 0x86:
            let second = try pop()
            try pushTuple([try pop(), second])
        case 0x87:
            let third = try pop()
            let second = try pop()
            try pushTuple([try pop(), second, third])
        case UInt8(ascii: "t"): try pushTuple(try popToMark())
        case UInt8(ascii: "]"): push(.list(newList()))
        case UInt8(ascii: "l"):
            let list = newList()
            list.items = try popToMark()
            push(.list(list))
        case UInt8(ascii: "}"): push(.dictionary(newDictionary()))
        case UInt8(ascii: "a"): try append([try pop()])
        case UInt8(ascii: "e"): try append(try popToMark())
        case UInt8(ascii: "s"):
            let value = try pop()
            try setItems([try pop(), value])
        case UInt8(ascii: "u"): try setItems(try popToMark())
        case UInt8(ascii: "i"), UInt8(ascii: "o"), 0x81, 0x92:
            throw CheckpointProblem("its pickle creates objects of other classes; a checkpoint may only build tensors")
        default:
            throw CheckpointProblem(
                "its pickle has the operation 0x\(String(opcode, radix: 16)), which no state dict needs"
            )
        }
    }

    // MARK: Names, storages, tensors

    private mutating func pushGlobal(module: String, name: String) throws(CheckpointProblem) {
        guard let global = PickleGlobal(module: module, name: name) else {
            throw CheckpointProblem(
                "its pickle names `\(module.prefix(80)).\(name.prefix(80))`; a checkpoint may only build tensors, so it is refused"
            )
        }
        push(.global(global))
    }

    /// ("storage", class, key, device, element count), and in old files None or (a key, offset, element count) for a part.
    private mutating func pushStorage(_ identity: PickleValue) throws(CheckpointProblem) {
        let foreign = CheckpointProblem("its pickle refers to something that is no tensor storage")
        guard case .tuple(let parts, _) = identity, parts.count >= 5, case .string("storage") = parts[0],
            case .global(.storage(let type)) = parts[1], case .string(let key) = parts[2],
            let count = parts[4].integerValue, count >= 0
        else { throw foreign }
        var storage = PickleStorage(key: key, type: type, count: count)
        if let known = storages[key], known.type != type || known.count != count {
            throw CheckpointProblem("its pickle describes the storage \(key.prefix(40)) in two ways")
        }
        storages[key] = storage
        if parts.count > 5, case .tuple(let view, _) = parts[5] {
            guard view.count == 3, let offset = view[1].integerValue, let length = view[2].integerValue, offset >= 0,
                length >= 0, offset <= count, length <= count - offset
            else { throw foreign }
            storage.part = offset..<offset + length
        }
        push(.storage(storage))
    }

    private mutating func reduce() throws(CheckpointProblem) {
        guard case .tuple(let arguments, _) = try pop(), case .global(let function) = try pop() else {
            throw malformed()
        }
        switch function {
        case .orderedDictionary:
            push(.dictionary(newDictionary()))
        case .rebuildParameter:
            guard let first = arguments.first, case .tensor = first else { throw malformed() }
            push(first)
        case .rebuildTensor:
            push(.tensor(try rebuild(arguments)))
        case .storage:
            throw malformed()
        }
    }

    /// (storage, offset, size, stride, …)
    private func rebuild(_ arguments: [PickleValue]) throws(CheckpointProblem) -> PickleTensor {
        guard arguments.count >= 4, case .storage(let storage) = arguments[0],
            let offset = arguments[1].integerValue, let shape = arguments[2].integers,
            let strides = arguments[3].integers, offset >= 0
        else { throw malformed() }
        return PickleTensor(storage: storage, offset: offset, shape: shape, strides: strides)
    }

    // MARK: Stack, memo, containers

    private mutating func push(_ value: PickleValue) {
        stack.append(.value(value))
    }

    private mutating func pop() throws(CheckpointProblem) -> PickleValue {
        guard case .value(let value)? = stack.popLast() else { throw malformed() }
        return value
    }

    private mutating func popToMark() throws(CheckpointProblem) -> [PickleValue] {
        var values: [PickleValue] = []
        while let item = stack.popLast() {
            guard case .value(let value) = item else {
                values.reverse()
                return values
            }
            values.append(value)
        }
        throw malformed()
    }

    private mutating func pushTuple(_ values: [PickleValue]) throws(CheckpointProblem) {
        let depth = 1 + (values.map(\.tupleDepth).max() ?? 0)
        guard depth <= Self.deepestTuple else { throw CheckpointProblem("its pickle nests tuples too deeply") }
        push(.tuple(values, depth: depth))
    }

    private mutating func newList() -> PickleList {
        let list = PickleList()
        lists.append(list)
        return list
    }

    private mutating func newDictionary() -> PickleDictionary {
        let dictionary = PickleDictionary()
        dictionaries.append(dictionary)
        return dictionary
    }

    private mutating func append(_ values: [PickleValue]) throws(CheckpointProblem) {
        guard case .value(.list(let list))? = stack.last else { throw malformed() }
        list.items.append(contentsOf: values)
    }

    private mutating func setItems(_ values: [PickleValue]) throws(CheckpointProblem) {
        guard case .value(.dictionary(let dictionary))? = stack.last, values.count.isMultiple(of: 2) else {
            throw malformed()
        }
        for i in stride(from: 0, to: values.count, by: 2) { dictionary.items.append((values[i], values[i + 1])) }
    }

    private mutating func memoize(as index: Int) throws(CheckpointProblem) {
        guard case .value(let value)? = stack.last, memo.count < Self.mostMemos else { throw malformed() }
        memo[index] = value
    }

    private func recall(_ index: Int) throws(CheckpointProblem) -> PickleValue {
        guard let value = memo[index] else { throw malformed() }
        return value
    }

    // MARK: Bytes

    private func malformed() -> CheckpointProblem {
        CheckpointProblem("its pickle is malformed near byte \(at - pickle.startIndex)")
    }

    private mutating func byte() throws(CheckpointProblem) -> UInt8 {
        guard at < pickle.endIndex else { throw early }
        defer { at += 1 }
        return pickle[at]
    }

    private mutating func take(_ count: Int) throws(CheckpointProblem) -> Data {
        guard count >= 0, count <= pickle.endIndex - at else { throw early }
        defer { at += count }
        return pickle[at..<(at + count)]
    }

    /// A little-endian unsigned number of up to eight bytes; larger than Int is malformed.
    private mutating func unsigned(_ size: Int) throws(CheckpointProblem) -> Int {
        let value = try take(size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let number = Int(exactly: value) else { throw malformed() }
        return number
    }

    /// LONG1: a little-endian two's complement number with its length in a byte; over eight bytes is no dimension.
    private mutating func longInteger() throws(CheckpointProblem) -> Int {
        let bytes = try take(Int(try byte()))
        guard bytes.count <= 8 else { throw malformed() }
        guard let top = bytes.last else { return 0 }
        let start: UInt64 = top >= 0x80 ? .max : 0
        return Int(Int64(bitPattern: bytes.reversed().reduce(start) { $0 << 8 | UInt64($1) }))
    }

    private mutating func double() throws(CheckpointProblem) -> Double {
        Double(bitPattern: try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    private mutating func text(_ count: Int) throws(CheckpointProblem) -> String {
        String(decoding: try take(count), as: UTF8.self)
    }

    private mutating func line() throws(CheckpointProblem) -> String {
        guard let end = pickle[at...].firstIndex(of: 0x0A) else { throw early }
        defer { at = end + 1 }
        return String(decoding: pickle[at..<end], as: UTF8.self)
    }
}
