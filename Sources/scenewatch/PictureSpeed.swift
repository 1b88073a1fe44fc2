import Foundation
import MobileCLIP

/// How long pictures take in an image encoder, one after the other on one thread.
struct PictureSpeed {
    /// Milliseconds of each, ascending.
    let times: [Double]

    var median: Double { times[times.count / 2] }
    /// Only one in a hundred takes longer.
    var percentile99: Double { times[min(times.count - 1, times.count * 99 / 100)] }
    var perSecond: Double { Double(times.count) / (times.reduce(0, +) / 1000) }

    init(measuring encoder: ImageEncoder, seconds: Double) {
        let side = encoder.tower.side
        // Any picture takes as long as any other; this one only must not be constant.
        let pixels = (0..<(side * side * 3)).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
        var embedding: [Float] = []
        for _ in 0..<3 { encoder.encode(pixels, into: &embedding) }

        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        var times: [Double] = []
        repeat {
            times.append(clock.measure { encoder.encode(pixels, into: &embedding) } / .milliseconds(1))
        } while clock.now < end || times.count < 5
        self.times = times.sorted()
    }
}
