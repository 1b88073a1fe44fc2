import Foundation
import Journal
import Testing

@Suite("Retention plan")
struct RetentionPlanTests {
    private typealias Plan = RetentionPlan
    private let day = 86_400.0
    private let megabyte: Int64 = 1 << 20

    private func holdings(_ change: (inout Plan.Holdings) -> Void = { _ in }) -> Plan.Holdings {
        var holdings = Plan.Holdings()
        change(&holdings)
        return holdings
    }

    private func next(_ settings: RetentionSettings, _ change: (inout Plan.Holdings) -> Void) -> Plan.Step {
        var plan = Plan(settings)
        return plan.next(holdings(change), now: noon)
    }

    private let ages = RetentionSettings(looks: .seconds(100), thumbnails: .seconds(50), events: .seconds(200))

    @Test("each kind goes at its age, and not before")
    func each() {
        #expect(next(ages) { $0.oldestLook = noon - 100 } == .rest)
        #expect(next(ages) { $0.oldestLook = noon - 101 } == .deleteLooks(before: noon - 100))
        #expect(next(ages) { $0.oldestThumbnail = noon - 50 } == .rest)
        #expect(next(ages) { $0.oldestThumbnail = noon - 51 } == .deleteThumbnails(before: noon - 50))
        #expect(next(ages) { $0.oldestEvent = noon - 200 } == .rest)
        #expect(next(ages) { $0.oldestEvent = noon - 201 } == .deleteEvents(before: noon - 200, isOverLimit: false))
    }

