import Pipeline
import Testing

@Suite("Sight")
struct SightTests {
    private func sight() -> Sight { Sight(blindAfter: .seconds(10), frozenAfter: .seconds(20)) }

    @Test("uniform pictures are no evidence, and after the stated time dark or covered")
    func uniform() {
        var sight = sight()
        #expect(sight.look(spread: 7, luma: 20, digest: 9, at: .seconds(0)) == .something)
        #expect(sight.look(spread: 6, luma: 20, digest: 1, at: .seconds(1)) == .uniform)
        #expect(sight.look(spread: 0, luma: 20, digest: 2, at: .milliseconds(10_999)) == .uniform)
        let dark = Sight.Finding.nothing("the picture is dark", since: .seconds(1))
        #expect(sight.look(spread: 3, luma: 40, digest: 3, at: .seconds(11)) == dark)
        let covered = Sight.Finding.nothing("the picture shows nothing (is the lens covered?)", since: .seconds(1))
        #expect(sight.look(spread: 3, luma: 41, digest: 4, at: .seconds(12)) == covered)
        // On the verge it stays as it was.
        #expect(sight.look(spread: 10, luma: 41, digest: 5, at: .seconds(13)) == covered)
        #expect(sight.look(spread: 11, luma: 41, digest: 6, at: .seconds(14)) == .something)
        #expect(sight.look(spread: 7, luma: 41, digest: 7, at: .seconds(15)) == .something)
        #expect(sight.look(spread: 3, luma: 20, digest: 8, at: .seconds(16)) == .uniform)
    }

    @Test("identical pictures are frozen after the stated time, and another one ends it")
    func frozen() {
        var sight = sight()
        func look(_ digest: Int?, at second: Int) -> Sight.Finding {
            sight.look(spread: 99, luma: 90, digest: digest, at: .seconds(second))
        }
        #expect(look(1, at: 0) == .something)
        #expect(look(1, at: 19) == .something)
        #expect(look(1, at: 20) == .nothing("the picture is frozen", since: .seconds(0)))
        #expect(look(nil, at: 21) == .something)
        #expect(look(2, at: 22) == .something)
        #expect(look(2, at: 41) == .something)
        #expect(look(2, at: 42) == .nothing("the picture is frozen", since: .seconds(22)))
        // A source that was lost and shows the same when it is back was not cured by that.
        sight.interrupt()
        #expect(look(2, at: 43) == .nothing("the picture is frozen", since: .seconds(22)))
        #expect(look(3, at: 44) == .something)
        sight.interrupt()
        #expect(look(3, at: 70) == .something)
    }

    @Test("never is never, and then a uniform picture is as good as any")
    func never() {
        var sight = Sight(blindAfter: nil, frozenAfter: nil)
        #expect(!sight.comparesDigests)
        for second in 0..<1000 {
            #expect(sight.look(spread: 0, luma: 0, digest: 1, at: .seconds(second)) == .something)
        }
    }
}
