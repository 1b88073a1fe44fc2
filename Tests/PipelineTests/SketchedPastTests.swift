import Configuration
import Foundation
import Journal
import Logging
import Matching
import Pipeline
import TestSupport
import Testing

/// Random journals with random triggers: judged by the sketch, by bounds out of the database, and by the embeddings alone,
/// everything comes out the same.
@Suite("Sketched past")
struct SketchedPastTests {
    @Test("what is said of the past is the same with a sketch and without one", arguments: 0..<8)
    func same(seed: UInt64) throws {
        var world = PastWorld(seed: seed)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("past-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("journal.db").path
        for _ in 0..<3 { try world.run(path) }
        let reader = try JournalReader(path: path)
        defer { reader.close() }
        let quiet = Logger(label: "past") { _ in SwiftLogNoOpLogHandler() }
        try reader.sketchAll(logger: quiet)

        var (looks, read, events, suggestions) = (0, 0, 0, 0)
        for number in 0..<6 {
            let isSimple = number < 3
            let (question, window) = try world.question(reader, isSimple: isSimple)
            let sketched = try PastJudgement.of(reader, window, question, model: PastWorld.model)
            let plain = try PastJudgement.of(reader, window, question, model: PastWorld.model, isSketched: false)
            #expect(Outcome(sketched) == Outcome(plain))
            try FileManager.default.moveItem(atPath: path + ".sketch", toPath: path + ".aside")
            let unsketched = try PastJudgement.of(reader, window, question, model: PastWorld.model)
            try FileManager.default.moveItem(atPath: path + ".aside", toPath: path + ".sketch")
            #expect(Outcome(unsketched) == Outcome(plain))
            if isSimple {
                looks += plain.backtest.looks
                read += sketched.backtest.read
            }
            events += plain.backtest.events.count
            suggestions += plain.suggestions.count { $0 != nil }
        }
        print("seed \(seed): \(looks) looks, \(read) read, \(events) events, \(suggestions) suggestions")
        #expect(looks > 2000 && events > 20 && suggestions > 0)
        #expect(read < looks, "the sketch decides something")

        // One that is damaged is as if there were none.
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path + ".sketch/00000001"))
        try file.seek(toOffset: 4096 + 65_536 * 48 + 20 * 1000 + 12)
        try file.write(contentsOf: Data([0xff, 0xff]))
        try file.close()
        let (question, window) = try world.question(reader, isSimple: false)
        let damaged = try PastJudgement.of(reader, window, question, model: PastWorld.model)
        let plain = try PastJudgement.of(reader, window, question, model: PastWorld.model, isSketched: false)
        #expect(Outcome(damaged) == Outcome(plain))
    }

    /// All that is told of a judgement.
    private struct Outcome: Equatable {
        var events: [[String]]
        var counts: [Int]
        var looks: Int
        var others: Int
        var span: ClosedRange<Date>?
        var bars: [[Int]]
        var ends: [ClosedRange<Double>?]
        var peaks: [[Double?]]
        var told: [[Bool]]
        var unmatched: [NamedMoment]
        var thresholds: [ThresholdSuggestion?]
        var suggested: [Int?]
        var mistakes: [MomentMistakes?]

        init(_ judgement: PastJudgement) {
            let backtest = judgement.backtest
            events = backtest.events.map { event in
                let (start, end) = (event.start, event.end)
                let begun: [Any?] = [start.trigger, start.camera, start.at, start.frame, start.crop, start.score]
                let ended: [Any?] = [start.suppressed, start.isDryRun, end?.at, end?.frame, end?.reason, end?.score]
                return (begun + ended).map { String(describing: $0) }
            }
            counts = backtest.counts
            looks = backtest.looks
            others = judgement.others
            span = backtest.span
            ends = backtest.scores.map { $0.when.measure == .probability ? nil : $0.spread.ends }
            bars = zip(backtest.scores, ends).map { $0.spread.counts(in: $1 ?? $0.when.measure.range) }
            peaks = backtest.scores.map(\.peaks)
            told = backtest.scores.map(\.told)
            unmatched = judgement.unmatched
            thresholds = judgement.suggestions.map { $0?.thresholds }
            suggested = judgement.suggestions.map { $0?.events }
            mistakes = judgement.suggestions.map { $0?.mistakes }
        }
    }
}

