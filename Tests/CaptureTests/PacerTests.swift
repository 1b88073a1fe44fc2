import Capture
import Testing

@Suite struct PacerTests {
    @Test func latenessDoesNotAddUp() throws {
        var pacer = try #require(Pacer(rate: 10))
        var now = Duration.seconds(5)
        for index in 0..<100 {
            let due = pacer.next(at: now)
            #expect(due == .seconds(5) + .milliseconds(100) * index)
            now = max(now, due) + .milliseconds(30)
        }
    }

    @Test func afterFallingBehindThereIsNoBurst() throws {
        var pacer = try #require(Pacer(rate: 10))
        #expect(pacer.next(at: .zero) == .zero)
        #expect(pacer.next(at: .seconds(3)) == .seconds(3))
        #expect(pacer.next(at: .seconds(3)) == .seconds(3) + .milliseconds(100))
        #expect(pacer.next(at: .seconds(3)) == .seconds(3) + .milliseconds(200))
    }

    @Test(arguments: [0, -1, 1e-9, 1001, .infinity, .nan])
    func impossibleRatesAreRefused(rate: Double) {
        #expect(Pacer(rate: rate) == nil)
    }
}
