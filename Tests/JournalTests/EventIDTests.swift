import Foundation
import Journal
import TestSupport
import Testing

struct EventIDTests {
    /// The example of the ULID specification.
    @Test func textAndTimeAreTheSpecifications() throws {
        let id = try #require(EventID("01ARZ3NDEKTSV4RRFFQ69G5FAV"))
        #expect(id.description == "01ARZ3NDEKTSV4RRFFQ69G5FAV")
        #expect(id.date == Date(timeIntervalSince1970: 1_469_922_850.259))
    }

    @Test(arguments: [
        "", "01ARZ3NDEKTSV4RRFFQ69G5FA", "01ARZ3NDEKTSV4RRFFQ69G5FAVV", "01ARZ3NDEKTSV4RRFFQ69G5FAU",
        "80000000000000000000000000", "01ARZ3NDEKTSV4RRFFQ69G5FÄ", "01ARZ3NDEKTSV4RRFFQ69G5F V",
    ])
    func whatIsNoIDIsRefused(text: String) {
        #expect(EventID(text) == nil)
    }

    @Test func theLargestIsRead() {
        #expect(EventID("7zzzzzzzzzzzzzzzzzzzzzzzzz")?.description == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ")
    }

    @Test func randomIDsSurviveTheirText() {
        var generator = EventID.Generator(randomness: SplitMix(state: 1))
        for second in 0..<1000 {
            let id = generator.next(at: Date(timeIntervalSince1970: Double(second) * 1e6))
            #expect(EventID(id.description) == id)
            #expect(id.date == Date(timeIntervalSince1970: Double(second) * 1e6))
        }
    }

    @Test func idsOfOneMillisecondAscendAndSoDoesTheirText() {
        var generator = EventID.Generator(randomness: SplitMix(state: 2))
        let ids = (0..<5000).map { _ in generator.next(at: noon) }
        for (earlier, later) in zip(ids, ids.dropFirst()) {
            #expect(earlier < later)
            #expect(earlier.description < later.description)
            #expect(later.date == earlier.date)
        }
    }

    /// Counting up over the edge of the lower 64 bits.
    @Test func countingCarries() {
        struct Ones: RandomNumberGenerator {
            func next() -> UInt64 { .max }
        }
        var generator = EventID.Generator(randomness: Ones())
        let first = generator.next(at: noon)
        let second = generator.next(at: noon)
        #expect(first < second)
        #expect(second.date == first.date)
        #expect(second.description.hasSuffix("0000000000"))
    }

    @Test func laterTimesSortLater() {
        let ids = [0, 0.001, 1, 1e6, 1e9, 1e10].map { EventID(at: Date(timeIntervalSince1970: $0)) }
        #expect(ids == ids.sorted())
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
    }

    @Test(arguments: [-1, -.infinity, .infinity, .nan, 1e300] as [TimeInterval])
    func impossibleTimesMakeAnIDAllTheSame(seconds: TimeInterval) {
        #expect(EventID(at: Date(timeIntervalSince1970: seconds)).description.count == 26)
    }
}
