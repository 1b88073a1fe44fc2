import Foundation
import MobileCLIP
import TestSupport
import Testing

@Suite("Safetensors files")
struct SafetensorsTests {
    @Test(
        "a malformed file is told apart and refused",
        arguments: [
            ("", 0, "the file is empty"),
            ("[1]", 0, "its safetensors header cannot be read: "),
            ("{", 0, "its safetensors header cannot be read: it is not JSON"),
            ("nonsense", 0, "its safetensors header cannot be read: it is not JSON"),
            ("{}", 0, "it holds no tensors"),
            (#"{"__metadata__":{"a":"b"}}"#, 0, "it holds no tensors"),
            (#"{"a":[]}"#, 0, "its safetensors header cannot be read: a: "),
            (#"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, 4, "its safetensors header cannot be read: a has no dtype"),
            (tensor("F32", "[1.5]", "[0,4]"), 4, "its safetensors header cannot be read: "),
            (tensor("F8_E4M3", "[4]", "[0,4]"), 4, "tensor a has the element type F8_E4M3, which is not read"),
            (tensor("F32", "[1]", "[0,4,8]"), 8, "tensor a has the offsets [0, 4, 8], which are no range"),
            (tensor("F32", "[1]", "[4,0]"), 4, "tensor a has the offsets [4, 0], which are no range"),
            (tensor("F32", "[1]", "[-4,0]"), 4, "tensor a has the offsets [-4, 0], which are no range"),
            (tensor("F32", "[2]", "[0,8]"), 4, "tensor a lies at bytes 0–8 of only 4: the file ends early or lies"),
            (
                tensor("F32", "[1]", "[9223372036854775800,9223372036854775807]"), 4,
                "tensor a lies at bytes 9223372036854775800–9223372036854775807 of only 4: the file ends early or lies"
            ),
            (tensor("F32", "[1]", "[4,8]"), 8, "bytes 0–4 before tensor a belong to no tensor"),
            (tensor("F32", "[1]", "[0,4]"), 9, "bytes 4–9 at its end belong to no tensor"),
            (tensor("F32", "[2]", "[0,4]"), 4, "tensor a of shape [2] and type F32 does not fit its 4 bytes"),
            (tensor("F32", "[-1]", "[0,4]"), 4, "tensor a of shape [-1] and type F32 does not fit its 4 bytes"),
            (tensor("F32", "[-1,-1]", "[0,4]"), 4, "tensor a of shape [-1, -1] and type F32 does not fit its 4 bytes"),
            (
                tensor("F32", "[4294967296,4294967296]", "[0,4]"), 4,
                "tensor a of shape [4294967296, 4294967296] and type F32 does not fit its 4 bytes"
            ),
            (
                tensor("F32", "[0,4611686018427387904,4611686018427387904]", "[0,0]"), 0,
                "tensor a of shape [0, 4611686018427387904, 4611686018427387904] and type F32 does not fit its 0 bytes"
            ),
            (
                tensor("F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]"), 4,
                "tensor a of shape [1, 1, 1, 1, 1, 1, 1, 1, 1] and type F32 does not fit its 4 bytes"
            ),
            (
                #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
                8, "tensors a and b overlap"
            ),
        ]
    )
    func refused(header: String, size: Int, expected: String) {
        let file = header.isEmpty ? Data() : CheckpointBytes.safetensors(header, Data(count: size))
        let problem = CheckpointBytes.problem(of: file)
        #expect(problem?.hasPrefix(expected) == true, "\(problem ?? "opened")")
    }

    private static func tensor(_ type: String, _ shape: String, _ offsets: String) -> String {
        #"{"a":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}}"#
    }

    @Test("a header that claims more than there is")
    func headerSizes() {
        let json = Data(#"{"a":1}"#.utf8)
        #expect(
            CheckpointBytes.problem(of: little(UInt64(1) << 60 as UInt64) + json)
                == "its safetensors header claims to be 1152921504606846976 bytes long; at most 8000000 are accepted"
        )
        #expect(
            CheckpointBytes.problem(of: little(UInt64(100)) + json)
                == "the file ends early: its header claims 100 bytes and only 7 follow"
        )
        #expect(
            CheckpointBytes.problem(of: Data([1, 2])) == "this is neither a safetensors nor a PyTorch file (2 bytes)"
        )
        #expect(
            CheckpointBytes.problem(of: Data("GIF89a and a picture".utf8))
                == "this is neither a safetensors nor a PyTorch file"
        )
        #expect(CheckpointBytes.problem(of: Data([0x80, 2]) + Data(count: 6) + Data([0xFF]))?.isEmpty == false)
        #expect(
            CheckpointBytes.problem(of: Data([0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9]))
                == "this is a bare pickle; load it in Python and write it with torch.save"
        )
    }

    @Test("deep nesting, and very many or unprintable names, end in a message")
    func excess() throws {
        let deep = String(repeating: "[", count: 100_000)
        #expect(CheckpointBytes.problem(of: CheckpointBytes.safetensors("{\"a\":\(deep)"))?.isEmpty == false)
        let entries = (0..<20_000).map { #""t\#($0)":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}"# }
        #expect(
            CheckpointBytes.problem(of: CheckpointBytes.safetensors("{\(entries.joined(separator: ","))}"))
                == "it holds 20000 tensors; at most 10000 are accepted"
        )
        let escape = #"{"\u001b[2J":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
        let problem = try #require(CheckpointBytes.problem(of: CheckpointBytes.safetensors(escape, Data(count: 4))))
        #expect(problem == "it holds a tensor with the unprintable or overlong name \u{FFFD}[2J")
        let long = String(repeating: "x", count: 100_000)
        let far = #"{"\#(long)":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#
        #expect(CheckpointBytes.problem(of: CheckpointBytes.safetensors(far, Data(count: 4)))?.count == 600)
    }

    @Test("every element type, single numbers, empty tensors and a wrapper's prefix are read")
    func elements() throws {
        let parts: [(String, String, Data, [Float])] = [
            ("F64", "[2]", bytes([1.5, -2.5]), [1.5, -2.5]), ("F32", "[]", bytes([Float(7)]), [7]),
            ("F16", "[3]", bytes([Float16(0.5), -1, 65504]), [0.5, -1, 65504]),
            ("BF16", "[2]", bytes([UInt16(0x3F80), 0xC000]), [1, -2]), ("I64", "[1]", bytes([Int64(-3)]), [-3]),
            ("I32", "[1]", bytes([Int32(4)]), [4]), ("I16", "[1]", bytes([Int16(-5)]), [-5]),
            ("I8", "[2]", bytes([Int8(-6), 6]), [-6, 6]), ("U8", "[1]", bytes([UInt8(255)]), [255]),
            ("BOOL", "[2]", bytes([UInt8(1), 0]), [1, 0]), ("F32", "[2,0,3]", Data(), []),
        ]
        var data = Data()
        let header = parts.enumerated().map { index, part in
            let start = data.count
            data += part.2
            return
                #""module.t\#(index)":{"dtype":"\#(part.0)","shape":\#(part.1),"data_offsets":[\#(start),\#(data.count)]}"#
        }
        let checkpoint = try CheckpointBytes.open(
            CheckpointBytes.safetensors("{\(header.joined(separator: ","))}", data)
        )
        #expect(checkpoint.tensors.count == parts.count)
        for (index, part) in parts.enumerated() {
            #expect(checkpoint.tensors["t\(index)"]?.floats() == part.3, "\(part.0)")
        }
    }
}
