/// Which crops are looked at, and what groups they make.
package struct SketchFilter: Sendable {
    /// Milliseconds since 1970 UTC.
    package var times: Range<Int64>
    /// The numbers of cameras; nil for all.
    package var cameras: Set<Int32>?
    /// Numbers of looks.
    package var looks: ClosedRange<Int64>
    /// Numbers of looks that the journal no longer has, in ascending order.
    package var gaps: [ClosedRange<Int64>] = []
    /// How long a group is, in milliseconds; 0 where each look is one.
    package var stretch: Int64

    package init(times: Range<Int64>, cameras: Set<Int32>?, looks: ClosedRange<Int64>, stretch: Int64) {
        self.times = times
        self.cameras = cameras
        self.looks = looks
        self.stretch = stretch
    }

    /// The group of a crop; nil for one that is not looked at.
    package func group(look: Int64, at: Int64, camera: Int32) -> SketchGroup? {
        guard times.contains(at), looks.contains(look), cameras?.contains(camera) ?? true, !isGone(look) else {
            return nil
        }
        guard stretch > 0 else { return SketchGroup(camera: 0, slot: look) }
        let slot = at >= 0 ? at / stretch : (at + 1) / stretch - 1
        return SketchGroup(camera: camera, slot: slot)
    }

    private func isGone(_ look: Int64) -> Bool {
        var (low, high) = (0, gaps.count)
        while low < high {
            let middle = (low + high) / 2
            if gaps[middle].upperBound < look { low = middle + 1 } else { high = middle }
        }
        return low < gaps.count && gaps[low].contains(look)
    }
}
