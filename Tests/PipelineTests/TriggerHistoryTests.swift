import Configuration
import Foundation
import Journal
import Matching
import Pipeline
import TestSupport
import Testing

/// Random lives of two triggers and a combination of them on one camera, held against a second telling of the rules that
/// remembers only since when the scene has been seen or gone.
///
/// A history has looks (scores that are no number among them), looks that cannot be trusted, gaps, losses, clocks that are
/// set, edges of schedules, changed rules, and restarts at any point: clean ones, and deaths after which the journal ends
/// what is open. `TRIGGER_HISTORIES` says how many; `make test-triggers` goes through millions.
@Suite("trigger histories")
struct TriggerHistoryTests {
    @Test("starts and ends alternate, with evidence, past the cooldown, and over restarts none is lost or doubled")
    func histories() throws {
        let count = ProcessInfo.processInfo.environment["TRIGGER_HISTORIES"].flatMap(Int.init) ?? 200_000
        var totals = History.Counts()
        for seed in 0..<count {
            var history = History(seed: UInt64(seed))
            let problem = history.run()
            totals.add(history.counts)
            if let problem {
                Issue.record("history \(seed): \(problem)")
                return
            }
        }
        print("\(count) histories: \(totals.looks) looks, \(totals.starts) starts, \(totals.restarts) restarts")
        #expect(totals.starts == totals.ends)
        #expect(totals.starts > count / 10 && totals.restarts > count / 10)
    }
}

private struct History {
    struct Counts {
        var looks = 0
        var starts = 0
        var ends = 0
        var restarts = 0

        mutating func add(_ other: Counts) {
            looks += other.looks
            starts += other.starts
            ends += other.ends
            restarts += other.restarts
        }
    }

    /// What is told of a trigger, by the second telling.
    private struct Expected {
        /// The scene is there, whether or not its event waits for the cooldown.
        var isThere = false
        var isActive = false
        var seenSince: Duration?
        var goneSince: Duration?
        var latest: Duration?
        var lastStart: Duration?
        var suppressed = 0
        /// Nil for unknown.
        var state: Bool?

        mutating func interrupt() {
            seenSince = nil
            goneSince = nil
        }

        /// Returns whether an event ends.
        mutating func leave() -> Bool {
            if isThere, !isActive { suppressed += 1 }
            defer {
                isThere = false
                isActive = false
            }
            return isActive
        }
    }

    private enum Evidence { case seen, gone, neither, unknown, unscheduled }
    private enum Told: Equatable {
        case start(suppressed: Int)
        case end(EventEndReason)
    }

    private(set) var counts = Counts()
    private var random: SplitMix
    private var rules: [TriggerRule] = []
    private var watches: [Watch] = []
    private var expected: [Expected] = []
    /// The simulated journal: the open event of each trigger, when its last one began, and all ids.
    private var open: [EventID?] = [nil, nil, nil]
    private var lastStarts: [Date?] = [nil, nil, nil]
    private var ids: Set<EventID> = []
    private var time = Duration.seconds(1000)
    private var clock = Date(timeIntervalSince1970: 1_699_956_000)

    private static let matcher = Matcher(
        prompt: Prompt(phrasings: ["one"], embeddings: [[1, 0]]),
        rivals: [],
        logitScale: 100
    )
    private static let combination = Combination.all([.trigger("a"), .not(.trigger("b"))])
    private static let names = ["a", "b", "c"]
    private static let window = (from: 36_000, to: 39_600)

    init(seed: UInt64) {
        random = SplitMix(state: seed)
        clock += Double(Int.random(in: 0..<7200, using: &random))
    }

    /// Returns what was wrong.
    mutating func run() -> String? {
        rules = (0..<3).map { _ in newRule() }
        watches = (0..<3).map { watch($0, lastStart: nil) }
        expected = [Expected(), Expected(), Expected()]
        for _ in 0..<Int.random(in: 4...20, using: &random) {
            if let problem = step() { return problem }
        }
        return stop(.shutdown) ?? (open.contains { $0 != nil } ? "an event is left open" : nil)
    }

