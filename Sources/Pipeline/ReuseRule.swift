import Imaging

/// Whether a crop is so much like the one that was encoded last that its embedding serves again. A pure value, of one
/// camera.
///
/// It is compared by the means of 32 × 32 cells in red, green and blue: noise vanishes in a mean, and something that
/// moves into a cell does not. The crop that was *encoded* last is the measure, not the last crop: slow changes, of
/// daylight say, add up until the limit is met. Docs/Capture.md has measurements.
package struct ReuseRule: Sendable {
    /// The most by which any cell may differ in any channel, of 255 levels.
    package static let largestDifference = 4

    private struct Reference {
        var cells: CellMeans
        var encodedAt: Duration
    }

    private let refresh: Duration
    private var references: [Reference] = []

    /// - Parameter refresh: a crop is encoded anew after this time, however little has changed.
    package init(refresh: Duration) {
        self.refresh = refresh
    }

    /// Takes the crops of a look. Returns of each whether it is to be encoded.
    ///
    /// - Parameter time: when it was captured.
    package mutating func mustEncode(_ crops: [CellMeans], at time: Duration) -> [Bool] {
        // Another number of crops is another size of picture.
        if crops.count != references.count { references.removeAll() }
        guard !references.isEmpty else {
            references = crops.map { Reference(cells: $0, encodedAt: time) }
            return Array(repeating: true, count: crops.count)
        }
        return crops.indices.map { index in
            let reference = references[index]
            let isFresh = time >= reference.encodedAt && time - reference.encodedAt < refresh
            if isFresh, crops[index].largestDifference(from: reference.cells) <= Self.largestDifference { return false }
            references[index] = Reference(cells: crops[index], encodedAt: time)
            return true
        }
    }

    /// All is encoded at the next look.
    package mutating func forget() {
        references.removeAll()
    }
}
