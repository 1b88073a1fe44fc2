/// How often the right class is among the first.
public struct Classification: Sendable {
    /// One class.
    public struct Row: Sendable, Equatable {
        /// Its pictures.
        public internal(set) var pictures = 0
        /// Those for which it came first.
        public internal(set) var top1 = 0
        /// Those for which it was among the first five.
        public internal(set) var top5 = 0
        /// The other classes that came first for its pictures, and how often.
        public internal(set) var mistakes: [Int: Int] = [:]

        /// No pictures.
        package init() {}

        /// The class that its pictures are taken for most often, among those that are wrong; the first of equals.
        public var commonestMistake: Int? {
            mistakes.max { $0.value != $1.value ? $0.value < $1.value : $0.key > $1.key }?.key
        }
    }

    /// By class.
    public private(set) var rows: [Row]

    /// All of them together.
    public var pictures: Int { rows.reduce(0) { $0 + $1.pictures } }
    /// Of all pictures, 0…1.
    public var top1: Double { share(\.top1) }
    /// Of all pictures, 0…1.
    public var top5: Double { share(\.top5) }
    /// The mean of the classes' own, each counting as much, 0…1: differs where some have many more pictures.
    public var meanTop1: Double {
        let shares = rows.filter { $0.pictures > 0 }.map { Double($0.top1) / Double($0.pictures) }
        return shares.isEmpty ? 0 : shares.reduce(0, +) / Double(shares.count)
    }

    private func share(_ count: KeyPath<Row, Int>) -> Double {
        pictures == 0 ? 0 : Double(rows.reduce(0) { $0 + $1[keyPath: count] }) / Double(pictures)
    }

    /// Between what the share of pictures like these would be, 19 times of 20: Wilson's interval.
    public var top1Interval: ClosedRange<Double> {
        let count = Double(pictures)
        guard count > 0 else { return 0...1 }
        let square = 1.96 * 1.96
        let center = (top1 + square / (2 * count)) / (1 + square / count)
        let half =
            1.96 / (1 + square / count)
            * (top1 * (1 - top1) / count + square / (4 * count * count)).squareRoot()
        return max(0, center - half)...min(1, center + half)
    }

    private init(classes: Int) {
        rows = [Row](repeating: Row(), count: classes)
    }

    /// Each picture takes the class whose embedding is nearest to its own.
    ///
    /// - Parameters:
    ///   - labels: the class of each picture, a place among `classes`.
    ///   - classes: an embedding of each.
    public init(pictures: UnitVectors, labels: [Int], classes: UnitVectors) {
        self.init(classes: classes.count)
        for (picture, label) in labels.enumerated() {
            let similarities = pictures.similarities(picture, classes)
            let first = similarities.greatest(1)[0]
            count(label, first: first, isAmongFive: similarities.rank(of: label) < 5)
        }
    }

    /// Each picture takes the class of the nearest other one: for models that hear no texts.
    ///
    /// - Parameter labels: the class of each picture, below `classCount`.
    public init(neighbours pictures: UnitVectors, labels: [Int], classCount: Int) {
        self.init(classes: classCount)
        guard labels.count > 1 else { return }
        for (picture, label) in labels.enumerated() {
            var similarities = pictures.similarities(picture, pictures)
            similarities[picture] = -.infinity
            let nearest = similarities.greatest(min(5, labels.count - 1)).map { labels[$0] }
            count(label, first: nearest[0], isAmongFive: nearest.contains(label))
        }
    }

    private mutating func count(_ label: Int, first: Int, isAmongFive: Bool) {
        rows[label].pictures += 1
        if isAmongFive { rows[label].top5 += 1 }
        if first == label {
            rows[label].top1 += 1
        } else {
            rows[label].mistakes[first, default: 0] += 1
        }
    }
}