    private mutating func step() -> String? {
        switch Int.random(in: 0..<32, using: &random) {
        case 0:
            counts.restarts += 1
            return stop(.shutdown) ?? restart([0, 1, 2])
        case 1:
            counts.restarts += 1
            // The journal ends what a daemon that died left open.
            for index in 0..<3 where open[index] != nil {
                open[index] = nil
                counts.ends += 1
            }
            return restart([0, 1, 2])
        case 2:
            return stop(.cameraLost)
        case 3:
            // A rule that changes takes the combination along.
            let changed = Int.random(in: 0..<3, using: &random)
            for index in Set([changed, 2]).sorted() {
                if let problem = stop(index, .configurationChanged) { return problem }
            }
            rules[changed] = newRule()
            return restart(Set([changed, 2]).sorted())
        case 4:
            clock += Double(Int.random(in: -7200...7200, using: &random))
            return look(isTrusted: true)
        case 5:
            return look(isTrusted: false)
        case 6:
            time += .seconds(Int.random(in: 5...60, using: &random))
            return look(isTrusted: true)
        default:
            return look(isTrusted: true)
        }
    }

    // MARK: Looks

    private mutating func look(isTrusted: Bool) -> String? {
        let passed = Int.random(in: -200...2000, using: &random)
        time += .milliseconds(passed)
        clock += Double(passed) / 1000
        for index in 0..<3 {
            counts.looks += 1
            if !isTrusted { watches[index].interrupt() }
            let value: Float = index == 2 ? 0 : [0.9, 0.9, 0.8, 0.6, 0.3, 0.3, .nan].randomElement(using: &random) ?? 0
            let holds = watches.holds(at: index, among: [0, 1, 2])
            let outcome = watches[index].look(
                [[value, 0]],
                frame: 1,
                monotonic: time,
                wallClock: clock,
                isTrusted: isTrusted,
                holds: holds,
                newEvent: { EventID(at: $0) }
            )
            let told = expect(index, value, isTrusted: isTrusted)
            if let problem = note(outcome.message, told, index) { return problem }
            if watches[index].isActive != expected[index].state {
                return "\(Self.names[index]) is \(watches[index].state) after \(value)"
            }
        }
        return nil
    }

    private mutating func expect(_ index: Int, _ value: Float, isTrusted: Bool) -> Told? {
        let evidence = evidence(index, value)
        let rule = rules[index]
        let time = time
        return { (seat: inout Expected) -> Told? in
            guard isTrusted else {
                seat.interrupt()
                return nil
            }
            if evidence == .unknown {
                seat.interrupt()
                return nil
            }
            let now = max(time, seat.latest ?? time)
            seat.latest = now
            defer { seat.state = seat.isActive }
            switch evidence {
            case .unscheduled:
                seat.interrupt()
                return seat.leave() ? .end(.schedule) : nil
            case .seen:
                seat.goneSince = nil
                let since = seat.seenSince ?? now
                seat.seenSince = since
                if now - since >= rule.hold { seat.isThere = true }
                let isCooling = seat.lastStart.map { now - $0 < rule.cooldown } ?? false
                guard seat.isThere, !seat.isActive, !isCooling else { return nil }
                defer { seat.suppressed = 0 }
                seat.isActive = true
                seat.lastStart = now
                return .start(suppressed: seat.suppressed)
            case .gone:
                seat.seenSince = nil
                let since = seat.goneSince ?? now
                seat.goneSince = since
                guard seat.isThere, now - since >= rule.release else { return nil }
                return seat.leave() ? .end(.cleared) : nil
            case .neither, .unknown:
                seat.interrupt()
                return nil
            }
        }(&expected[index])
    }

