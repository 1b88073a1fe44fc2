import Foundation
import MobileCLIP
import TestSupport
import Testing

/// Files that PyTorch wrote in its old format, and some that are made wrong by hand.
@Suite("PyTorch files from before version 1.6")
struct LegacyTorchFileTests {
    /// What `make.py` put into all but `views.pt`.
    private static let expected: [String: (shape: [Int], values: [Float])] = [
        "numbers": ([3, 4], (0..<12).map { Float($0) }),
        "transposed": ([4, 3], [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]),
        "row": ([4], [4, 5, 6, 7]), "column": ([3], [2, 6, 10]), "half": ([2], [1.5, -2]),
        "brain": ([1, 3], [2, 1, -0.5]), "count": ([], [7]), "empty": ([0, 3], []), "parameter": ([2], [3, 4]),
    ]

    @Test(
        "views, shared storages, element types and wrappers are read as from a new file",
        arguments: ["legacy.pt", "legacy-protocol-4.pt", "legacy-wrapped.pt", "legacy-model.pt"]
    )
    func tensors(name: String) throws {
        let checkpoint = try Checkpoint(path: ReferenceData.torchFile(name).path)
        #expect(checkpoint.format == .torch)
        #expect(checkpoint.tensors.count == Self.expected.count)
        for (name, expected) in Self.expected {
            let tensor = try #require(checkpoint.tensors[name])
            #expect(tensor.shape == expected.shape && tensor.floats() == expected.values, "\(name)")
        }
        #expect(checkpoint.tensors["half"]?.type == .float16 && checkpoint.tensors["brain"]?.type == .bfloat16)
        #expect(try checkpoint.digest() == Checkpoint(path: ReferenceData.torchFile("zip.pt").path).digest())
    }

    @Test("storages that are a part of another")
    func parts() throws {
        let tensors = try Checkpoint(path: ReferenceData.torchFile("views.pt").path).tensors
        #expect(tensors["numbers"]?.floats() == (0..<12).map { Float($0) })
        #expect(tensors["row"]?.floats() == [4, 5, 6, 7])
        #expect(tensors["end"]?.floats() == [10, 11])
    }

    @Test("every shorter file is refused")
    func cut() throws {
        let file = try Data(contentsOf: ReferenceData.torchFile("legacy.pt"))
        for size in 0..<file.count { #expect(CheckpointBytes.problem(of: file.prefix(size)) != nil, "cut at \(size)") }
        let problem = CheckpointBytes.problem(of: file.dropLast())
        #expect(problem?.hasPrefix("the file ends early: of its storage ") == true, "\(problem ?? "opened")")
    }

    private static let plain = Pickle.tensor(Pickle.storage("a"), shape: [2, 2], strides: [2, 1])
    private static let floats = little(4) + bytes([Float(1), 2, 3, 4])

    private func problem(
        version: Int = 1001,
        isLittle: Bool = true,
        _ tensor: Data = plain,
        keys: [String] = ["a"],
        storages: Data = floats
    ) -> String? {
        let facts = Pickle.dictionary([("little_endian", Data([isLittle ? 0x88 : 0x89]))])
        let list = Pickle.op("](") + keys.map(Pickle.text).reduce(Data(), +) + Pickle.op("e")
        let magic = Data([0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19])
        let pickles = [magic, Pickle.number(version), facts, Pickle.dictionary([("weight", tensor)]), list]
        return CheckpointBytes.problem(of: pickles.map(Pickle.whole).reduce(Data(), +) + storages)
    }

    private static func part(_ offset: Int, _ count: Int, of total: Int = 4) -> Data {
        let view = Pickle.tuple([Pickle.text("b"), Pickle.number(offset), Pickle.number(count)])
        let type = Pickle.global("torch", "FloatStorage")
        return Pickle.tuple([
            Pickle.text("storage"), type, Pickle.text("a"), Pickle.text("cpu"), Pickle.number(total), view,
        ]) + Pickle.op("Q")
    }

    @Test("files of another version or machine, and storages that do not agree with the pickle")
    func malformed() {
        #expect(problem() == nil)
        #expect(problem(version: 1000) == "its format has another version than 1001")
        #expect(
            problem(isLittle: false) == "it was written on a big-endian machine; load it there and save it again"
        )
        #expect(problem(keys: []) == "its storage a is missing: the file is incomplete")
        let unknown = "its list of storages names a twice, or its pickle does not"
        #expect(problem(keys: ["a", "a"]) == unknown)
        #expect(problem(keys: ["b"]) == unknown.replacing("names a", with: "names b"))
        #expect(
            problem(storages: Data(count: 7))
                == "the file ends early: its storage a is missing; copy or download it again"
        )
        #expect(problem(storages: little(5) + Data(count: 20)) == "its storage a has 5 elements, and 4 in its pickle")
        #expect(problem(storages: little(-1) + Data(count: 20)) == "its storage a has -1 elements, and 4 in its pickle")
        let huge = Pickle.tensor(Pickle.storage("a", count: 1 << 40), shape: [1], strides: [1])
        #expect(
            problem(huge, storages: little(1 << 40) + Data(count: 16))
                == "the file ends early: of its storage a of 1099511627776 elements only 16 bytes are there; "
                + "copy or download it again"
        )
        let largest = Pickle.tensor(Pickle.storage("a", count: .max), shape: [1], strides: [1])
        #expect(problem(largest, storages: little(Int.max))?.hasPrefix("the file ends early: of its storage a") == true)
        let halves = Pickle.tuple([Pickle.storage("a", "HalfStorage"), Pickle.storage("a")])
        #expect(problem(halves) == "its pickle describes the storage a in two ways")
    }

    @Test("parts of storages, and tensors in them, stay inside")
    func partsInside() {
        let outside = "a tensor of shape [2] reaches outside of its storage a"
        for (offset, count, start, expected) in [
            (2, 2, 0, nil), (2, 2, 1, outside), (0, 1, 0, outside), (4, 0, 0, outside), (2, 2, 1 << 62, outside),
            (3, 2, 0, "its pickle refers to something that is no tensor storage"),
            (-1, 2, 0, "its pickle refers to something that is no tensor storage"),
            (1 << 62, 1 << 62, 0, "its pickle refers to something that is no tensor storage"),
        ] as [(Int, Int, Int, String?)] {
            let tensor = Pickle.tensor(Self.part(offset, count), offset: start, shape: [2], strides: [1])
            #expect(problem(tensor) == expected, "\(offset) \(count) \(start)")
        }
    }

    @Test("nothing is called, in the old format either")
    func names() {
        let call = Pickle.global("os", "system") + Pickle.tuple([Pickle.text("echo owned")]) + Pickle.reduce
        #expect(
            problem(call) == "its pickle names `os.system`; a checkpoint may only build tensors, so it is refused"
        )
    }
}
