import Foundation
import Hooks
import Testing

@Suite struct HookQueueTests {
    private static let front = HookJob.Source(trigger: "parcel-left", camera: "front-door")
    private static let back = HookJob.Source(trigger: "parcel-left", camera: "back-door")
    private static let yard = HookJob.Source(trigger: "dog", camera: "yard")

    private func job(_ number: Int, _ source: HookJob.Source = front, timeout: Duration = .seconds(30)) -> HookJob {
        HookJob(source: source, arguments: ["\(number)"], timeout: timeout)
    }

    private func started(_ actions: [HookQueue.Action]) -> [String] {
        actions.compactMap { if case .start(_, let job) = $0 { job.arguments.first } else { nil } }
    }

    @Test func whatIsOfferedStartsAtOnce() {
        var queue = HookQueue(limit: 2, capacity: 4)
        #expect(queue.isIdle && queue.nextDeadline == nil)
        let first = job(1)
        #expect(queue.offer(first, at: .seconds(5)) == [.start(0, first)])
        #expect(queue.nextDeadline == .seconds(35))
        #expect(queue.ended(0, succeeded: true, at: .seconds(6)) == [])
        #expect(queue.isIdle && queue.nextDeadline == nil)
        #expect(queue.statistics.succeeded == 1)
    }

    @Test func oneSourceHasOneAtATime() {
        var queue = HookQueue(limit: 4, capacity: 4)
        #expect(started(queue.offer(job(1), at: .zero)) == ["1"])
        #expect(started(queue.offer(job(2), at: .zero)) == [])
        #expect(started(queue.offer(job(3, Self.back), at: .zero)) == ["3"])
        #expect(started(queue.ended(0, succeeded: false, at: .seconds(1))) == ["2"])
        #expect(queue.statistics.failed == 1)
    }

