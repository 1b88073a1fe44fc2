import Foundation
import TestSupport

/// Safetensors files and indexes of them, damaged as JSON, or anywhere.
extension Choices {
    private static let header = """
        {"__metadata__":{"format":"pt"},"logit_scale":{"dtype":"F32","shape":[],"data_offsets":[0,4]},\
        "a.weight":{"dtype":"F16","shape":[2,3],"data_offsets":[4,16]},"b":{"dtype":"I64","shape":[0],"data_offsets":[16,16]}}
        """

    /// What JSON may have in its place, and what not.
    private static let telling = [
        "1e400", "-0", "1.5", "18446744073709551616", "9223372036854775807", "-1", "1099511627776", "null", "true",
        "{}",
        "[]", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "\"F32\"", "\"BF16\"", "\"F8_E4M3\"", "[0,4]", "[4,0]", "[[[[[[",
    ]

    mutating func safetensorsFile() -> [UInt8] {
        let data = [UInt8](repeating: 0x3C, count: 16)
        if oneIn(4) {
            return damaged([UInt8](CheckpointBytes.safetensors(Self.header)) + data)
        }
        let header = damagedJSON(Self.header)
        return [UInt8](little(UInt64(header.count))) + header + data
    }

    private mutating func damagedJSON(_ honest: String) -> [UInt8] {
        rearranged(Self.tokens(honest)) { choices, token in
            switch choices.below(4) {
            case 0: [Array(choices.pick(Self.telling).utf8)]
            case 1: [Array(String(choices.tellingNumber()).utf8)]
            case 2: choices.oneIn(40) ? [choices.run()] : [token, token]
            default: [choices.damaged(token, times: 2)]
            }
        }.flatMap { $0 }
    }

    private static let index = """
        {"metadata":{"total_size":16},"weight_map":{"a":"1.safetensors","b":"1.safetensors","c":"2.safetensors"}}
        """
    private static let shards = [
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[2],"data_offsets":[4,8]}}"#,
        #"{"c":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
    ]

    /// An index and two shards, each behind its length in four bytes.
    mutating func shards() -> [UInt8] {
        let index = oneIn(3) ? Array(Self.index.utf8) : damagedJSON(Self.index)
        var files = [index] + Self.shards.map { [UInt8](CheckpointBytes.safetensors($0, Data(count: 8))) }
        if oneIn(3) {
            let which = below(2)
            let header = damagedJSON(Self.shards[which])
            files[which + 1] = [UInt8](little(UInt64(header.count))) + header + [UInt8](repeating: 0, count: 8)
        }
        if oneIn(10) { files.swapAt(below(3), below(3)) }
        return files.flatMap { [UInt8](little(UInt32($0.count))) + $0 }
    }

    /// Very much of the same.
    private mutating func run() -> [UInt8] {
        let count = pick([100, 1000, 20_000])
        switch below(3) {
        case 0: return [UInt8](repeating: UInt8(ascii: "["), count: count)
        case 1: return [UInt8](repeating: UInt8(ascii: "a"), count: count)
        default:
            let entries = (0..<count).map { #""\#($0)":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}"# }
            return Array(entries.joined(separator: ",").utf8)
        }
    }

    /// The signs of JSON, and what stands between them.
    private static func tokens(_ json: String) -> [[UInt8]] {
        var tokens: [[UInt8]] = []
        var word: [UInt8] = []
        var isInString = false
        for byte in json.utf8 {
            if byte == UInt8(ascii: "\"") { isInString.toggle() }
            if !isInString, "{}[]:,".utf8.contains(byte) {
                tokens += (word.isEmpty ? [] : [word]) + [[byte]]
                word = []
            } else {
                word.append(byte)
            }
        }
        return tokens
    }
}
