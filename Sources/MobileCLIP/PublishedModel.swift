/// A model as its publisher offers it: where it is, under which terms, and what is said of it.
///
/// Accuracies, parameters: Vasu et al., arXiv 2311.17049, and Faghri et al., arXiv 2508.20691, tables of the released
/// models. Arithmetic: two for each multiplication of the folded towers at `side`, with 77 tokens.
public struct PublishedModel: Sendable, Equatable {
    /// The name that it is installed and configured by: `mobileclip2_s0`.
    public let name: String
    /// The repository on the publisher's hub, `owner/name`.
    public let repository: String
    /// The file in it.
    public let file: String
    /// The side of its pictures in pixels.
    public let side: Int
    /// Zero-shot top-1 accuracy on ImageNet-1k in per cent, and the mean of 38 data sets.
    public let accuracy: (imageNet: Double, mean: Double)
    /// In millions.
    public let parameters: (image: Double, text: Double)
    /// 10⁹ floating-point operations for a picture, and for a text.
    public let operations: (image: Double, text: Double)

    /// The terms of all of them.
    public static let licence = Licence(
        name: "Apple Machine Learning Research Model licence (apple-amlr)",
        address: "https://huggingface.co/apple/MobileCLIP-S0/blob/main/LICENSE",
        summary: "for research only; no use in products, and none by which money is made"
    )

    /// Terms of use.
    public struct Licence: Sendable, Equatable {
        /// What they are called.
        public let name: String
        /// Where they stand.
        public let address: String
        /// What to know before all, in a line.
        public let summary: String
    }

    /// All that are known, the fastest first in each generation.
    public static let all = [
        PublishedModel("mobileclip_s0", "MobileCLIP-S0", 256, (67.8, 58.1), (11.4, 42.4), (4.8, 2.6)),
        PublishedModel("mobileclip_s1", "MobileCLIP-S1", 256, (72.6, 61.3), (21.5, 63.4), (9.3, 6.0)),
        PublishedModel("mobileclip_s2", "MobileCLIP-S2", 256, (74.4, 63.7), (35.7, 63.4), (15.7, 6.0)),
        PublishedModel("mobileclip_b", "MobileCLIP-B", 224, (76.8, 65.2), (86.3, 63.4), (35.4, 6.0)),
        PublishedModel("mobileclip_blt", "MobileCLIP-B-LT", 224, (77.2, 65.8), (86.3, 63.4), (35.4, 6.0)),
        PublishedModel("mobileclip2_s0", "MobileCLIP2-S0", 256, (71.5, 59.7), (11.4, 63.4), (4.8, 6.0)),
        PublishedModel("mobileclip2_s2", "MobileCLIP2-S2", 256, (77.2, 64.1), (35.7, 63.4), (15.7, 6.0)),
        PublishedModel("mobileclip2_b", "MobileCLIP2-B", 224, (79.4, 65.8), (86.3, 63.4), (35.4, 6.0)),
        PublishedModel("mobileclip2_s3", "MobileCLIP2-S3", 256, (80.7, 66.8), (125.1, 123.6), (29.6, 13.3)),
        PublishedModel("mobileclip2_s4", "MobileCLIP2-S4", 256, (81.9, 67.5), (321.6, 123.6), (55.5, 13.3)),
        PublishedModel("mobileclip2_l14", "MobileCLIP2-L-14", 224, (81.9, 67.8), (304.3, 123.6), (162.0, 13.3)),
    ]

    /// The model of that name, however it is spelt: `MobileCLIP2-S0` is `mobileclip2_s0`, `mobileclip-b-lt` is
    /// `mobileclip_blt`.
    public static func named(_ name: String) -> PublishedModel? {
        let key = plain(name)
        return all.first { plain($0.name) == key }
    }

    private static func plain(_ name: String) -> String {
        name.lowercased().filter { $0 != "-" && $0 != "_" }
    }

    private init(
        _ name: String,
        _ repository: String,
        _ side: Int,
        _ accuracy: (imageNet: Double, mean: Double),
        _ parameters: (image: Double, text: Double),
        _ operations: (image: Double, text: Double)
    ) {
        self.name = name
        self.repository = "apple/\(repository)"
        file = "\(name).pt"
        self.side = side
        self.accuracy = accuracy
        self.parameters = parameters
        self.operations = operations
    }

    /// Names are unique.
    public static func == (one: PublishedModel, other: PublishedModel) -> Bool { one.name == other.name }
}
