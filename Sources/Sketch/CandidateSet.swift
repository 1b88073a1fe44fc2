/// What a search looks for the best of: a stretch of time of one camera, or one look.
package struct SketchGroup: Sendable, Hashable {
    /// The camera's number; 0 where a group is a look.
    package var camera: Int32
    /// The number of the stretch, counted from 1970, or that of the look.
    package var slot: Int64

    package init(camera: Int32, slot: Int64) {
        self.camera = camera
        self.slot = slot
    }
}

/// A crop that may be the best of its group.
package struct SketchCandidate: Sendable, Equatable {
    package var group: SketchGroup
    /// Its score lies between these two, or is both.
    package var least: Double
    package var most: Double
    package var look: Int64
    package var crop: UInt16
    package var camera: Int32
    /// In milliseconds since 1970 UTC.
    package var at: Int64

    package init(
        group: SketchGroup,
        least: Double,
        most: Double,
        look: Int64,
        crop: UInt16,
        camera: Int32,
        at: Int64
    ) {
        self.group = group
        self.least = least
        self.most = most
        self.look = look
        self.crop = crop
        self.camera = camera
        self.at = at
    }
}

/// The crops that may be the best of one of the best groups: a pure collection that forgets those which no longer can.
package struct CandidateSet: Sendable {
    private let groups: Int
    private var pruneAt: Int
    private static let fewest = 512

    /// In no particular order.
    package private(set) var all: [SketchCandidate] = []
    /// What a candidate must be able to reach: as many groups as are asked for are at least as good.
    package private(set) var threshold = -Double.infinity

    /// - Parameter groups: how many are asked for, at least 1.
    package init(groups: Int) {
        self.groups = max(1, groups)
        pruneAt = max(Self.fewest, 2 * groups)
    }

    /// Takes a candidate, if it still can be one.
    @inline(__always)
    package mutating func insert(_ candidate: SketchCandidate) {
        guard candidate.most >= threshold else { return }
        all.append(candidate)
        if all.count >= pruneAt { prune() }
    }

    /// As many groups are known elsewhere to be at least as good as this.
    package mutating func raise(to threshold: Double) {
        self.threshold = max(self.threshold, threshold)
    }

    /// Forgets what can no longer be the best of its group, or whose group can no longer be among the best.
    package mutating func prune() {
        var best: [SketchGroup: Double] = [:]
        for candidate in all {
            best[candidate.group] = max(best[candidate.group] ?? -.infinity, candidate.least)
        }
        if best.count >= groups {
            raise(to: best.values.sorted(by: >)[groups - 1])
        }
        all.removeAll { $0.most < threshold || $0.most < best[$0.group] ?? -.infinity }
        pruneAt = max(Self.fewest, 2 * all.count)
    }

    /// Takes all of another set's.
    package mutating func merge(_ other: CandidateSet) {
        raise(to: other.threshold)
        all += other.all
        prune()
    }
}
