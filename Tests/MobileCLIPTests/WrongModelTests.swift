import Foundation
import MobileCLIP
import TestSupport
import Testing

/// Well-formed files that hold the wrong tensors.
@Suite("Wrong models")
struct WrongModelTests {
    private static let image = "image_encoder.model."
    private static let text = "text_encoder."

    /// What is wrong with the made-up model once some of its tensors have other shapes (empty: none) or values.
    private func problem(_ changes: [(name: String, shape: [Int]?, value: Float)]) throws -> String? {
        var entries: [String: CheckpointWriter.Entry?] = [:]
        for (name, shape, value) in changes {
            entries[name] = .some(
                shape.map { .init(name, $0, [Float](repeating: value, count: $0.reduce(1, *))) }
            )
        }
        do {
            let model = try Model(MadeUpModel.open(changing: entries))
            _ = try model.makeImageTower()
            _ = try model.makeTextEncoder()
            return nil
        } catch let error as ModelError {
            return error.problem
        }
    }

    @Test("nothing changed, nothing wrong")
    func right() throws {
        #expect(try problem([]) == nil)
    }

    @Test("every tensor is needed, a missing one is told, and a tower never just ends early")
    func missing() throws {
        let optional = [".rbr_scale.conv.weight", ".rbr_skip.weight", ".small_conv.conv.weight"]
        // Blocks are recognised by these; without them, the rest of the block has no place.
        let keys = [
            ".0.layer_scale", ".1.layer_scale", ".2.layer_scale", ".pe.weight", ".qkv.weight", "lkb_origin.conv.weight",
            "pre_norm_mha.0.weight", "convffn.fc1.weight", "se.fc1.weight",
        ]
        let names = MadeUpModel.layout.map(\.name).filter { name in !optional.contains { name.hasSuffix($0) } }
        let sample = names.enumerated().filter { index, name in
            index.isMultiple(of: 5) || keys.contains { name.hasSuffix($0) } || name.hasSuffix("head.proj")
        }.map(\.element)
        for name in sample {
            let problem = try problem([(name, nil, 0)]) ?? "accepted"
            if keys.contains(where: { name.hasSuffix($0) }) {
                #expect(problem.contains("missing") || problem.contains("incomplete"), "\(name): \(problem)")
            } else if name.hasSuffix("head.proj") {
                #expect(problem == "its MobileCLIP image tower is incomplete; copy or download the file again")
            } else if name.hasSuffix("embedding_layer.weight") {
                #expect(problem.contains("no text tower"))
            } else {
                #expect(problem == "tensor \(name) is missing")
            }
        }
        #expect(try problem([("logit_scale", nil, 0)]) == "tensor logit_scale is missing")
        let extra = Self.image + "network.9.0.layer_scale"
        #expect(
            try problem([(extra, [16, 1, 1], 1)])
                == "tensor \(extra) has no place in this model: it is of another kind, or tensors beside it are missing"
        )
    }

    @Test("numbers that no weight has are named with their place")
    func values() throws {
        let bias = Self.image + "network.0.0.convffn.fc1.bias"
        #expect(try problem([(bias, [48], .nan)]) == "tensor \(bias) holds nan at element 0; the checkpoint is damaged")
        #expect(
            try problem([(Self.image + "head.proj", [256, 48], -.infinity)])
                == "tensor \(Self.image)head.proj holds -inf at element 0; the checkpoint is damaged"
        )
        #expect(
            try problem([(Self.text + "embedding_layer.weight", [49408, 64], .nan)])
                == "tensor \(Self.text)embedding_layer.weight holds nan at element 0; the checkpoint is damaged"
        )
        let norm = Self.image + "patch_embed.0.rbr_conv.0.bn"
        #expect(
            try problem([(norm + ".running_var", [16], -1)])
                == "tensor \(norm).running_var holds -1.0 at element 0; a variance is never negative"
        )
        #expect(
            try problem([(norm + ".weight", [16], 3e38), (norm + ".running_var", [16], 0)])
                == "the batch norm \(norm) overflows; the checkpoint is damaged"
        )
        for (value, words) in [(Float(0), "0.0"), (-4, "-4.0"), (100, "100.0")] {
            #expect(
                try problem([("logit_scale", [], value)]) == "its logit_scale is \(words); published ones are near 4.2"
            )
        }
        #expect(
            try problem([("logit_scale", [], .nan)])
                == "tensor logit_scale holds nan at element 0; the checkpoint is damaged"
        )
    }

    @Test("shapes that do not fit are named, and never read past")
    func shapes() throws {
        let (image, text) = (Self.image, Self.text)
        let stem = image + "patch_embed."
        let mixer = image + "network.0.0."
        let down = image + "network.1.proj."
        let cases: [(changes: [(String, [Int]?, Float)], expected: String)] = [
            ([("logit_scale", [1], 4)], "tensor logit_scale has the shape [1], not [] as this model needs"),
            ([(mixer + "convffn.fc1.bias", [0], 0)], "tensor \(mixer)convffn.fc1.bias is empty: its shape is [0]"),
            (
                [(mixer + "layer_scale", [17, 1, 1], 1)],
                "tensor \(mixer)layer_scale has the shape [17, 1, 1], not [16, 1, 1] as"
            ),
            (
                [(mixer + "convffn.fc1.weight", [48, 15, 1, 1], 1)],
                "tensor \(mixer)convffn.fc1.weight has the shape [48, 15"
            ),
            (
                [(mixer + "convffn.fc2.weight", [16, 47, 1, 1], 1)],
                "tensor \(mixer)convffn.fc2.weight has the shape [16, 47"
            ),
            (
                [(mixer + "convffn.fc1.weight", [272, 16, 1, 1], 1), (mixer + "convffn.fc1.bias", [272], 1)],
                "\(mixer)convffn.fc1 widens 16 channels to 272, which no MobileCLIP does"
            ),
            (
                [(mixer + "convffn.conv.conv.weight", [16, 1, 5, 5], 1)],
                "\(mixer)convffn.conv is a convolution of shape [16, 1, 5, 5], not [16, 1, 7, 7] as this model needs"
            ),
            (
                [(mixer + "convffn.conv.conv.weight", [16, 7, 7], 1)],
                "tensor \(mixer)convffn.conv.conv.weight has the shape [16"
            ),
            // Branches beside each other: fewer channels, a larger window.
            (
                [(stem + "1.rbr_scale.conv.weight", [8, 1, 1, 1], 1)] + norm(stem + "1.rbr_scale.bn", 8),
                "\(stem)1.rbr_scale is a convolution of shape [8, 1, 1, 1], which does not fit the one of [16, 1, 3, 3] beside it"
            ),
            (
                [(stem + "1.rbr_scale.conv.weight", [16, 1, 5, 5], 1)],
                "\(stem)1.rbr_scale is a convolution of shape [16, 1, 5, 5], which does not fit the one of [16, 1, 3, 3]"
            ),
            (
                [(down + "0.small_conv.conv.weight", [32, 2, 3, 3], 1)],
                "\(down)0.small_conv is a convolution of shape [32, 2, 3, 3], which does not fit the one of [32, 1, 7, 7]"
            ),
            (
                [(stem + "1.rbr_skip.weight", [15], 1)],
                "tensor \(stem)1.rbr_skip.weight has the shape [15], not [16] as this model needs"
            ),
            // Layers behind each other.
            (
                [(stem + "2.rbr_conv.0.conv.weight", [16, 64, 1, 1], 1)], "\(stem)2 does not fit the layer before it"
            ),
            (
                [(stem + "2.rbr_conv.0.conv.weight", [16, 16, 3, 3], 1)], "\(stem)2 is not a 1×1 convolution"
            ),
            (
                [(down + "1.rbr_conv.0.conv.weight", [32, 16, 1, 1], 1)], "\(down)1 does not fit the layer before it"
            ),
            (
                [
                    (image + "conv_exp.se.reduce.weight", [300, 256, 1, 1], 1),
                    (image + "conv_exp.se.reduce.bias", [300], 1),
                    (image + "conv_exp.se.expand.weight", [256, 300, 1, 1], 1),
                ],
                "\(image)conv_exp.se.reduce widens 256 channels to 300 instead of reducing them"
            ),
            (
                [(image + "head.proj", [255, 48], 1)],
                "tensor \(image)head.proj has the shape [255, 48], not [256, any] as"
            ),
            (
                [(image + "head.proj", [256, 40], 1)],
                "its text embeddings are 48 wide and its image embeddings 40: they cannot be compared"
            ),
            (
                [(text + "embedding_layer.weight", [100, 64], 1)],
                "tensor \(text)embedding_layer.weight has the shape [100, 64]"
            ),
            (
                [(text + "embedding_layer.weight", [49408, 63], 1)],
                "its text tower is 63 wide, which is no whole heads"
            ),
            (
                [(text + "positional_embedding.pos_embed.pos_embed", [1, 1, 1, 64], 1)],
                "its text tower has a context of 1 tokens"
            ),
            (
                [(text + "projection_layer", [64, 300], 1)],
                "its text embeddings are 300 wide, which no MobileCLIP's are"
            ),
        ]
        for (changes, expected) in cases {
            let problem = try problem(changes)
            #expect(problem?.hasPrefix(expected) == true, "\(problem ?? "accepted"), not \(expected)")
        }
    }

    private func norm(_ name: String, _ width: Int) -> [(String, [Int]?, Float)] {
        ["weight", "bias", "running_mean", "running_var"].map { ("\(name).\($0)", [width], 1) }
    }

    @Test("widths that would take gigabytes are refused before they do")
    func widths() throws {
        let stem = Self.image + "patch_embed."
        let wide = 1000
        let changes: [(String, [Int]?, Float)] =
            [
                (stem + "0.rbr_conv.0.conv.weight", [wide, 3, 3, 3], 1), (stem + "0.rbr_scale.conv.weight", nil, 1),
                (stem + "1.rbr_conv.0.conv.weight", [wide, 1, 3, 3], 1), (stem + "1.rbr_scale.conv.weight", nil, 1),
                (stem + "1.rbr_skip.weight", nil, 1), (stem + "2.rbr_conv.0.conv.weight", [16, wide, 1, 1], 1),
            ] + norm(stem + "0.rbr_conv.0.bn", wide) + norm(stem + "1.rbr_conv.0.bn", wide)
            + [(stem + "2.rbr_skip.weight", nil, 1)]
        #expect(
            try problem(changes) == "its patch_embed is over 512 channels wide, which no MobileCLIP is"
        )
    }

    @Test(
        "other architectures are named",
        arguments: [
            (["visual.trunk.stem.0.conv_kxk.0.conv.weight"], "its MobileCLIP image tower is incomplete; "),
            (["visual.trunk.stages.0.blocks.0.conv_dw.weight"], "this is an open_clip model of another family; "),
            (["visual.transformer.resblocks.0.ln_1.weight"], "this is a CLIP of another family; "),
            (["visual.conv1.weight"], "this is a CLIP of another family; "),
            (["image_encoder.model.patch_emb.0.block.conv.weight"], "its MobileCLIP image tower is incomplete; "),
            (["image_encoder.model.network.0.0.layer_scale"], "its MobileCLIP image tower is incomplete; "),
            (
                ["layer1.0.conv1.weight", "conv1.weight"],
                "this is no MobileCLIP checkpoint (its 2 tensors start with conv1"
            ),
        ]
    )
    func architectures(names: [String], expected: String) throws {
        let checkpoint = try MadeUpModel.open(names.map { .init($0, [1], [1]) })
        #expect {
            try Model(checkpoint)
        } throws: { ($0 as? ModelError)?.problem.hasPrefix(expected) == true }
    }

    @Test("paths that are no files")
    func paths() throws {
        let folder = FileManager.default.temporaryDirectory.path
        let missing = folder + "/scenewatch-\(UUID().uuidString)"
        let expected = [
            (folder, "this is a folder without model.safetensors.index.json; name the checkpoint file in it"),
            (missing, "no such file"),
            ("/dev/zero", "this is not a regular file"),
        ]
        for (path, problem) in expected {
            #expect(throws: ModelError(path: path, problem: problem)) { try Checkpoint(path: path) }
        }
        // Root may read anything.
        guard getuid() != 0 else { return }
        #expect(FileManager.default.createFile(atPath: missing, contents: Data(), attributes: [.posixPermissions: 0]))
        defer { try? FileManager.default.removeItem(atPath: missing) }
        #expect {
            try Checkpoint(path: missing)
        } throws: { ($0 as? ModelError)?.problem.lowercased() == "permission denied" }
    }
}
