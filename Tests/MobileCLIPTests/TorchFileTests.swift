import Foundation
import MobileCLIP
import TestSupport
import Testing

@Suite("PyTorch files")
struct TorchFileTests {
    private static let plain = Pickle.tensor(Pickle.storage("0"), shape: [2, 2], strides: [2, 1])
    private static let floats = bytes([Float(1), 2, 3, 4])

    private func problem(_ pickle: Data, storages: [String: Data] = ["0": floats]) -> String? {
        CheckpointBytes.problem(of: CheckpointBytes.torch(pickle, storages: storages))
    }

    @Test(
        "a pickle that names anything but tensors is refused, however it names it",
        arguments: [
            ("os", "system"), ("posix", "system"), ("builtins", "eval"), ("__builtin__", "eval"),
            ("builtins", "getattr"),
            ("torch", "load"), ("torch._utils", "_rebuild_tensor"), ("collections", "OrderedDict.__class__"),
        ]
    )
    func names(module: String, name: String) {
        let expected =
            "its pickle names `\(module).\(name)`; a checkpoint may only build tensors, so it is refused"
        let call = Pickle.tuple([Pickle.text("echo owned")]) + Pickle.reduce
        #expect(problem(Pickle.whole(Pickle.global(module, name) + call)) == expected)
        #expect(problem(Pickle.whole(Pickle.stackGlobal(module, name) + call)) == expected)
        #expect(problem(Pickle.state(Pickle.global(module, name) + call)) == expected)
    }

    @Test("a name in an error cannot drive a terminal")
    func escapes() {
        let problem = problem(Pickle.whole(Pickle.global("\u{1B}]0;title\u{7}", "x")))
        #expect(problem?.contains("`\u{FFFD}]0;title\u{FFFD}.x`") == true, "\(problem ?? "opened")")
    }

