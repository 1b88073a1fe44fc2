import Sketch
import Testing

@Suite("Candidates")
struct CandidateSetTests {
    @Test("what may be the best of the best groups is never forgotten", arguments: [1, 3, 20, 1000])
    func keeps(groups: Int) {
        var noise = Noise(UInt64(groups))
        var set = CandidateSet(groups: groups)
        var other = CandidateSet(groups: groups)
        var exact: [(group: Int64, score: Double, look: Int64)] = []
        for look in 0..<20_000 as Range<Int64> {
            let group = Int64(noise.random.next() % 500)
            let score = Double(noise.number())
            let error = Double(abs(noise.number())) * 0.05
            exact.append((group, score, look))
            let candidate = SketchCandidate(
                group: SketchGroup(camera: 1, slot: group),
                least: score - error,
                most: score + error,
                look: look,
                crop: 0,
                camera: 1,
                at: look
            )
            if look.isMultiple(of: 3) { other.insert(candidate) } else { set.insert(candidate) }
        }
        set.merge(other)
        var best: [Int64: (score: Double, look: Int64)] = [:]
        for entry in exact where entry.score > best[entry.group]?.score ?? -.infinity {
            best[entry.group] = (entry.score, entry.look)
        }
        let wanted = Set(best.values.sorted { $0.score > $1.score }.prefix(groups).map(\.look))
        #expect(wanted.isSubset(of: set.all.map(\.look)))
        if groups < 500 { #expect(set.all.count < 20_000) }
    }
}