    private func evidence(_ index: Int, _ value: Float) -> Evidence {
        if rules[index].schedule != nil {
            let second = Int(clock.timeIntervalSince1970.rounded(.down)) % 86_400
            guard (Self.window.from..<Self.window.to).contains(second) else { return .unscheduled }
        }
        // The condition is of the exact value of the Float.
        guard index == 2 else { return Double(value) >= 0.8 ? .seen : value < 0.5 ? .gone : .neither }
        switch (expected[0].state, expected[1].state) {
        case (true, false): return .seen
        case (false, _), (_, true): return .gone
        default: return .unknown
        }
    }

    // MARK: What is told

    private mutating func note(_ message: JournalMessage?, _ told: Told?, _ index: Int) -> String? {
        let name = Self.names[index]
        switch message {
        case nil:
            return told == nil ? nil : "\(name) told nothing in place of \(String(describing: told))"
        case .eventStarted(let start):
            guard told == .start(suppressed: start.suppressed) else {
                return "\(name) started in place of \(String(describing: told))"
            }
            guard open[index] == nil, ids.insert(start.id).inserted else { return "\(name) started twice" }
            guard (start.score == nil) == (index == 2), (start.crop == nil) == (index == 2) else {
                return "\(name) started with a wrong score"
            }
            open[index] = start.id
            lastStarts[index] = start.at
            counts.starts += 1
        case .eventEnded(let end):
            guard told == .end(end.reason) else {
                return "\(name) ended (\(end.reason)) in place of \(String(describing: told))"
            }
            guard open[index] == end.id else { return "\(name) ended what is not open" }
            open[index] = nil
            counts.ends += 1
        default:
            return "\(name) told something else"
        }
        return nil
    }

    private mutating func stop(_ reason: EventEndReason) -> String? {
        for index in 0..<3 {
            if let problem = stop(index, reason) { return problem }
        }
        return nil
    }

    private mutating func stop(_ index: Int, _ reason: EventEndReason) -> String? {
        let message = watches[index].stop(at: clock, reason: reason)
        expected[index].interrupt()
        expected[index].state = nil
        return note(message, expected[index].leave() ? .end(reason) : nil, index)
    }

    /// Begins anew with what the journal knows.
    private mutating func restart(_ places: [Int]) -> String? {
        for index in places {
            let since = lastStarts[index].map { clock.timeIntervalSince($0) } ?? -1
            let lastStart = since < 0 ? nil : time - .seconds(since)
            watches[index] = watch(index, lastStart: lastStart)
            expected[index] = Expected(lastStart: lastStart)
        }
        return nil
    }

    // MARK: Rules

    private func watch(_ index: Int, lastStart: Duration?) -> Watch {
        Watch(
            trigger: Self.names[index],
            camera: "door",
            matcher: index == 2 ? nil : Self.matcher,
            combination: index == 2 ? Self.combination : nil,
            depth: index == 2 ? 1 : 0,
            rule: rules[index],
            lastStart: lastStart
        )
    }

    private static let conditions: Conditions? = {
        guard let when = try? Condition(.similarity, .atLeast, 0.8),
            let clear = try? Condition(.similarity, .below, 0.5)
        else { return nil }
        return Conditions(when: when, clear: clear)
    }()

    private static let schedule = Schedule(
        windows: [Schedule.Window(days: Set(Schedule.Day.allCases), from: window.from, to: window.to)],
        zone: TimeZone(secondsFromGMT: 0)
    )

    private mutating func newRule() -> TriggerRule {
        TriggerRule(
            Self.conditions ?? Conditions(when: .standard),
            hold: .seconds([0, 0, 1, 3].randomElement(using: &random) ?? 0),
            release: .seconds([0, 0, 1, 3].randomElement(using: &random) ?? 0),
            cooldown: .seconds([0, 0, 4, 20].randomElement(using: &random) ?? 0),
            schedule: Int.random(in: 0..<4, using: &random) == 0 ? Self.schedule : nil
        )
    }
}
