import Configuration
import Matching
import TestSupport
import Testing

/// The cooldown, the schedule, and what holds in every history of a trigger.
@Suite("Trigger's life")
struct TriggerLifeTests {
    private typealias Evidence = TriggerMachine.Evidence

    private func machine(
        hold: Duration = .zero,
        release: Duration = .zero,
        cooldown: Duration,
        lastStart: Duration? = nil
    ) -> TriggerMachine {
        TriggerMachine(
            rule: TriggerRule(Conditions(when: .standard), hold: hold, release: release, cooldown: cooldown),
            lastStart: lastStart
        )
    }

    private func run(_ machine: inout TriggerMachine, _ looks: [(Double, Evidence)]) -> [TriggerMachine.Action?] {
        looks.map { machine.observe($0.1, at: .seconds($0.0)) }
    }

    @Test("within the cooldown nothing starts, and the next event says how many scenes were not told")
    func suppressed() {
        var machine = machine(cooldown: .seconds(60))
        let actions = run(
            &machine,
            [(0, .seen), (5, .gone), (10, .seen), (15, .gone), (20, .seen), (25, .gone), (60, .seen), (61, .gone)]
        )
        #expect(
            actions == [
                .start(suppressed: 0), .end(.cleared), nil, nil, nil, nil, .start(suppressed: 2), .end(.cleared),
            ]
        )
        #expect(run(&machine, [(120, .seen)]) == [.start(suppressed: 0)])
    }

    @Test("a scene that outlasts the cooldown is told when that is over, at a look that still sees it")
    func heldBack() {
        var machine = machine(release: .seconds(5), cooldown: .seconds(60))
        _ = run(&machine, [(0, .seen), (5, .gone), (10, .gone), (30, .seen)])
        #expect(machine.isHeldBack && machine.state == .inactive)
        #expect(run(&machine, [(59, .seen), (60, .gone), (61, .neither)]) == [nil, nil, nil])
        #expect(run(&machine, [(62, .seen)]) == [.start(suppressed: 0)])
        #expect(!machine.isHeldBack && machine.state == .active)
    }

    @Test("the cooldown counts from the start of the last event, not from its end nor from what was held back")
    func fromTheStart() {
        var machine = machine(cooldown: .seconds(60))
        #expect(
            run(&machine, [(0, .seen), (59, .gone), (59.5, .seen), (59.9, .gone), (60, .seen)]) == [
                .start(suppressed: 0), .end(.cleared), nil, nil, .start(suppressed: 1),
            ]
        )
    }

    @Test("a last start from before the daemon's own counts")
    func restart() {
        var machine = machine(cooldown: .seconds(60), lastStart: .seconds(-50))
        #expect(run(&machine, [(0, .seen), (9, .gone), (10, .seen)]) == [nil, nil, .start(suppressed: 1)])
    }

    @Test("outside the schedule nothing is active or pending")
    func schedule() {
        var machine = machine(hold: .seconds(2), cooldown: .zero)
        #expect(run(&machine, [(0, .unscheduled)]) == [nil])
        #expect(machine.state == .inactive)
        #expect(run(&machine, [(1, .seen), (2, .unscheduled), (3, .seen), (4, .seen)]) == [nil, nil, nil, nil])
        #expect(run(&machine, [(5, .seen), (6, .unscheduled)]) == [.start(suppressed: 0), .end(.schedule)])
    }

    @Test("a camera that is lost ends what is held back too: it was there and was not told")
    func lostWhileHeldBack() {
        var machine = machine(cooldown: .seconds(60))
        _ = run(&machine, [(0, .seen), (1, .gone), (2, .seen)])
        #expect(machine.stop() == nil && machine.state == .unknown)
        #expect(run(&machine, [(61, .seen)]) == [.start(suppressed: 1)])
    }

    /// What any observer could say of a machine without looking inside.
    private struct Witness {
        var isActive = false
        var lastStart: Duration?
        var starts = 0
        var ends = 0
    }

    @Test(
        """
        in a million looks of random histories starts and ends alternate, none starts inside the cooldown or without \
        evidence, nothing active is left by a stop, and a restart with the last start loses and doubles nothing
        """,
        arguments: 0..<20
    )
    func anyHistory(seed: UInt64) {
        var random = SplitMix(state: seed)
        func duration(upTo milliseconds: Int) -> Duration {
            Bool.random(using: &random) ? .zero : .milliseconds(Int.random(in: 0...milliseconds, using: &random))
        }
        let rule = TriggerRule(
            Conditions(when: .standard),
            hold: duration(upTo: 3000),
            release: duration(upTo: 3000),
            cooldown: duration(upTo: 30_000)
        )
        var machine = TriggerMachine(rule: rule)
        var witness = Witness()
        var now = Duration.zero
        var faults = 0
        var evidence = Evidence.neither
        for _ in 0..<50_000 {
            // Evidence comes in runs, or dwell would never be met.
            if Int.random(in: 0..<6, using: &random) == 0 {
                evidence =
                    [.seen, .seen, .gone, .gone, .neither, .unscheduled].randomElement(using: &random) ?? .neither
            }
            now += .milliseconds(Int.random(in: -100...700, using: &random))
            var action: TriggerMachine.Action?
            switch Int.random(in: 0..<200, using: &random) {
            case 0: machine.interrupt()
            case 1:
                action = machine.stop()
                if machine.state != .unknown || witness.isActive != (action == .end(.stopped)) { faults += 1 }
            case 2:
                // The daemon dies or is stopped: its successor ends what is open, and knows when that started.
                if witness.isActive { witness.ends += 1 }
                witness.isActive = false
                machine = TriggerMachine(rule: rule, lastStart: witness.lastStart)
                continue
            default:
                let before = machine.state
                action = machine.observe(evidence, at: now)
                if evidence == .neither, action != nil { faults += 1 }
                if before == machine.state, action != nil { faults += 1 }
            }
            switch action {
            case nil: break
            case .start(let suppressed):
                if witness.isActive || evidence != .seen || suppressed < 0 { faults += 1 }
                // A clock that steps back counts as standing still, so by the looks' times it may seem earlier.
                if let last = witness.lastStart, now - last < rule.cooldown - .milliseconds(100) { faults += 1 }
                witness.isActive = true
                witness.lastStart = now
                witness.starts += 1
            case .end(let cause):
                if !witness.isActive { faults += 1 }
                if cause == .cleared, evidence != .gone { faults += 1 }
                if cause == .schedule, evidence != .unscheduled { faults += 1 }
                witness.isActive = false
                witness.ends += 1
            }
            if (machine.state == .active) != witness.isActive { faults += 1 }
        }
        if witness.isActive { witness.ends += 1 }
        #expect(faults == 0)
        #expect(witness.starts == witness.ends)
        #expect(witness.starts > 100)
    }

    @Test(
        "every look of a history without stops is told by the same machine that a late copy of it is",
        arguments: 0..<20
    )
    func copiesAgree(seed: UInt64) {
        var random = SplitMix(state: seed)
        var machine = machine(hold: .seconds(1), release: .seconds(2), cooldown: .seconds(9))
        var copy = machine
        for step in 0..<5000 {
            let evidence = [Evidence.seen, .gone, .neither][Int.random(in: 0..<3, using: &random)]
            let time = Duration.milliseconds(step * 700)
            #expect(machine.observe(evidence, at: time) == copy.observe(evidence, at: time))
            if Int.random(in: 0..<50, using: &random) == 0 { copy = machine }
        }
    }
}
