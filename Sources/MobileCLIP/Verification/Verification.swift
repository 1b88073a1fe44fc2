import Foundation

/// Whether a checkpoint can be trusted to be what it seems: it is whole, its numbers are numbers, folding its branches
/// changes nothing, and the fast path gives what the layers are defined to give.
public struct Verification: Sendable {
    /// What one check found.
    public struct Finding: Sendable, Equatable {
        /// What was looked at.
        public let check: String
        /// Whether it is as it should be.
        public let isRight: Bool
        /// What was measured, or what is wrong.
        public let figure: String
    }

    /// In the order of ``steps``; those that need what an earlier one could not have are left out.
    public private(set) var findings: [Finding] = []
    /// Whether all of them are right.
    public var isRight: Bool { findings.allSatisfy(\.isRight) }

    /// How many checks there are.
    public static let steps = 5
    /// What embeddings of the fast path are held to: the cosine, and the lengths' difference as a share.
    private static let (leastCosine, mostNorm) = (0.99999, 1e-3)
    /// What folding may change, as a share of what is added up.
    private static let mostFolding = 1e-5

    /// Runs the checks. The last two take seconds to minutes, since they run the towers with plain loops.
    ///
    /// - Parameters:
    ///   - isQuick: leaves out the last two.
    ///   - progress: is told what begins, and how many checks are done.
    public init(_ model: Model, isQuick: Bool, progress: (_ words: String, _ done: Int) -> Void) {
        progress("tensors", 0)
        findings.append(Self.finite(model.checkpoint))
        progress("branches", 1)
        do throws(ModelError) {
            findings.append(try Self.folded(model))
            progress("towers", 2)
            let image = try model.imageTower()
            let text = model.variant.hasTextTower ? try model.textTower() : nil
            let figure = model.variant.name + (text == nil ? ", an image tower alone" : "")
            findings.append(Finding(check: Self.whole, isRight: true, figure: figure))
            guard !isQuick else { return }
            progress("a picture in the image tower", 3)
            findings.append(try Self.picture(model, image))
            progress("a text in the text tower", 4)
            if let text { findings.append(Self.text(text)) }
        } catch {
            findings.append(Finding(check: Self.whole, isRight: false, figure: error.problem))
        }
    }

    private static let whole = "all towers are whole"

    private static func finite(_ checkpoint: Checkpoint) -> Finding {
        let bad = checkpoint.tensors.sorted { $0.key < $1.key }.lazy.compactMap { name, tensor in
            tensor.firstNotFinite().map { "\(name) holds \($0.value) at element \($0.place)" }
        }.first
        return Finding(
            check: "all numbers are finite",
            isRight: bad == nil,
            figure: bad ?? "\(checkpoint.tensors.count) tensors"
        )
    }

    private static func folded(_ model: Model) throws(ModelError) -> Finding {
        let reader = WeightReader(checkpoint: model.checkpoint, names: model.variant.layout.blocks)
        let check = try FoldingCheck(model.checkpoint, reader)
        let worst = String(format: "%.1e", check.worst) + (check.worstName.map { " in \($0)" } ?? "")
        return Finding(
            check: "folded = unfolded",
            isRight: check.worst <= mostFolding,
            figure: check.count == 0 ? "there is nothing to fold" : "\(check.count) convolutions, at most \(worst)"
        )
    }

    private static func picture(_ model: Model, _ tower: ImageTower) throws(ModelError) -> Finding {
        let side = model.variant.side
        // Waves of several lengths, so that all windows see something.
        let pixels = (0..<(side * side * 3)).map { place in
            let (x, y, channel) = (Double(place / 3 % side), Double(place / 3 / side), Double(place % 3))
            return UInt8(127.5 + 80 * sin(x / 9 + channel) * cos(y / 14) + 40 * sin((x + 2 * y) / 3))
        }
        var planes = Reference.Planes(channels: 3, height: side, width: side)
        for (place, value) in pixels.enumerated() {
            planes.values[place % 3 * side * side + place / 3] = Float(value) / 255
        }
        var fast: [Float] = []
        ImageEncoder(tower: PackedImageTower(tower, side: side)).encode(pixels, into: &fast)
        let plain =
            switch tower {
            case .convolutional(let tower): Reference.embedding(of: planes, tower)
            case .transformer(let tower): Reference.embedding(of: planes, tower)
            }
        return compare("picture: fast = plain", fast, plain)
    }

    private static func text(_ tower: TextTower) -> Finding {
        let text = "a photo of a person at the door"
        let tokens = tower.tokenizer.tokens(of: text)
        let padded = tokens + [Int](repeating: 0, count: max(tower.context - tokens.count, 0))
        let fast = TextEncoder(tower: tower).encode(text)
        return compare("text: fast = plain", fast, Reference.embedding(of: padded, tower))
    }

    private static func compare(_ check: String, _ fast: [Float], _ plain: [Float]) -> Finding {
        let dot = { (one: [Float], other: [Float]) in zip(one, other).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } }
        let (fastNorm, plainNorm) = (dot(fast, fast).squareRoot(), dot(plain, plain).squareRoot())
        let cosine = dot(fast, plain) / (fastNorm * plainNorm)
        let change = fastNorm / plainNorm - 1
        return Finding(
            check: check,
            isRight: cosine >= leastCosine && abs(change) <= mostNorm,
            figure: String(format: "cosine %.7f, length %+.1e", cosine, change)
        )
    }
}
