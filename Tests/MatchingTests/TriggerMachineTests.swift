import Configuration
import Matching
import TestSupport
import Testing

@Suite("Trigger machine")
struct TriggerMachineTests {
    private func machine(
        _ when: String = "probability >= 0.8",
        _ clear: String = "probability < 0.5",
        hold: Duration = .zero,
        release: Duration = .zero,
        cooldown: Duration = .zero,
        lastStart: Duration? = nil
    ) throws -> TriggerMachine {
        TriggerMachine(
            rule: TriggerRule(
                Conditions(
                    when: try Condition(parsing: when),
                    clear: try Condition(parsing: clear)
                ),
                hold: hold,
                release: release,
                cooldown: cooldown
            ),
            lastStart: lastStart
        )
    }

    /// Feeds (seconds, value) pairs and returns what came of each.
    private func run(_ machine: inout TriggerMachine, _ looks: [(Double, Double)]) -> [TriggerMachine.Action?] {
        looks.map { machine.observe(value: $0.1, at: .seconds($0.0)) }
    }

    @Test("without dwell it starts and ends on the look that says so, with hysteresis between")
    func hysteresis() throws {
        var machine = try machine()
        #expect(machine.state == .unknown)
        let actions = run(&machine, [(0, 0.7), (1, 0.8), (2, 0.6), (3, 0.5), (4, 0.49), (5, 0.79), (6, 0.9)])
        #expect(actions == [nil, .started, nil, nil, .cleared, nil, .started])
    }

    @Test("hold counts from the first look of an unbroken run")
    func hold() throws {
        var machine = try machine(hold: .seconds(2))
        let actions = run(&machine, [(0, 0.9), (1, 0.9), (1.5, 0.7), (2, 0.9), (3.9, 0.9), (4, 0.9), (5, 0.9)])
        #expect(actions == [nil, nil, nil, nil, nil, .started, nil])
    }

    @Test("release counts from the first look of an unbroken run, and the space between the thresholds breaks it")
    func release() throws {
        var machine = try machine(release: .seconds(3))
        let actions = run(&machine, [(0, 0.9), (1, 0.1), (3, 0.1), (3.5, 0.6), (4, 0.1), (6.9, 0.1), (7, 0.1)])
        #expect(actions == [.started, nil, nil, nil, nil, nil, .cleared])
    }

    @Test("a gap in the pictures is no evidence")
    func interruption() throws {
        var machine = try machine(hold: .seconds(2))
        #expect(machine.observe(value: 0.9, at: .seconds(0)) == nil)
        machine.interrupt()
        #expect(machine.observe(value: 0.9, at: .seconds(60)) == nil)
        #expect(machine.observe(value: 0.9, at: .seconds(62)) == .started)
    }

    @Test("a clock that steps back neither starts nor ends anything early")
    func backwards() throws {
        var machine = try machine(hold: .seconds(2))
        #expect(run(&machine, [(100, 0.9), (1, 0.9), (101.9, 0.9), (102, 0.9)]) == [nil, nil, nil, .started])
    }

    @Test("values that are not numbers satisfy nothing")
    func notANumber() throws {
        var machine = try machine()
        #expect(run(&machine, [(0, .nan), (1, 0.9), (2, .nan), (3, 0.1)]) == [nil, .started, nil, .cleared])
    }

    @Test("stopping ends what is active, once")
    func stop() throws {
        var machine = try machine()
        #expect(machine.stop() == nil)
        _ = machine.observe(value: 1, at: .zero)
        #expect(machine.stop() == .end(.stopped))
        #expect(machine.stop() == nil)
        #expect(machine.state == .unknown)
    }

    @Test("conditions may look down, and on any measure")
    func lookingDown() throws {
        var machine = try machine("similarity < 0.1", "similarity > 0.2")
        #expect(run(&machine, [(0, 0.15), (1, 0.05), (2, 0.2), (3, 0.21)]) == [nil, .started, nil, .cleared])
    }

    @Test("a look is decided by the crop that most nearly satisfies the condition")
    func crops() throws {
        let scores = [0.2, 0.9, 0.4].map { Score(similarity: -$0, probability: $0, margin: 0, rival: nil) }
        #expect(try machine().rule.day.decidingCrop(of: scores) == 1)
        #expect(try machine("probability < 0.3", "probability > 0.5").rule.day.decidingCrop(of: scores) == 0)
        #expect(try machine("similarity > -0.3", "similarity < -0.5").rule.day.decidingCrop(of: scores) == 0)
        #expect(try machine().rule.day.decidingCrop(of: []) == nil)
    }

    @Test("in any history starts and ends alternate, each after its dwell of unbroken evidence", arguments: 0..<50)
    func anyHistory(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let hold = Duration.milliseconds(Int.random(in: 0...3000, using: &random))
        let release = Duration.milliseconds(Int.random(in: 0...3000, using: &random))
        var machine = try machine(hold: hold, release: release)
        var now = Duration.zero
        var active = false
        var runStart: (asks: Bool, since: Duration)?
        for _ in 0..<20_000 {
            now += .milliseconds(Int.random(in: 0...700, using: &random))
            let value: Double = [0.1, 0.6, 0.9].randomElement(using: &random) ?? 0
            let repeats = Int.random(in: 1...8, using: &random)
            for _ in 0..<repeats {
                now += .milliseconds(Int.random(in: 0...500, using: &random))
                let asks = active ? value < 0.5 : value >= 0.8
                runStart = asks ? (true, runStart?.since ?? now) : nil
                let due = runStart.map { now - $0.since >= (active ? release : hold) } ?? false
                let action = machine.observe(value: value, at: now)
                #expect(action == (due ? (active ? .cleared : .started) : nil))
                if action != nil {
                    active.toggle()
                    runStart = nil
                }
                #expect(machine.state == (active ? .active : .inactive))
            }
        }
    }
}

extension TriggerMachine {
    /// Takes a value by the conditions of the day.
    fileprivate mutating func observe(value: Double, at time: Duration) -> Action? {
        observe(rule.day.evidence(of: value), at: time)
    }
}

extension TriggerMachine.Action {
    /// With nothing before it.
    fileprivate static let started = Self.start(suppressed: 0)
    fileprivate static let cleared = Self.end(.cleared)
}
