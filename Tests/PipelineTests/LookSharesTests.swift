import Pipeline
import TestSupport
import Testing

@Suite("Shares of looks")
struct LookSharesTests {
    private typealias Wish = LookShares.Wish

    @Test("while there is time for all, nobody is limited")
    func capacity() {
        #expect(LookShares.commonRate([]) == nil)
        #expect(LookShares.commonRate([Wish(rate: 4, cost: 0.1), Wish(rate: 5, cost: 0.1)]) == nil)
        #expect(LookShares.commonRate([Wish(rate: 60, cost: 0)]) == nil)
    }

    @Test("who asks for little is served in full, and the others share the rest equally")
    func maxMin() throws {
        let wishes = [Wish(rate: 1, cost: 0.1), Wish(rate: 8, cost: 0.1), Wish(rate: 10, cost: 0.1)]
        // 0.95 s a second: 0.1 for the first, 0.425 each for the others.
        #expect(abs(try #require(LookShares.commonRate(wishes)) - 4.25) < 1e-9)
        #expect(abs(LookShares.load(wishes) - 1.9) < 1e-9)
    }

    @Test("for any wishes the limit fills the time and no more, and nobody could have more without another's less")
    func any() {
        var random = SplitMix(state: 7)
        for _ in 0..<5000 {
            let wishes = (0..<Int.random(in: 1...16, using: &random)).map { _ in
                Wish(rate: .random(in: 0.01...60, using: &random), cost: .random(in: 0.0001...0.3, using: &random))
            }
            let common = LookShares.commonRate(wishes)
            let used = wishes.reduce(0) { $0 + min($1.rate, common ?? .infinity) * $1.cost }
            if common == nil {
                #expect(used <= LookShares.capacity)
            } else {
                #expect(abs(used - LookShares.capacity) < 1e-6)
            }
        }
    }

    @Test("looks by the schedule keep to the shares, and nobody starves")
    func simulated() throws {
        // Sixteen cameras, some of which ask for ten times what there is time for, on a thread that does one at a time.
        let wishes = (0..<16).map { Wish(rate: $0 < 4 ? 1 : 10, cost: 0.02) }
        let common = try #require(LookShares.commonRate(wishes))
        var schedules = wishes.map { wish in
            LookSchedule(interval: .seconds(1 / min(wish.rate, common)), from: .zero)
        }
        var looks = Array(repeating: 0, count: 16)
        var now = Duration.zero
        while now < .seconds(60) {
            let due = schedules.indices.filter { schedules[$0].isDue(at: now) }
            guard let next = due.min(by: { schedules[$0].due < schedules[$1].due }) else {
                now += .milliseconds(1)
                continue
            }
            schedules[next].looked(at: now)
            looks[next] += 1
            now += .milliseconds(20)
        }
        for index in 0..<4 { #expect(abs(looks[index] - 60) <= 6, "\(looks)") }
        let others = looks[4...]
        let (least, most) = (try #require(others.min()), try #require(others.max()))
        #expect(Double(most - least) <= 0.1 * Double(most), "\(looks)")
        #expect(Double(least) >= 0.9 * common * 60, "\(looks)")
    }

    @Test("an overload is said once it has lasted, and once it is over")
    func overload() {
        var notice = OverloadNotice()
        #expect(notice.words(load: 2, commonRate: 2, at: .seconds(0)) == nil)
        #expect(notice.words(load: 0.5, commonRate: nil, at: .seconds(9)) == nil)
        #expect(notice.words(load: 2, commonRate: 2, at: .seconds(10)) == nil)
        #expect(notice.words(load: 2, commonRate: 2, at: .seconds(20))?.contains("200 %") == true)
        #expect(notice.words(load: 2, commonRate: 2, at: .seconds(40)) == nil)
        #expect(notice.words(load: 0.9, commonRate: nil, at: .seconds(50)) == nil)
        #expect(notice.words(load: 0.9, commonRate: nil, at: .seconds(60))?.contains("again") == true)
    }
}
