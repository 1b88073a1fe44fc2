import Sketch

/// Folds the best crops of stretches of time into moments: a pure function.
///
/// A stretch that follows on one of a moment, or comes right before it, is of the same moment while it is nearly as good as
/// the moment's best. Where it is not, it is that moment's edge: it is left out, and does not make a moment of its own.
package enum MomentFolding {
    /// How much less than the best is nearly as good, as a share of the best.
    private static let nearly = 0.1

    /// The crops of each moment, its best first; moments in the order of their best.
    ///
    /// - Parameters:
    ///   - crops: at most one of each group, the best first.
    ///   - isByLook: whether groups are looks, which are not folded.
    package static func fold(_ crops: [SketchCandidate], isByLook: Bool) -> [[SketchCandidate]] {
        guard !isByLook else { return crops.map { [$0] } }
        var moments: [[SketchCandidate]] = []
        var places: [SketchGroup: Int] = [:]
        for crop in crops {
            let neighbours = [-1, 1].compactMap { offset in
                places[SketchGroup(camera: crop.group.camera, slot: crop.group.slot + offset)]
            }.sorted()
            guard let place = neighbours.first, let other = neighbours.last else {
                places[crop.group] = moments.count
                moments.append([crop])
                continue
            }
            let best = moments[place][0].most
            guard crop.most >= best - nearly * abs(best) else { continue }
            places[crop.group] = place
            moments[place].append(crop)
            guard other != place else { continue }
            // It closes the gap between two.
            for crop in moments[other] { places[crop.group] = place }
            moments[place] += moments[other]
            moments[other] = []
        }
        return moments.filter { !$0.isEmpty }
    }
}