    @Test("calling a storage, or anything that is no function, is malformed")
    func calls() {
        for function in [Pickle.global("torch", "FloatStorage"), Pickle.text("os.system"), Pickle.op("N")] {
            #expect(
                problem(Pickle.whole(function + Pickle.op(")R")))?.hasPrefix("its pickle is malformed near byte")
                    == true
            )
        }
        for opcode in ["i", "o"] {
            #expect(
                problem(Pickle.start + Pickle.op("(" + opcode))
                    == "its pickle creates objects of other classes; a checkpoint may only build tensors"
            )
        }
        #expect(
            problem(Pickle.start + Pickle.op("P")) == "its pickle has the operation 0x50, which no state dict needs"
        )
    }

    @Test("sizes, strides and offsets outside of the storage")
    func bounds() {
        let cases: [(Int, [Int], [Int])] = [
            (0, [5], [1]), (1, [4], [1]), (0, [1 << 40], [1]), (0, [1 << 40], [0]), (0, [1 << 62, 4], [0, 0]),
            (0, [2, 2], [1 << 62, 1]), (0, [2], [-1]), (3, [2], [-1]), (0, [-2], [1]), (0, [2, 2], [2]),
            (0, [2], [2, 1]),
            (1 << 61, [1], [1]), (5, [1], [1]), (0, [0, 1 << 62, 1 << 62], [1, 1, 1]), (0, [2, 2], [3, 1]),
            (0, [1 << 30], [0]),
        ]
        for (offset, shape, strides) in cases {
            let tensor = Pickle.tensor(Pickle.storage("0"), offset: offset, shape: shape, strides: strides)
            #expect(
                problem(Pickle.state(tensor))
                    == "a tensor of shape \(shape) reaches outside of its storage 0",
                "\(offset) \(shape) \(strides)"
            )
        }
        let negative = Pickle.tensor(Pickle.storage("0"), offset: -1, shape: [1], strides: [1])
        #expect(problem(Pickle.state(negative))?.hasPrefix("its pickle is malformed near byte") == true)
        let missing = Pickle.tensor(Pickle.storage("7"), shape: [1], strides: [1])
        #expect(problem(Pickle.state(missing)) == "its storage 7 is missing: the file is incomplete")
    }

    @Test("tensors that claim many times the file together")
    func claims() {
        // A stride of 0 makes a mebibyte of four bytes; fifty of them are no checkpoint.
        let wide = Pickle.tensor(Pickle.storage("0"), shape: [1 << 18], strides: [0])
        #expect(problem(Pickle.state(wide)) == nil)
        let many = (0..<50).map { ("t\($0)", wide) }
        #expect(
            problem(Pickle.whole(Pickle.dictionary(many)))?.hasPrefix("its tensors claim 52428800 bytes together")
                == true
        )
    }

    @Test(
        "deep tuples, long chains, rings and memo bombs end quickly, in a message or in nothing",
        .timeLimit(.minutes(1))
    )
    func bombs() {
        let deep = Pickle.op(")") + Data(repeating: 0x85, count: 100_000)
        #expect(problem(Pickle.whole(deep)) == "its pickle nests tuples too deeply")

        // ((([]))): every list appended to the one before it.
        let chain =
            Data(repeating: UInt8(ascii: "]"), count: 1_000_000) + Data(repeating: UInt8(ascii: "a"), count: 999_999)
        #expect(problem(Pickle.whole(chain)) == "its pickle holds no dictionary of tensors (a state dict)")
        let ring = Pickle.op("]q\u{0}h\u{0}a")
        #expect(problem(Pickle.whole(ring)) == "its pickle holds no dictionary of tensors (a state dict)")
        let dictionaries = Pickle.op("}q\u{0}") + Pickle.text("state_dict") + Pickle.op("h\u{0}s")
        #expect(problem(Pickle.whole(dictionaries)) == "its pickle holds no dictionary of tensors (a state dict)")

        // Every list holds the one before it ten times: 10^1000 elements for whoever follows them.
        var bomb = Pickle.op("]q\u{0}")
        for _ in 0..<1000 { bomb += Pickle.op("0](" + String(repeating: "h\u{0}", count: 10) + "eq\u{0}") }
        #expect(problem(Pickle.whole(bomb)) == "its pickle holds no dictionary of tensors (a state dict)")

        // One shape of a million numbers, used a hundred thousand times.
        let shape = Pickle.op("(") + Data(repeating: 0x88, count: 1_000_000) + Pickle.op("tq\u{1}0")
        let storage = Pickle.storage("0") + Pickle.op("q\u{2}0")
        let function = Pickle.global("torch._utils", "_rebuild_tensor_v2") + Pickle.op("q\u{3}0")
        let use = Pickle.op("h\u{3}(h\u{2}K\u{0}h\u{1}h\u{1}tR0")
        let repeated = (0..<100_000).reduce(into: Data()) { data, _ in data += use }
        #expect(
            problem(Pickle.start + shape + storage + function + repeated)?.hasPrefix("its pickle is malformed") == true
        )

        #expect(
            problem(Pickle.start + Data(repeating: UInt8(ascii: "("), count: 5 << 20))
                == "its pickle is malformed near byte 1048579"
        )
        for text in ["X\u{7F}\u{7F}\u{7F}\u{7F}", "M", "", "c", "cos\n", "(((", "h\u{1}", "."] {
            #expect(
                problem(Pickle.start + Pickle.op(text))?.hasPrefix("its pickle ") == true,
                "\(text.debugDescription)"
            )
        }
        #expect(problem(Pickle.start + Data([0x8D]) + little(UInt64.max))?.hasPrefix("its pickle ") == true)
        #expect(problem(Pickle.start + Data([0x8A, 9]) + Data(count: 9))?.hasPrefix("its pickle is malformed") == true)
    }

    @Test("archives that are cut, compressed, without a pickle, or from another machine")
    func archives() {
        let file = CheckpointBytes.torch(Pickle.state(Self.plain), storages: ["0": Self.floats])
        #expect(CheckpointBytes.problem(of: file) == nil)
        for size in 4..<file.count {
            #expect(CheckpointBytes.problem(of: file.prefix(size))?.isEmpty == false, "cut at \(size)")
        }
        #expect(
            CheckpointBytes.problem(of: file.prefix(file.count - 1))
                == "the file ends early: the directory at the end of a PyTorch file is missing; copy or download it again"
        )
        #expect(
            CheckpointBytes.problem(of: CheckpointBytes.zip([("a/data.pkl", Data())], method: 8))
                == "its entry a/data.pkl is compressed; PyTorch stores them plain"
        )
        #expect(
            CheckpointBytes.problem(of: CheckpointBytes.zip([("a/other", Data())]))
                == "this zip archive is no PyTorch file: it has no data.pkl"
        )
        #expect(
            CheckpointBytes.problem(of: CheckpointBytes.zip([]))
                == "this zip archive is no PyTorch file: it has no data.pkl"
        )
        #expect(
            CheckpointBytes.problem(of: CheckpointBytes.torch(Pickle.state(Self.plain), byteOrder: "big"))
                == "it was written on a big-endian machine; load it there and save it again"
        )
    }

    @Test(
        "the torn download of a real checkpoint",
        .enabled(if: ReferenceData.hasRealWeights, "shared/reference/mobileclip_s0_partial is absent")
    )
    func torn() {
        let path = ReferenceData.shared.appendingPathComponent(
            "reference/mobileclip_s0_partial/mobileclip_s0.truncated.pt"
        ).path
        #expect(
            throws: ModelError(
                path: path,
                problem:
                    "the file ends early: the directory at the end of a PyTorch file is missing; copy or download it again"
            )
        ) { try Checkpoint(path: path) }
    }

    @Test("strides, offsets, shared storages, element types and wrappers are read right")
    func views() throws {
        let storages = [
            "0": bytes((0..<12).map { Float($0) }), "1": bytes([Float16(1.5), -2]),
            "2": bytes([UInt16(0x4000), 0x3F80]),
            "3": bytes([0.25, -8]), "4": bytes([Int64(12)]),
        ]
        let whole = Pickle.storage("0", count: 12)
        let parameter = Pickle.tuple([Pickle.tensor(whole, shape: [], strides: []), Data([0x88]), Pickle.op("N")])
        let items: [(String, Data, [Float])] = [
            (
                "transposed", Pickle.tensor(whole, shape: [4, 3], strides: [1, 4]),
                [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]
            ),
            ("rows", Pickle.tensor(whole, offset: 4, shape: [2, 2], strides: [4, 1]), [4, 5, 8, 9]),
            ("single", Pickle.tensor(whole, offset: 2, shape: [1, 3, 1], strides: [999, 1, 77]), [2, 3, 4]),
            ("repeated", Pickle.tensor(whole, offset: 11, shape: [2, 2], strides: [0, 0]), [11, 11, 11, 11]),
            ("empty", Pickle.tensor(whole, shape: [0, 5], strides: [5, 1]), []),
            ("half", Pickle.tensor(Pickle.storage("1", "HalfStorage", count: 2), shape: [2], strides: [1]), [1.5, -2]),
            (
                "brain", Pickle.tensor(Pickle.storage("2", "BFloat16Storage", count: 2), shape: [2], strides: [1]),
                [2, 1]
            ),
            (
                "double", Pickle.tensor(Pickle.storage("3", "DoubleStorage", count: 2), shape: [2], strides: [1]),
                [0.25, -8]
            ),
            ("long", Pickle.tensor(Pickle.storage("4", "LongStorage", count: 1), shape: [], strides: []), [12]),
            ("parameter", Pickle.global("torch._utils", "_rebuild_parameter") + parameter + Pickle.reduce, [0]),
        ]
        let state = items.map { ("module." + $0.0, $0.1) }
        let inner = Pickle.dictionary(state)
        let wrapped = Pickle.dictionary([
            ("epoch", Pickle.number(3)), ("state_dict", inner), ("optimizer", Pickle.op("}")),
        ])
        for pickle in [inner, wrapped] {
            let checkpoint = try CheckpointBytes.open(CheckpointBytes.torch(Pickle.whole(pickle), storages: storages))
            #expect(checkpoint.format == .torch)
            #expect(checkpoint.tensors.count == items.count)
            for (name, _, values) in items { #expect(checkpoint.tensors[name]?.floats() == values, "\(name)") }
        }
    }

    @Test("the digest is of the numbers, not of their layout in memory")
    func digest() throws {
        for (type, across, along) in [
            ("FloatStorage", bytes([Float(1), 2, 3, 4, 5, 6]), bytes([Float(1), 4, 2, 5, 3, 6])),
            ("HalfStorage", bytes([Float16(1), 2, 3, 4, 5, 6]), bytes([Float16(1), 4, 2, 5, 3, 6])),
        ] {
            let digests = try [(across, [3, 1]), (along, [1, 2])].map { data, strides in
                let tensor = Pickle.tensor(Pickle.storage("0", type, count: 6), shape: [2, 3], strides: strides)
                return try CheckpointBytes.open(CheckpointBytes.torch(Pickle.state(tensor), storages: ["0": data]))
                    .digest()
            }
            #expect(digests[0] == digests[1], "\(type)")
        }
    }
}
