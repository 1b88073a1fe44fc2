/// Chooses what the embeddings of one stream (one crop of one camera) are differences from: a pure state machine.
///
/// The closer a keyframe, the closer the sketch. The mean of what was shown lately is closer than any one picture, since
/// pictures have noise; so when it has been closer by a fifth than every keyframe for some pictures in a row, it becomes
/// one. Some older ones stay: what has passed through a scene leaves it as it was before.
package struct Keyframes {
    package struct Keyframe {
        /// Its number within the segment.
        package let number: Int
        package let values: [Float]

        package init(number: Int, values: [Float]) {
            self.number = number
            self.values = values
        }
    }

    package enum Choice: Equatable {
        /// One that there is, by its number.
        case known(Int)
        /// A new one, the mean of what was shown lately.
        case new
    }

    private static let remembered = 8
    private static let lately: Float = 1 / 8
    private static let gain: Float = 0.64
    private static let inRow = 8

    package private(set) var all: [Keyframe] = []
    /// Of what was shown lately.
    package private(set) var mean: [Float] = []
    /// For how many pictures the mean has been closer.
    private var streak = 0

    /// A stream of which nothing has been seen.
    package init() {}

    /// The best keyframe for the next embedding of the stream.
    ///
    /// - Parameter mayBeNew: whether there is room for another.
    package mutating func choose(_ vector: [Float], mayBeNew: Bool) -> Choice {
        if mean.isEmpty {
            mean = vector
        } else {
            mean.withUnsafeMutableBufferPointer { mean in
                vector.withUnsafeBufferPointer { vector in
                    for i in 0..<mean.count { mean[i] += (vector[i] - mean[i]) * Self.lately }
                }
            }
        }
        var nearest: (number: Int, distance: Float)?
        for keyframe in all {
            let distance = Self.squaredDistance(keyframe.values, vector)
            if distance < nearest?.distance ?? .infinity { nearest = (keyframe.number, distance) }
        }
        guard let nearest else { return .new }
        streak = Self.squaredDistance(mean, vector) < Self.gain * nearest.distance ? streak + 1 : 0
        guard mayBeNew, streak >= Self.inRow else { return .known(nearest.number) }
        streak = 0
        return .new
    }

    package mutating func add(_ keyframe: Keyframe) {
        all.append(keyframe)
        if all.count > Self.remembered { all.removeFirst() }
    }

    package static func squaredDistance(_ one: [Float], _ other: [Float]) -> Float {
        one.withUnsafeBufferPointer { one in
            other.withUnsafeBufferPointer { other in
                var sums = SIMD8<Float>()
                var i = 0
                while i + 8 <= one.count {
                    var (left, right) = (SIMD8<Float>(), SIMD8<Float>())
                    for lane in 0..<8 { (left[lane], right[lane]) = (one[i + lane], other[i + lane]) }
                    let difference = left - right
                    sums += difference * difference
                    i += 8
                }
                var total = sums.sum()
                while i < one.count {
                    total += (one[i] - other[i]) * (one[i] - other[i])
                    i += 1
                }
                return total
            }
        }
    }
}
