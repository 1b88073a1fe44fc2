import Pipeline
import Testing

@Suite("Sight")
struct SightTests {
    private func sight() -> Sight { Sight(blindAfter: .seconds(10), frozenAfter: .seconds(20)) }

    @Test("uniform pictures are dark or covered after the stated time, and one that shows something ends it")
    func uniform() {
        var sight = sight()
        #expect(sight.look(spread: 6, luma: 20, digest: 1, at: .seconds(1)) == nil)
        #expect(sight.look(spread: 0, luma: 20, digest: 2, at: .milliseconds(10_999)) == nil)
        #expect(sight.look(spread: 3, luma: 40, digest: 3, at: .seconds(11)) == "the picture is dark")
        #expect(sight.look(spread: 3, luma: 41, digest: 4, at: .seconds(12))?.contains("covered") == true)
        #expect(sight.look(spread: 7, luma: 41, digest: 5, at: .seconds(13)) == nil)
        #expect(sight.look(spread: 3, luma: 20, digest: 6, at: .seconds(14)) == nil)
        #expect(sight.look(spread: 3, luma: 20, digest: 7, at: .seconds(24)) == "the picture is dark")
    }

    @Test("identical pictures are frozen after the stated time, and another one ends it")
    func frozen() {
        var sight = sight()
        #expect(sight.look(spread: 99, luma: 90, digest: 1, at: .seconds(0)) == nil)
        #expect(sight.look(spread: 99, luma: 90, digest: 1, at: .seconds(19)) == nil)
        #expect(sight.look(spread: 99, luma: 90, digest: 1, at: .seconds(20)) == "the picture is frozen")
        #expect(sight.look(spread: 99, luma: 90, digest: 2, at: .seconds(21)) == nil)
        #expect(sight.look(spread: 99, luma: 90, digest: 2, at: .seconds(40)) == nil)
        #expect(sight.look(spread: 99, luma: 90, digest: 2, at: .seconds(41)) == "the picture is frozen")
        sight.interrupt()
        #expect(sight.look(spread: 99, luma: 90, digest: 2, at: .seconds(42)) == nil)
    }

    @Test("never is never")
    func never() {
        var sight = Sight(blindAfter: nil, frozenAfter: nil)
        #expect(!sight.comparesDigests)
        for second in 0..<1000 {
            #expect(sight.look(spread: 0, luma: 0, digest: 1, at: .seconds(second)) == nil)
        }
    }
}
