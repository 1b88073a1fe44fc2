import Pipeline
import Testing

@Suite("Recent values")
struct RecentValuesTests {
    @Test("empty, there is no median, and a rate of zero")
    func empty() {
        let values = RecentValues(limit: 3)
        #expect(values.median == nil)
        #expect(values.rate(at: 0) == 0)
    }

    @Test("only the last few count, and order does not")
    func ring() {
        var values = RecentValues(limit: 3)
        for value in [100.0, 100, 100, 3, 1, 2] { values.add(value) }
        #expect(values.median == 2)
        values.add(50)
        #expect(values.median == 2)
        values.add(60)
        #expect(values.median == 50)
    }

    @Test("of times, the rate is that of the intervals between them, and falls when the next one is overdue")
    func rate() {
        var values = RecentValues(limit: 32)
        values.add(7)
        #expect(values.rate(at: 8) == 0)
        for index in 1...100 { values.add(7 + Double(index) / 4) }
        for now in [32, 32.1, 32.25] { #expect(abs(values.rate(at: now) - 4) < 1e-9) }
        #expect(values.rate(at: 33) < 4)
        #expect(values.rate(at: 1032) < 0.04)
        #expect(values.rate(at: 0) == values.rate(at: 32))
    }

    @Test("emptied, it starts again")
    func emptied() {
        var values = RecentValues(limit: 2)
        for value in [1.0, 2, 3] { values.add(value) }
        values.removeAll()
        #expect(values.median == nil)
        values.add(9)
        #expect(values.median == 9)
        for value in [4.0, 5] { values.add(value) }
        #expect(values.median == 5)
        #expect(values.rate(at: 5) == 1)
    }
}
