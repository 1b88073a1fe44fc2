/// How the publishers name the same layers: Apple's own layout, and timm's, which open_clip's files have.
struct Layout: Sendable, Equatable {
    /// Apple's names, or timm's (image towers) and open_clip's (text towers).
    enum Names: Sendable {
        case apple
        case openCLIP
    }

    let names: Names
    /// What stands before the names of the image tower's tensors.
    let image: String
    /// What stands before those of the text tower; nil where the file has none.
    let text: String?

    /// What the image tower's parts are called.
    var blocks: BlockNames { names == .apple ? .apple : .timm }

    /// The image tower's last layer: a matrix stored as (inputs, outputs), or a linear layer with its bias.
    func head(isTransformer: Bool) -> (name: String, isTransposed: Bool) {
        switch names {
        case .apple: (image + (isTransformer ? "classifier.proj" : "head.proj"), true)
        case .openCLIP: (image + (isTransformer ? "head" : "head.fc"), false)
        }
    }

    /// The length of the image embeddings, without reading the tower; nil where its last layer is missing.
    func imageEmbeddingWidth(_ checkpoint: Checkpoint) -> Int? {
        let (name, isTransposed) = head(isTransformer: checkpoint.tensors[image + "cls_token"] != nil)
        return isTransposed
            ? checkpoint.tensors[name]?.shape.last : checkpoint.tensors[name + ".weight"]?.shape.first
    }

    /// The text tower's last layer, stored as (inputs, outputs) in both layouts; nil without a text tower.
    var textProjection: String? {
        text.map { $0 + (names == .apple ? "projection_layer" : "text_projection") }
    }

    /// The rows of the tokens; nil without a text tower.
    var tokens: String? {
        text.map { $0 + (names == .apple ? "embedding_layer." : "token_embedding.") }
    }
}

extension Layout {
    /// Finds the towers in a file by the names of its tensors; nil where there is no image tower.
    init?(of tensors: [String: Tensor]) {
        let begins = { (start: String) in tensors.keys.contains { $0.hasPrefix(start) } }
        if begins("image_encoder.model.patch_emb") || begins("image_encoder.model.cls_token") {
            names = .apple
            image = "image_encoder.model."
        } else if begins("visual.trunk.stem.") || begins("visual.trunk.cls_token") {
            names = .openCLIP
            image = "visual.trunk."
        } else if begins("stem.0.conv_kxk.") || begins("stem.0.reparam_conv.") || begins("cls_token") {
            names = .openCLIP
            image = ""
        } else {
            return nil
        }
        let texts =
            names == .apple
            ? [("text_encoder.", "embedding_layer.weight")]
            : [("text.", "token_embedding.weight"), ("", "token_embedding.weight")]
        text = texts.first { tensors[$0.0 + $0.1] != nil }?.0
    }
}

/// What a layout calls the parts of an MCi tower.
package struct BlockNames: Sendable, Equatable {
    let stem: String
    /// A MobileOne block's k×k branches, its 1×1 branch and its identity branch.
    let kernels: String
    let scale: String
    let skip: String
    /// Patch merging's large kernel, before and after folding.
    let largeKernel: String
    let foldedLargeKernel: String
    let positions: String
    let feedForward: String
    /// Behind the name of a layer scale.
    let layerScale: String
    /// The convolution before the mean, and its gates.
    let expansion: String
    let reduce: String
    let expand: String

    package static let apple = BlockNames(
        stem: "patch_embed",
        kernels: "rbr_conv",
        scale: "rbr_scale",
        skip: "rbr_skip",
        largeKernel: "lkb_origin",
        foldedLargeKernel: "lkb_reparam",
        positions: "pe",
        feedForward: "convffn",
        layerScale: "",
        expansion: "conv_exp",
        reduce: "se.reduce",
        expand: "se.expand"
    )

    package static let timm = BlockNames(
        stem: "stem",
        kernels: "conv_kxk",
        scale: "conv_scale",
        skip: "identity",
        largeKernel: "large_conv",
        foldedLargeKernel: "reparam_conv",
        positions: "pos_enc",
        feedForward: "mlp",
        layerScale: ".gamma",
        expansion: "final_conv",
        reduce: "se.fc1",
        expand: "se.fc2"
    )
}

/// What a layout calls the parts of a transformer layer.
struct TransformerNames: Sendable {
    let attentionNorm: String
    /// Up to `weight` and `bias`.
    let queriesKeysValues: String
    let projection: String
    let feedForwardNorm: String
    let expand: String
    let project: String

    /// Of both towers.
    static let apple = TransformerNames(
        attentionNorm: ".pre_norm_mha.0",
        queriesKeysValues: ".pre_norm_mha.1.qkv_proj.",
        projection: ".pre_norm_mha.1.out_proj",
        feedForwardNorm: ".pre_norm_ffn.0",
        expand: ".pre_norm_ffn.1",
        project: ".pre_norm_ffn.4"
    )

    /// Of image towers.
    static let timm = TransformerNames(
        attentionNorm: ".norm1",
        queriesKeysValues: ".attn.qkv.",
        projection: ".attn.proj",
        feedForwardNorm: ".norm2",
        expand: ".mlp.fc1",
        project: ".mlp.fc2"
    )

    /// Of text towers.
    static let openCLIP = TransformerNames(
        attentionNorm: ".ln_1",
        queriesKeysValues: ".attn.in_proj_",
        projection: ".attn.out_proj",
        feedForwardNorm: ".ln_2",
        expand: ".mlp.c_fc",
        project: ".mlp.c_proj"
    )
}
