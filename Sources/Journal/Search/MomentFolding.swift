import Sketch

/// Folds the best crops of stretches of time into moments: stretches of one camera that follow each other are one.
enum MomentFolding {
    /// The crops of each moment, its best first; moments in the order of their best.
    ///
    /// - Parameters:
    ///   - crops: at most one of each group, the best first.
    ///   - isByLook: whether groups are looks, which are not folded.
    static func fold(_ crops: [SketchCandidate], isByLook: Bool) -> [[SketchCandidate]] {
        guard !isByLook else { return crops.map { [$0] } }
        let inTime = crops.enumerated().sorted { one, other in
            let (one, other) = (one.element.group, other.element.group)
            return (one.camera, one.slot) < (other.camera, other.slot)
        }
        var moments: [[(offset: Int, element: SketchCandidate)]] = []
        for crop in inTime {
            if let last = moments.last?.last?.element.group, last.camera == crop.element.group.camera,
                crop.element.group.slot - last.slot <= 1
            {
                moments[moments.count - 1].append(crop)
            } else {
                moments.append([crop])
            }
        }
        return moments.map { $0.sorted { $0.offset < $1.offset } }
            .sorted { ($0.first?.offset ?? 0) < ($1.first?.offset ?? 0) }
            .map { $0.map(\.element) }
    }
}