    @Test("nothing that has no age goes, nor what lies in the future")
    func forever() {
        #expect(
            next(RetentionSettings()) {
                ($0.oldestLook, $0.oldestThumbnail, $0.oldestEvent) = (.distantPast, .distantPast, .distantPast)
                $0.usedBytes = 1 << 50
            } == .rest
        )
        #expect(
            next(ages) {
                ($0.oldestLook, $0.oldestThumbnail, $0.oldestEvent) = (noon + 1e6, noon + 1e6, noon + 1e6)
            } == .rest
        )
    }

    /// Every combination of what is old, what there is too much of, and what lies free, played until the plan rests: the
    /// steps do what they say, and each kind ends within its bounds.
    @Test("whatever the journal holds, the plan ends, and leaves what it may leave")
    func exhaustive() {
        for bits in 0..<1 << 7 {
            let has = { (bit: Int) in bits >> bit & 1 == 1 }
            let settings = RetentionSettings(
                looks: has(0) ? .seconds(100) : nil,
                thumbnails: has(1) ? .seconds(50) : nil,
                events: has(2) ? .seconds(200) : nil,
                bytes: has(3) ? 100 * megabyte : nil
            )
            // Seconds of age; each look has a megabyte.
            var looks = has(4) ? stride(from: 300.0, to: 10, by: -2).map { $0 } : [5.0]
            var thumbnails = has(5) ? looks : []
            var events = has(6) ? [500.0, 300, 150] : []
            var free: Int64 = has(4) ? 0 : 64 * megabyte
            var plan = Plan(settings)
            var steps = 0
            var hasRested = false
            while !hasRested {
                steps += 1
                guard steps < 5000 else {
                    Issue.record("the plan does not end: \(bits)")
                    break
                }
                let used = Int64(looks.count) * megabyte + Int64(thumbnails.count)
                let step = plan.next(
                    holdings {
                        // The newest may not go.
                        $0.oldestLook = looks.count > 1 ? noon - looks[0] : nil
                        $0.oldestThumbnail = thumbnails.first.map { noon - $0 }
                        $0.oldestEvent = events.first.map { noon - $0 }
                        ($0.usedBytes, $0.freeBytes) = (used, free)
                    },
                    now: noon
                )
                switch step {
                case .deleteLooks(let date):
                    #expect(has(0) && noon - looks[0] < date)
                    free += megabyte
                    thumbnails.removeAll { $0 == looks[0] }
                    looks.removeFirst()
                case .deleteFirstLooks:
                    #expect(has(3) && used > 98 * megabyte)
                    free += megabyte
                    thumbnails.removeAll { $0 == looks[0] }
                    looks.removeFirst()
                case .deleteThumbnails(let date):
                    #expect(has(1) && noon - thumbnails[0] < date)
                    thumbnails.removeFirst()
                case .deleteEvents(let date, let isOverLimit):
                    #expect(isOverLimit ? has(3) : has(2) && noon - events[0] < date)
                    events.removeFirst()
                case .giveBack:
                    #expect(free > 0)
                    free -= min(free, megabyte / 2)
                case .rest: hasRested = true
                }
            }
            if has(0) { #expect(looks.allSatisfy { $0 <= 100 } || looks.count == 1) }
            if has(1) { #expect(thumbnails.allSatisfy { $0 <= 50 }) }
            if has(2) { #expect(events.allSatisfy { $0 <= 200 }) }
            let used = Int64(looks.count) * megabyte
            if has(3) { #expect(used + free <= 100 * megabyte, "\(bits)") }
            #expect(free < max(Plan.leastFree, used / 500 + 1), "\(bits)")
            if !has(0), !has(3), has(4) { #expect(looks.first == 300, "nothing went that need not go") }
        }
    }

    @Test("beyond the limit the first looks go, until a fiftieth less is left")
    func limit() {
        var plan = Plan(RetentionSettings(bytes: 100 * megabyte))
        func step(_ used: Int64) -> Plan.Step {
            plan.next(
                holdings {
                    $0.oldestLook = noon
                    $0.usedBytes = used * megabyte
                },
                now: noon
            )
        }
        #expect(step(100) == .rest)
        #expect(step(101) == .deleteFirstLooks)
        #expect(plan.isOverLimit)
        #expect(step(99) == .deleteFirstLooks)
        #expect(step(98) == .rest)
        #expect(!plan.isOverLimit)
        #expect(step(100) == .rest)
    }

    @Test("when no look may go, the oldest events go for the limit, a day's at a time")
    func limitOfEvents() {
        let limit = RetentionSettings(bytes: 100)
        #expect(
            next(limit) {
                $0.oldestEvent = noon - 10 * day
                $0.usedBytes = 200
            } == .deleteEvents(before: noon - 9 * day, isOverLimit: true)
        )
        #expect(next(limit) { $0.usedBytes = 200 } == .rest)
    }

    @Test("a little free space is not given back, much is, down to the reserve; too large a file gives back at once")
    func free() {
        #expect(next(RetentionSettings()) { $0.freeBytes = 3 << 19 } == .rest)
        #expect(next(RetentionSettings()) { ($0.freeBytes, $0.usedBytes) = (8 << 20, 1 << 32) } == .rest)
        #expect(next(RetentionSettings()) { ($0.freeBytes, $0.usedBytes) = (9 << 20, 1 << 32) } == .giveBack)
        let deleting = { (holdings: inout Plan.Holdings) in
            (holdings.freeBytes, holdings.usedBytes, holdings.oldestLook) = (9 << 20, 1 << 32, noon - 200)
        }
        #expect(next(ages, deleting) == .deleteLooks(before: noon - 100), "not while there is more to come")
        var plan = Plan(RetentionSettings())
        #expect(plan.next(holdings { $0.freeBytes = 2 << 20 }, now: noon) == .giveBack)
        #expect(plan.next(holdings { $0.freeBytes = 3 << 19 }, now: noon) == .giveBack)
        #expect(plan.next(holdings { $0.freeBytes = 1 << 20 }, now: noon) == .rest)
        #expect(plan.next(holdings { $0.freeBytes = 3 << 19 }, now: noon) == .rest)
        let limit = RetentionSettings(bytes: 100 << 20)
        #expect(next(limit) { ($0.freeBytes, $0.usedBytes) = (3 << 19, 99 << 20) } == .giveBack)
    }

    @Test("steps find the size that takes 10 ms, whatever a row costs, and stay within bounds")
    func sizes() {
        for cost in [1, 10, 100, 1000, 20_000] {
            var size = StepSize(first: 20, most: 5000)
            var longest = Duration.zero
            for round in 0..<200 {
                let took = Duration.microseconds(cost * size.count)
                if round > 20 { longest = max(longest, took) }
                size.took(took)
                #expect((1...5000).contains(size.count))
            }
            #expect(longest <= .milliseconds(max(20, cost / 1000)), "\(cost)")
        }
        var size = StepSize(first: 1000, most: 5000)
        size.took(.seconds(10))
        #expect(size.count == 1, "a disk that stalled is given next to nothing")
        size.took(.milliseconds(1))
        #expect(size.count == 2)
    }
}
