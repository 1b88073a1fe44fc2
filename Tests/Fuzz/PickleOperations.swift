import Foundation
import TestSupport

/// A pickle as a list of operations, each with what it takes along, so that they can be damaged one by one.
///
/// Operations: CPython's Lib/pickletools.py.
enum PickleOperations {
    /// The operations of an honest pickle.
    static func split(_ pickle: Data) -> [[UInt8]] {
        let bytes = [UInt8](pickle)
        var operations: [[UInt8]] = []
        var at = 0
        while at < bytes.count {
            let end = min(bytes.count, at + length(bytes, at))
            operations.append(Array(bytes[at..<end]))
            at = end
        }
        return operations
    }

    private static func length(_ bytes: [UInt8], _ at: Int) -> Int {
        func number(_ size: Int) -> Int {
            bytes[(at + 1)..<min(bytes.count, at + 1 + size)].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        switch bytes[at] {
        case 0x80, UInt8(ascii: "K"), UInt8(ascii: "q"), UInt8(ascii: "h"): return 2
        case UInt8(ascii: "M"): return 3
        case UInt8(ascii: "J"), UInt8(ascii: "r"), UInt8(ascii: "j"): return 5
        case 0x95, UInt8(ascii: "G"): return 9
        case UInt8(ascii: "X"), UInt8(ascii: "B"): return 5 + number(4)
        case 0x8A, 0x8C, UInt8(ascii: "C"): return 2 + number(1)
        case UInt8(ascii: "c"):
            let lines = bytes[at...].indices.filter { bytes[$0] == 0x0A }.prefix(2)
            return (lines.last ?? bytes.count) - at + 1
        default: return 1
        }
    }

    /// Operations that an honest pickle has, has otherwise, or has not.
    private static let telling: [[UInt8]] =
        signs.map { Array($0.utf8) } + names.map { Array("c\($0)\n".utf8) } + [
            [0x85], [0x86], [0x87], [0x88], [0x89], [0x93], [0x94], [0x81], [0x92], [0x80, 5], [0x8A, 0], [0x8A, 255],
        ]

    private static let signs = [
        "N", ")", "t", "R", "b", "Q", "u", "s", "e", "a", "0", "(", ".", "}", "]", "l", "i", "o", "1", "2", "P0\n",
        "I1\n",
        "X\u{3}\0\0\0abc", "G\u{7F}\u{70}\0\0\0\0\0\0",
    ]

    private static let names = [
        "os\nsystem", "torch\nFloatStorage", "torch\nBoolStorage", "torch._utils\n_rebuild_parameter",
        "torch._utils\n_rebuild_tensor_v2", "collections\nOrderedDict", "\n",
    ]

    static func damaged(_ operations: [[UInt8]], _ choices: inout Choices) -> [UInt8] {
        choices.rearranged(operations, times: 6) { choices, operation in
            switch choices.below(9) {
            case 0: [choices.pick(telling)]
            case 1: [operation, choices.pick(telling)]
            case 2: [number(&choices)]
            case 3: [operation, sized(&choices)]
            case 4: [operation, memo(&choices)]
            case 5: choices.oneIn(8) ? [operation, run(&choices)] : [operation, operation]
            default: [choices.damaged(operation, times: 2)]
            }
        }.flatMap { $0 }
    }

    private static func number(_ choices: inout Choices) -> [UInt8] {
        let value = choices.tellingNumber()
        switch choices.below(4) {
        case 0: return [UInt8(ascii: "J")] + little(UInt32(truncatingIfNeeded: value))
        case 1: return [UInt8(ascii: "M")] + little(UInt16(truncatingIfNeeded: value))
        case 2: return [UInt8(ascii: "K"), UInt8(truncatingIfNeeded: value)]
        default: return [0x8A, 8] + little(value)
        }
    }

    /// An operation that says how much it brings along, and lies.
    private static func sized(_ choices: inout Choices) -> [UInt8] {
        let size = little(choices.tellingNumber())
        if choices.oneIn(3) { return [choices.pick([0x8D, 0x8E, 0x95, 0x96])] + size }
        if choices.oneIn(3) { return [choices.pick([0x8A, 0x8C, UInt8(ascii: "C")])] + size.prefix(1) }
        return [choices.pick(Array("XBTrj".utf8) + [0x8B])] + size.prefix(4)
    }

    private static func memo(_ choices: inout Choices) -> [UInt8] {
        [choices.pick([UInt8(ascii: "q"), UInt8(ascii: "h")]), UInt8(choices.below(12))]
    }

    /// The same again and again: deep nesting, long lists, full memos, and lists of lists of lists.
    private static func run(_ choices: inout Choices) -> [UInt8] {
        let length = choices.oneIn(50) ? 1 << 20 : choices.pick([10, 100, 1000, 10_000])
        if choices.oneIn(4) {
            // Each list holds the one before it ten times.
            let step = Array(("0](" + String(repeating: "h\u{9}", count: 10) + "eq\u{9}").utf8)
            return Array("]q\u{9}".utf8) + (0..<min(length, 10_000)).flatMap { _ in step }
        }
        let opcodes: [[UInt8]] = [[0x85], [0x88], [0x4E, 0x94], [0x5D, 0x94, 0x30], [0x4E, 0x85, 0x94]]
        let part = choices.pick(
            opcodes + ["(", "]", "]a", "}", "N", "Na", "NNs", "0", "t", "h\u{0}"].map { Array($0.utf8) }
        )
        return (0..<(length / part.count)).flatMap { _ in part }
    }
}
