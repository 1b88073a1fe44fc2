extension Variant {
    /// A published model, as data. Apple's files and open_clip's hold the same model in other words, and some have been
    /// published in one of the two only.
    private struct Published {
        let apple: String?
        let openCLIP: String?
        let image: ImageArchitecture
        let text: TextArchitecture
    }

    /// Vasu et al., arXiv 2311.17049, table 1; Faghri et al., arXiv 2508.20691, table 4.
    private static let published = [
        Published(
            apple: "mobileclip_s0",
            openCLIP: nil,
            image: mci0,
            text: TextArchitecture(
                [.mixer, .transformer, .transformer, .transformer, .transformer, .mixer],
                width: 512,
                embeddingWidth: 512
            )
        ),
        Published(apple: "mobileclip_s1", openCLIP: "MobileCLIP-S1", image: mci1, text: .plain(12, width: 512)),
        Published(
            apple: "mobileclip_s2",
            openCLIP: "MobileCLIP-S2/MobileCLIP2-S2",
            image: mci2,
            text: .plain(12, width: 512)
        ),
        Published(
            apple: "mobileclip_b",
            openCLIP: "MobileCLIP-B/MobileCLIP2-B",
            image: base,
            text: .plain(12, width: 512)
        ),
        Published(apple: nil, openCLIP: "MobileCLIP2-S0", image: mci0, text: .plain(12, width: 512)),
        Published(apple: nil, openCLIP: "MobileCLIP2-S3", image: mci3, text: .plain(12, width: 768)),
        Published(apple: nil, openCLIP: "MobileCLIP2-S4", image: mci4, text: .plain(12, width: 768)),
        Published(apple: nil, openCLIP: "MobileCLIP2-L-14", image: large, text: .plain(12, width: 768)),
    ]

    /// The name of the published model of this layout and these sizes.
    static func publishedName(_ layout: Layout, _ image: ImageArchitecture, _ text: TextArchitecture?) -> String? {
        guard let text else { return towers.first { $0.image == image }?.name }
        let found = published.filter { $0.image == image && $0.text == text }
        return found.lazy.compactMap { layout.names == .apple ? $0.apple : $0.openCLIP }.first
    }

    /// timm's names of the image towers.
    private static let towers: [(name: String, image: ImageArchitecture)] = [
        (name: "fastvit_mci0", image: mci0), ("fastvit_mci1", mci1), ("fastvit_mci2", mci2), ("fastvit_mci3", mci3),
        ("fastvit_mci4", mci4), ("vit_base_mci_224", base), ("vit_large_patch14_clip_224", large),
    ]

    private static let mci0 = convolutional([2, 6, 10, 2], 64)
    private static let mci1 = convolutional([4, 12, 20, 4], 64)
    private static let mci2 = convolutional([4, 12, 24, 4], 80)
    private static let mci3 = fiveStages([2, 12, 24, 4, 2], 96)
    private static let mci4 = fiveStages([2, 12, 24, 4, 4], 128)

    /// Four stages, the later patch mergings gated, batch norm before attention.
    private static func convolutional(_ depths: [Int], _ width: Int) -> ImageArchitecture {
        ImageArchitecture(
            stem: .mobileOne,
            stages: depths.enumerated().map { index, depth in
                .init(
                    depth,
                    width << index,
                    ratio: 3,
                    index == 3 ? .attention : .convolution,
                    isGated: index > 1
                )
            },
            pooling: .mean,
            embeddingWidth: 512,
            side: 256
        )
    }

    /// Five stages, the last two with attention after layer norm, no gates but the last convolution's.
    private static func fiveStages(_ depths: [Int], _ width: Int) -> ImageArchitecture {
        ImageArchitecture(
            stem: .mobileOne,
            stages: depths.enumerated().map { index, depth in
                .init(depth, width << index, ratio: 4, index > 2 ? .layerNormAttention : .convolution)
            },
            pooling: .mean,
            embeddingWidth: 768,
            side: 256
        )
    }

    private static let base = ImageArchitecture(
        stem: .convolutions([4, 2, 2]),
        stages: [.init(12, 768, ratio: 4, .transformer)],
        pooling: .classToken,
        embeddingWidth: 512,
        side: 224
    )

    private static let large = ImageArchitecture(
        stem: .convolutions([14]),
        stages: [.init(24, 1024, ratio: 4, .transformer)],
        pooling: .classToken,
        embeddingWidth: 768,
        side: 224
    )
}