/// Two cameras before which a few things come and go, by night and by day.
private struct PastWorld {
    static let model = "0123456789abcdef-f32-p1"
    private static let cameras = ["door", "yard"]
    private static let width = 64

    private var random: SplitMix
    private let common: [Float]
    private let things: [[Float]]
    private let places: [[Float]]
    private var strengths: [[Float]]
    private var dark = [false, false]
    private var frame: UInt64 = 0
    private var clock = Date(timeIntervalSince1970: 1_790_000_000)
    private var last: [Float] = []

    init(seed: UInt64) {
        var random = SplitMix(state: seed)
        let make = { Self.direction(&random) }
        common = make()
        things = (0..<6).map { _ in make() }
        places = (0..<2).map { _ in make() }
        strengths = [Array(repeating: 0, count: 6), Array(repeating: 0, count: 6)]
        self.random = random
    }

    private static func direction(_ random: inout SplitMix) -> [Float] {
        Prompt.normalized((0..<width).map { _ in Float.random(in: -1...1, using: &random) })
    }

    private func sum(_ parts: [(Float, [Float])]) -> [Float] {
        var sum = [Float](repeating: 0, count: Self.width)
        for (factor, part) in parts { for index in sum.indices { sum[index] += factor * part[index] } }
        return Prompt.normalized(sum)
    }