    @Test func overloadIsToldOnceABurst() {
        var queue = HookQueue(limit: 1, capacity: 2)
        _ = queue.offer(job(1), at: .zero)
        for number in 2...3 { #expect(queue.offer(job(number), at: .zero) == []) }
        #expect(queue.offer(job(4), at: .zero) == [.reportOverload(Self.front, waiting: 2)])
        #expect(queue.offer(job(5), at: .zero) == [])
        #expect(started(queue.ended(0, succeeded: true, at: .zero)) == ["4"])
        // There is room again, but it is the same burst.
        for number in 6...7 { #expect(queue.offer(job(number), at: .zero) == []) }
        #expect(started(queue.ended(1, succeeded: true, at: .zero)) == ["6"])
        let last = queue.ended(2, succeeded: true, at: .zero)
        #expect(started(last) == ["7"] && last.last == .reportDropped(3))
        #expect(queue.statistics.dropped == 3 && queue.statistics.offered == 7)
        for number in 8...9 { _ = queue.offer(job(number), at: .zero) }
        #expect(queue.offer(job(10), at: .zero) == [.reportOverload(Self.front, waiting: 2)])
    }

    @Test func oneThatTakesTooLongIsTerminatedThenKilledThenLeft() {
        var queue = HookQueue(limit: 1, capacity: 2)
        _ = queue.offer(job(1), at: .zero)
        _ = queue.offer(job(2), at: .zero)
        #expect(queue.advance(to: .milliseconds(29_999)) == [])
        #expect(queue.advance(to: .seconds(30)) == [.terminate(0, Self.front, .tookTooLong(.seconds(30)))])
        #expect(queue.nextDeadline == .seconds(32))
        #expect(queue.advance(to: .seconds(31)) == [])
        #expect(queue.advance(to: .seconds(32)) == [.kill(0, Self.front)])
        #expect(queue.advance(to: .seconds(32)) == [])
        let actions = queue.advance(to: .seconds(33))
        #expect(actions.first == .abandon(0, Self.front) && started(actions) == ["2"])
        #expect(queue.ended(0, succeeded: true, at: .seconds(34)) == [])
        #expect(queue.statistics.failed == 1 && queue.statistics.timedOut == 1 && queue.statistics.succeeded == 0)
    }

    @Test func oneThatEndsWellAfterItsTimeHasFailed() {
        var queue = HookQueue(limit: 1, capacity: 2)
        _ = queue.offer(job(1, timeout: .seconds(1)), at: .zero)
        _ = queue.advance(to: .seconds(1))
        _ = queue.ended(0, succeeded: true, at: .seconds(2))
        #expect(queue.statistics.failed == 1 && queue.statistics.succeeded == 0 && queue.isIdle)
    }

    @Test func timeDoesNotRunBackwards() {
        var queue = HookQueue(limit: 1, capacity: 2)
        _ = queue.offer(job(1, timeout: .seconds(1)), at: .seconds(10))
        #expect(queue.advance(to: .zero) == [])
        _ = queue.ended(0, succeeded: true, at: .zero)
        _ = queue.offer(job(2, timeout: .seconds(1)), at: .zero)
        #expect(queue.nextDeadline == .seconds(11))
    }

    @Test func aStopLetsTheRestRunForAWhile() {
        var queue = HookQueue(limit: 1, capacity: 8)
        for number in 1...4 { _ = queue.offer(job(number), at: .zero) }
        #expect(queue.stop(within: .seconds(5), at: .seconds(1)) == [])
        #expect(queue.offer(job(5), at: .seconds(1)) == [])
        #expect(started(queue.ended(0, succeeded: true, at: .seconds(2))) == ["2"])
        #expect(queue.nextDeadline == .seconds(6))
        #expect(
            queue.advance(to: .seconds(6)) == [.terminate(1, Self.front, .stopping), .reportUnstarted(2)]
        )
        #expect(!queue.isIdle)
        #expect(queue.ended(1, succeeded: false, at: .seconds(7)) == [])
        #expect(queue.isIdle)
        #expect(queue.statistics.dropped == 3 && queue.statistics.failed == 1 && queue.statistics.timedOut == 0)
    }

    @Test func ofSeveralStopsTheEarliestCounts() {
        var queue = HookQueue(limit: 1, capacity: 8)
        _ = queue.offer(job(1), at: .zero)
        _ = queue.stop(within: .seconds(2), at: .zero)
        #expect(queue.stop(within: .seconds(9), at: .seconds(1)) == [])
        #expect(queue.nextDeadline == .seconds(2))
        #expect(queue.stop(within: .zero, at: .seconds(1)) == [.terminate(0, Self.front, .stopping)])
    }

    // MARK: Everything that can happen

    private enum Step: CaseIterable {
        case offerFront, offerBack, offerYard, oldestSucceeds, newestFails, shortWhile, untilDeadline, stop
    }

    /// What a caller could know of the queue, and what must hold of it.
    private struct World {
        enum Stage { case running, terminated, killed }

        let limit: Int
        let capacity: Int
        var queue: HookQueue
        var now = Duration.zero
        var offered: [HookJob.Source: [Int]] = [:]
        var started: [HookJob.Source: [Int]] = [:]
        var running: [(run: Int, source: HookJob.Source, stage: Stage)] = []
        var count = 0
        var startCount = 0
        var isStopped = false

        init(limit: Int, capacity: Int) {
            self.limit = limit
            self.capacity = capacity
            queue = HookQueue(limit: limit, capacity: capacity)
        }

        /// Takes one step; what is wrong after it, or nil.
        mutating func take(_ step: Step) -> String? {
            switch step {
            case .offerFront: return offer(HookQueueTests.front)
            case .offerBack: return offer(HookQueueTests.back)
            case .offerYard: return offer(HookQueueTests.yard)
            case .oldestSucceeds:
                guard !running.isEmpty else { return nil }
                return check(queue.ended(running.removeFirst().run, succeeded: true, at: now))
            case .newestFails:
                guard let last = running.popLast() else { return nil }
                return check(queue.ended(last.run, succeeded: false, at: now))
            case .shortWhile:
                now += .milliseconds(700)
            case .untilDeadline:
                guard let deadline = queue.nextDeadline else { return nil }
                now = max(now, deadline)
            case .stop:
                isStopped = true
                return check(queue.stop(within: .seconds(5), at: now))
            }
            return check(queue.advance(to: now))
        }

        private mutating func offer(_ source: HookJob.Source) -> String? {
            count += 1
            if !isStopped { offered[source, default: []].append(count) }
            let job = HookJob(source: source, arguments: ["\(count)"], timeout: .seconds(30))
            return check(queue.offer(job, at: now))
        }

        private mutating func check(_ actions: [HookQueue.Action]) -> String? {
            for action in actions {
                if let wrong = follow(action) { return wrong }
            }
            let statistics = queue.statistics
            if running.count > limit || running.count != statistics.running { return "\(running.count) run" }
            if Set(running.map(\.source)).count != running.count { return "two of one source run" }
            if statistics.waiting > capacity { return "\(statistics.waiting) wait" }
            let sum =
                statistics.running + statistics.waiting + statistics.succeeded + statistics.failed
                + statistics.dropped
            if statistics.offered != count || sum != count { return "\(statistics) for \(count)" }
            if statistics.succeeded + statistics.failed + statistics.running != startCount { return "\(statistics)" }
            if queue.isIdle != (running.isEmpty && statistics.waiting == 0) { return "idle" }
            if !running.isEmpty, queue.nextDeadline == nil { return "nothing limits what runs" }
            if let deadline = queue.nextDeadline, deadline <= now { return "\(deadline) is over at \(now)" }
            if statistics.waiting > 0, running.isEmpty { return "what waits waits for nothing" }
            return nil
        }

        private mutating func follow(_ action: HookQueue.Action) -> String? {
            switch action {
            case .start(let run, let job):
                let number = job.arguments.first.flatMap { Int($0) } ?? 0
                guard offered[job.source, default: []].contains(number) else { return "\(number) was not offered" }
                guard number > started[job.source]?.last ?? 0 else { return "\(number) is out of order" }
                started[job.source, default: []].append(number)
                startCount += 1
                running.append((run, job.source, .running))
            case .terminate(let run, _, _):
                return move(run, from: .running, to: .terminated)
            case .kill(let run, _):
                return move(run, from: .terminated, to: .killed)
            case .abandon(let run, _):
                guard let index = running.firstIndex(where: { $0.run == run && $0.stage == .killed }) else {
                    return "\(run) is abandoned alive"
                }
                running.remove(at: index)
            case .reportOverload(_, let waiting):
                if waiting != capacity { return "overload at \(waiting)" }
            case .reportDropped(let count):
                if count < 1 { return "none dropped" }
            case .reportUnstarted(let count):
                if count < 1 || !isStopped { return "none unstarted" }
            }
            return nil
        }

        private mutating func move(_ run: Int, from: Stage, to: Stage) -> String? {
            guard let index = running.firstIndex(where: { $0.run == run && $0.stage == from }) else {
                return "\(run) goes to \(to) from elsewhere"
            }
            running[index].stage = to
            return nil
        }
    }

    /// Every sequence of six steps, for small limits and capacities.
    @Test(arguments: [(1, 1), (1, 2), (2, 1), (2, 3)])
    func everySequence(limit: Int, capacity: Int) {
        var wrong: [String] = []
        func explore(_ world: World, _ path: [Step]) {
            guard path.count < 6, wrong.count < 5 else { return }
            for step in Step.allCases {
                var next = world
                if let what = next.take(step) {
                    wrong.append("\(path + [step]): \(what)")
                } else {
                    explore(next, path + [step])
                }
            }
        }
        explore(World(limit: limit, capacity: capacity), [])
        #expect(wrong == [])
    }

    /// Long random sequences, after each of which everything comes to an end.
    @Test func longSequencesComeToAnEnd() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var world = World(limit: Int.random(in: 1...4, using: &generator), capacity: 5)
            var path: [Step] = []
            while path.count < 300 {
                let step = Step.allCases.dropLast().randomElement(using: &generator) ?? .shortWhile
                path.append(step)
                if let what = world.take(step) {
                    Issue.record("\(path): \(what)")
                    return
                }
            }
            var wrong = world.take(.stop)
            for _ in 0..<20 where wrong == nil { wrong = world.take(.untilDeadline) }
            #expect(wrong == nil && world.queue.isIdle, "\(path): \(wrong ?? "not idle")")
        }
    }
}
