import Foundation
import Sketch
import Testing

/// Sketches of made-up cameras, searched and compared with what comparing every crop gives.
@Suite("Searching a sketch")
struct SearchingTests {
    /// Three cameras of two crops, with scenes that change, noise, and times in which nothing does.
    private static func looks(_ count: Int, width: Int, seed: UInt64 = 1) -> [[SketchCrop]] {
        var noise = Noise(seed)
        let common = noise.unit(width)
        var scenes = (0..<6).map { _ in noise.unit(width) }
        var last: [[Float]] = scenes
        return (0..<count).map { number in
            let camera = number % 3
            if number % 97 == 0 { scenes[number % 6] = noise.unit(width) }
            return (0..<2).map { index in
                let stream = 2 * camera + index
                if number % 40 < 25 {
                    last[stream] = Noise.normalized(
                        zip(zip(common, scenes[stream]), noise.unit(width)).map { $0.0 + 0.7 * $0.1 + 0.15 * $1 }
                    )
                }
                return crop(
                    Int64(number + 1),
                    last[stream],
                    camera: Int32(camera + 1),
                    number: UInt16(index),
                    at: Int64(number) * 700
                )
            }
        }
    }

    private static func plain(
        _ looks: [[SketchCrop]],
        _ query: [Float],
        _ filter: SketchFilter,
        groups: Int
    ) -> [(group: SketchGroup, score: Double)] {
        var best: [SketchGroup: Double] = [:]
        for crop in looks.joined() {
            let record = crop.record
            guard let group = filter.group(look: record.look, at: record.at, camera: record.camera) else { continue }
            best[group] = max(best[group] ?? -.infinity, product(crop.halves, query))
        }
        let all = best.map { (group: $0.key, score: $0.value) }
        return Array(all.sorted { $0.score > $1.score }.prefix(groups))
    }

    /// Scores the candidates exactly.
    private static func best(
        _ candidates: CandidateSet,
        _ looks: [[SketchCrop]],
        _ query: [Float],
        groups: Int
    ) -> [Double] {
        var best: [SketchGroup: Double] = [:]
        for candidate in candidates.all {
            guard let crop = looks[Int(candidate.look) - 1].first(where: { $0.record.crop == candidate.crop }) else {
                Issue.record("a crop that was never there")
                continue
            }
            let score = product(crop.halves, query)
            #expect(score >= candidate.least && score <= candidate.most)
            best[candidate.group] = max(best[candidate.group] ?? -.infinity, score)
        }
        return best.values.sorted(by: >).prefix(groups).map { $0 }
    }

    @Test("finds exactly what comparing everything finds", arguments: [16, 100, 512])
    func exact(width: Int) throws {
        let folder = try TemporaryFolder()
        let looks = Self.looks(5000, width: width)
        var writer = try folder.writer()
        for (number, look) in looks.enumerated() {
            try writer.add(look, model: "m")
            // Segments of all lengths, and many small commits.
            if number % 7 == 0 { try writer.commit() }
            if number == 100 || number == 2900 { try writer.seal() }
        }
        try writer.commit()
        let segments = folder.sketch.segments(of: "one")
        #expect(segments.count == 3 && segments.map(\.lookCount).reduce(0, +) == looks.count)
        let reader = SketchReader(segments)
        var noise = Noise(9)
        var filters = [everything]
        filters.append(SketchFilter(times: 70_000..<1_500_000, cameras: [2], looks: 50...4000, stretch: 30_000))
        filters[1].gaps = [100...200, 300...300]
        filters.append(SketchFilter(times: .min..<(.max), cameras: nil, looks: 1...5000, stretch: 30_000))
        for number in 0..<12 {
            let vector =
                number % 3 == 0
                ? looks[number * 300][0].halves.map { Float(Float16(bitPattern: $0)) } : noise.unit(width)
            let query = try #require(SketchQuery(vector))
            for filter in filters {
                for (groups, threads) in [(1, 1), (20, 2), (5000, 2)] {
                    let found = try reader.candidates(of: query, model: "m", filter, groups: groups, threads: threads)
                    let expected = Self.plain(looks, vector, filter, groups: groups).map(\.score)
                    #expect(Self.best(found, looks, vector, groups: groups) == expected)
                    // A known bar only leaves out what is below it.
                    guard let bar = expected.last else { continue }
                    let fewer = try reader.candidates(of: query, model: "m", filter, groups: groups, atLeast: bar)
                    #expect(Self.best(fewer, looks, vector, groups: groups) == expected)
                }
            }
        }
        #expect(
            try reader.candidates(of: try #require(SketchQuery(noise.unit(width))), model: "n", everything, groups: 3)
                .all.isEmpty
        )
    }

    @Test("crops that stay the same share one embedding, and each is found")
    func repeats() throws {
        let folder = try TemporaryFolder()
        var noise = Noise(2)
        let (one, other) = (noise.unit(64), noise.unit(64))
        var writer = try folder.writer()
        var looks: [[SketchCrop]] = []
        for number in 1...60 as ClosedRange<Int64> {
            looks.append([crop(number, number <= 40 ? one : other, camera: Int32(number % 2))])
            try writer.add(looks[Int(number) - 1], model: "m")
            try writer.commit()
        }
        let reader = SketchReader(folder.sketch.segments(of: "one"))
        let query = try #require(SketchQuery(one))
        let found = try reader.candidates(of: query, model: "m", everything, groups: 40)
        #expect(Set(found.all.map(\.look)) == Set(1...40))
        let size = try FileManager.default.attributesOfItem(atPath: folder.sketch.path + "/00000001")[.size] as? Int
        #expect(try #require(size) > 0)
    }

    @Test("what is not a number, and what is too long, is left out, and the rest is not")
    func unfit() throws {
        let folder = try TemporaryFolder()
        var noise = Noise(2)
        var writer = try folder.writer()
        try writer.add([crop(1, noise.unit(16)), crop(1, [.nan] + noise.unit(15), number: 1)], model: "m")
        try writer.add([crop(2, [Float](repeating: 0.01, count: 5000))], model: "m")
        try writer.add([crop(3, [])], model: "m")
        try writer.add([crop(4, noise.unit(16)), crop(4, noise.unit(15), number: 1)], model: "m")
        try writer.add([crop(4, noise.unit(16))], model: "m")
        try writer.add([crop(5, noise.unit(16))], model: String(repeating: "m", count: 2000))
        try writer.add([crop(6, noise.unit(16))], model: "n")
        try writer.commit()
        #expect(writer.lastLook == 6)
        let segments = folder.sketch.segments(of: "one")
        #expect(segments.map(\.model) == ["m", "n"])
        #expect(segments.map(\.looks) == [1...4, 6...6])
    }
}
