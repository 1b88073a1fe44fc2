import Evaluation
import Testing

@Suite("Counting what was told right")
struct CountingTests {
    /// Unit vectors at angles in degrees.
    private func circle(_ degrees: [Float]) -> UnitVectors {
        var vectors = UnitVectors(width: 2)
        for degree in degrees {
            let radians = Double(degree) * .pi / 180
            vectors.append([Float(cosine(radians)), Float(cosine(radians - .pi / 2))])
        }
        return vectors
    }

    private func cosine(_ x: Double) -> Double {
        // Taylor's series, enough for ±2π.
        var (sum, term) = (1.0, 1.0)
        for n in stride(from: 1, to: 40, by: 2) {
            term *= -x * x / Double(n * (n + 1))
            sum += term
        }
        return sum
    }

    @Test("cosines are those of plain sums, whatever the width")
    func similarities() {
        for width in [1, 7, 8, 9, 64, 130] {
            let one = (0..<width).map { Float($0 % 7) - 3 }
            let two = (0..<width).map { Float($0 % 5) - 2 }
            var (first, second) = (UnitVectors(width: width), UnitVectors(width: width))
            first.append(two)
            first.append(one)
            second.append(two)
            let plain = zip(one, two).reduce(Float(0)) { $0 + $1.0 * $1.1 }
            #expect(first.similarity(1, second, 0) == plain)
            #expect(first.count == 2 && first.similarities(1, second) == [plain])
        }
        #expect(UnitVectors(width: 0).count == 0)
    }

    @Test("ranks and the greatest: of equals the earlier is first")
    func ranks() {
        let values: [Float] = [0.5, 0.9, 0.5, 0.1, 0.9]
        #expect(values.indices.map(values.rank) == [2, 0, 3, 4, 1])
        #expect(values.greatest(3) == [1, 4, 0])
        #expect(values.greatest(9) == [1, 4, 0, 2, 3])
        #expect([Float]().greatest(1).isEmpty)
    }

    @Test("classes: the nearest name is first, five are looked at, mistakes have names")
    func classes() {
        // Names every 20°; pictures near 0, 20 and, of the first class as well, near 100 and 40.
        let names = circle([0, 20, 40, 60, 80, 100])
        let found = Classification(pictures: circle([2, 18, 98, 45]), labels: [0, 1, 0, 0], classes: names)
        #expect(found.pictures == 4)
        #expect(found.top1 == 0.5)
        #expect(found.rows[0].pictures == 3 && found.rows[0].top1 == 1 && found.rows[0].mistakes == [5: 1, 2: 1])
        #expect(found.rows[0].commonestMistake == 2)
        // From 98° the first class is the sixth, from 45° the fifth.
        #expect(found.rows[0].top5 == 2 && found.top5 == 0.75)
        #expect(abs(found.meanTop1 - (1.0 / 3 + 1) / 2) < 1e-12)
        #expect(found.rows[2] == Classification.Row() && found.rows[2].commonestMistake == nil)
    }

    @Test("the interval is Wilson's")
    func interval() {
        let found = Classification(pictures: circle([0, 1, 2, 90]), labels: [0, 0, 0, 0], classes: circle([0, 90]))
        #expect(found.top1 == 0.75)
        // 3 of 4: 0.301 to 0.954.
        #expect(abs(found.top1Interval.lowerBound - 0.3006) < 0.001)
        #expect(abs(found.top1Interval.upperBound - 0.9544) < 0.001)
    }

    @Test("neighbours: each is told by the nearest other")
    func neighbours() {
        let found = Classification(neighbours: circle([0, 5, 90, 97, 50]), labels: [0, 0, 1, 1, 0], classCount: 2)
        #expect(found.rows[0].pictures == 3 && found.rows[0].top1 == 2 && found.rows[1].top1 == 2)
        #expect(found.top5 == 1)
        #expect(Classification(neighbours: circle([1]), labels: [0], classCount: 1).pictures == 0)
    }

    @Test("captions: any of a picture's own counts, and each caption looks for its own picture")
    func retrieval() throws {
        // Of picture 0 at 0° the captions are at 3° and 92°; of 1 at 90° at 88°; of 2 at 180° at 10°.
        let found = try Retrieval(
            pictures: circle([0, 90, 180]),
            captions: circle([3, 92, 88, 10]),
            owners: [0, 0, 1, 2]
        )
        #expect(found.textOfPicture.shares == [1.0 / 3, 1, 1])
        #expect(found.pictureOfText.shares == [0.5, 1, 1])
    }

    @Test("recall at five and ten, counted from ranks")
    func recall() {
        #expect(Retrieval.Recall(ranks: [0, 4, 5, 9, 10]).shares == [0.2, 0.4, 0.8])
        #expect(Retrieval.Recall(ranks: []).shares == [0, 0, 0])
    }

    @Test("pictures that show the same: the earlier is first")
    func ties() throws {
        let found = try Retrieval(pictures: circle([0, 0]), captions: circle([0, 0]), owners: [0, 1])
        #expect(found.pictureOfText.shares[0] == 0.5 && found.textOfPicture.shares[0] == 0.5)
    }
}
