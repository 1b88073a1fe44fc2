import Foundation
import Journal
import Testing

/// What `backtest --json` says.
struct PastReport: Decodable {
    struct Event: Decodable, Equatable {
        struct Score: Decodable, Equatable {
            let probability: Double
            let similarity: Double
            let margin: Double
            let rival: String?
        }

        let camera: String
        let started: String
        let ended: String?
        let reason: String?
        let frame: UInt64
        let crop: Int?
        let score: Score?
        let suppressed: Int
    }

    struct Suggestion: Decodable {
        let from: String
        let falseMoments: Int?
        let missedMoments: Int?
        let events: Int
    }

    struct Trigger: Decodable {
        let name: String
        let events: [Event]
        let suggestion: Suggestion?
    }

    let triggers: [Trigger]
    let looks: Int
}

extension Workplace {
    /// Expects that the journal's looks lead to exactly the events that were told, one for one and in their order.
    @discardableResult
    func expectThePastAgain(
        _ files: [String]? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> (looks: Int, events: Int) {
        let outcome = try await run(Programs.client, ["backtest", "--json"] + (files ?? ["--config", configuration]))
        #expect(outcome.status == 0, "\(outcome.errors)", sourceLocation: sourceLocation)
        let report = try JSONDecoder().decode(PastReport.self, from: Data(outcome.output.utf8))
        let reader = try JournalReader(path: journal)
        defer { reader.close() }
        // In the order in which they were told: the times of a later run may lie before those of an earlier one.
        let told = try reader.events(limit: .max).sorted { $0.seqStarted < $1.seqStarted }
        #expect(report.triggers.reduce(0) { $0 + $1.events.count } == told.count, sourceLocation: sourceLocation)
        for trigger in report.triggers {
            let expected = told.filter { $0.start.trigger == trigger.name }.map(Told.init)
            #expect(trigger.events.map(Told.init) == expected, "\(trigger.name)", sourceLocation: sourceLocation)
        }
        return (report.looks, told.count)
    }
}

/// What there is to say of an event, in milliseconds and in millionths.
private struct Told: Equatable {
    let camera: String
    let frame: UInt64
    let crop: Int?
    let suppressed: Int
    let times: [Int?]
    let reason: String?
    let scores: [Int]?
    let rival: String?

    init(_ event: PastReport.Event) {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        camera = event.camera
        frame = event.frame
        crop = event.crop
        suppressed = event.suppressed
        times = [event.started, event.ended].map { $0.flatMap { try? style.parse($0) }.map(Self.milliseconds) }
        reason = event.reason
        scores = event.score.map { [$0.probability, $0.similarity, $0.margin].map(Self.millionths) }
        rival = event.score?.rival
    }

    init(_ event: JournaledEvent) {
        let score = event.start.score
        camera = event.start.camera
        frame = event.start.frame
        crop = event.start.crop
        suppressed = event.start.suppressed
        times = [event.start.at, event.end?.at].map { $0.map(Self.milliseconds) }
        reason = event.end?.reason.rawValue
        scores = score.map { [$0.probability, $0.similarity, $0.margin].map(Self.millionths) }
        rival = score?.rival
    }

    private static func milliseconds(_ date: Date) -> Int { Int((date.timeIntervalSince1970 * 1000).rounded()) }

    private static func millionths(_ value: Double) -> Int { Int((value * 1e6).rounded()) }
}