    private mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &random) < share }

    // MARK: A run of the daemon

    mutating func run(_ path: String) throws {
        let journal = try Journal(path: path, logger: Logger(label: "past") { _ in SwiftLogNoOpLogHandler() })
        defer { journal.close() }
        var elapsed = Duration.seconds(Int.random(in: 0..<1000, using: &random))
        let model = chance(0.1) ? "other" : Self.model
        for number in 0..<1500 {
            let step = chance(0.01) ? 30 : Double.random(in: 0.05...0.6, using: &random)
            clock += step
            elapsed += .seconds(step)
            frame += 1
            let camera = Int.random(in: 0..<2, using: &random)
            if chance(0.01) { dark[camera].toggle() }
            if chance(0.005) {
                let change = CameraChange(camera: Self.cameras[camera], at: clock, reason: "gone")
                journal.record(.cameraLost(change)) { _ in }
            }
            journal.record(look(of: camera, elapsed, number % 400 < 20 ? "other" : model))
            if number % 500 == 499 { journal.flush() }
        }
        journal.flush()
    }

    private mutating func look(of camera: Int, _ elapsed: Duration, _ model: String) -> LookRecord {
        let crops = (0..<(chance(0.2) ? 2 : 1)).map { index -> CropRecord in
            if last.isEmpty || !chance(0.2) {
                for thing in strengths[camera].indices {
                    guard chance(0.02) else { continue }
                    let strength = Float.random(in: 0...1, using: &random)
                    strengths[camera][thing] = chance(0.7) ? 0 : strength
                }
                let seen = zip(strengths[camera], things).map { ($0, $1) }
                last = sum([(1, common), (0.5, places[camera]), (0.05, Self.direction(&random))] + seen)
            }
            return CropRecord(index: index, x: 0, y: 0, side: 720, embedding: last)
        }
        return LookRecord(
            camera: Self.cameras[camera],
            sequence: frame,
            at: clock,
            view: "full",
            modelID: model,
            elapsed: elapsed,
            brightness: chance(0.02) ? nil : dark[camera] ? 10 : 120,
            isEvidence: !chance(0.02),
            isAfterLoss: chance(0.01),
            crops: crops,
            scores: []
        )
    }

    // MARK: Questions

    /// - Parameter isSimple: one prompt judged by its probability, in place of four of all kinds and a combination.
    mutating func question(
        _ reader: JournalReader,
        isSimple: Bool
    ) throws -> (PastJudgement.Question, PastWindow) {
        var prompts: [[Float]] = []
        for thing in things {
            prompts.append(sum([(0.8, common), (0.6, thing), (0.4, Self.direction(&random))]))
        }
        let rivals = (0..<5).map { _ in sum([(0.8, common), (0.6, Self.direction(&random))]) }
        let text = { (name: String, embedding: [Float]) in Prompt(phrasings: [name], embeddings: [embedding]) }
        var triggers: [TriggerSettings] = []
        var matchers: [Matcher?] = []
        for number in 0..<4 {
            triggers.append(try trigger("t\(number)", margins: isSimple ? 0 : 0.15))
            let against = !isSimple && chance(0.1) ? [] : rivals.enumerated().map { text("rival \($0)", $1) }
            let matcher = Matcher(prompt: text("thing", prompts[number]), rivals: against, logitScale: 40)
            matchers.append(matcher)
        }
        var combined = try trigger("both")
        combined.combination = .any([.all([.trigger("t0"), .not(.trigger("t1"))]), .trigger("t2")])
        combined.cameras = Self.cameras
        for index in triggers.indices.prefix(3) { triggers[index].cameras = Self.cameras }
        triggers.append(combined)
        matchers.append(nil)
        if isSimple {
            triggers.removeLast(4)
            matchers.removeLast(4)
        }

        let (first, length) = (Date(timeIntervalSince1970: 1_790_000_000), clock.timeIntervalSince1970 - 1_790_000_000)
        let since = chance(0.5) ? Date.distantPast : first + length * Double.random(in: 0...0.2, using: &random)
        let until = chance(0.5) ? Date.distantFuture : first + length * Double.random(in: 0.8...1, using: &random)
        var moments: [NamedMoment] = []
        if chance(0.5) {
            for number in 0..<6 {
                let at = first + length * Double.random(in: 0...1, using: &random)
                moments.append(NamedMoment(camera: chance(0.5) ? "door" : nil, at: at, isThere: number % 2 == 0))
            }
        }
        let question = PastJudgement.Question(
            triggers: triggers,
            matchers: matchers,
            cameras: Self.cameras.map { CameraSettings(name: $0, source: .command(["grab"])) },
            course: try reader.course(until: until),
            since: since,
            moments: moments
        )
        let window = try reader.window(
            since: since - Backtest.warmUp(of: triggers) / .seconds(1),
            until: until,
            cameras: Set(triggers.flatMap(\.cameras))
        )
        return (question, window)
    }

    private mutating func trigger(_ name: String, margins: Double = 0) throws -> TriggerSettings {
        func conditions() throws -> Conditions {
            let low = Double.random(in: 0.05...0.5, using: &random)
            let high = low + Double.random(in: 0...0.4, using: &random)
            if chance(margins) {
                return Conditions(
                    when: try Condition(.margin, .above, high / 5 - 0.05),
                    clear: try Condition(.margin, .below, low / 5 - 0.05)
                )
            }
            let up = Conditions(
                when: try Condition(.probability, .atLeast, high),
                clear: try Condition(.probability, .below, low)
            )
            return chance(0.2) ? Conditions(when: up.clear, clear: up.when) : up
        }
        let day = try conditions()
        let night = try conditions()
        var trigger = TriggerSettings(
            name: name,
            prompt: ["thing"],
            cameras: chance(0.3) ? ["yard"] : Self.cameras,
            when: day.when,
            clear: day.clear,
            night: chance(0.3) ? night : nil,
            hold: .milliseconds(Int.random(in: 0...3000, using: &random)),
            release: .milliseconds(Int.random(in: 0...5000, using: &random)),
            cooldown: chance(0.5) ? .zero : .seconds(Int.random(in: 0...60, using: &random))
        )
        if chance(0.3) {
            let midnight = 86_400
            let start = Int.random(in: 0..<midnight, using: &random)
            let end = (start + 43_200) % midnight + 1
            let window = Schedule.Window(days: Set(Schedule.Day.allCases), from: start, to: end)
            trigger.schedule = Schedule(windows: [window], zone: .gmt)
        }
        return trigger
    }
}
