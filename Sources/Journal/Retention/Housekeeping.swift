import Foundation
import GRDB
import Logging

/// What the writer does in idle moments: a step of the ``RetentionPlan`` of about 10 ms, then a pause of three times as
/// long, so that at most a quarter of its time goes by; and a rest when nothing is to be done.
struct Housekeeping {
    /// When the next step is due.
    private(set) var due: ContinuousClock.Instant = .now

    private let settings: RetentionSettings
    private let pause: Duration
    private let haste: Double
    private let logger: Logger
    private let path: String
    private var plan: RetentionPlan
    private var work = RetentionWork()
    private var looks = StepSize(first: 20, most: 5000)
    private var thumbnails = StepSize(first: 20, most: 5000)
    private var events = StepSize(first: 20, most: 1000)
    /// Pages to move may lie anywhere, and one read can be a hundred times as slow as the next.
    private var pages = StepSize(first: 20, most: 128)
    private var failures = FailureLog()
    private var early = FailureLog(quiet: .seconds(6 * 3600))

    private var clock: RetentionClock?
    private var clockMovedAt: ContinuousClock.Instant = .now
    private var clockKept: Date?
    private var startedOverAt: ContinuousClock.Instant = .now
    private var doing: String?

    /// Four times what is folded in at once.
    private static let longestLog = 4 * Checkpointer.longestLog

    /// What a turn has done, and what there is now.
    struct Report {
        var hasFailed = false
        var done = RetentionWork.Done()
        var oldestLook: Date?
        var freeBytes: Int64 = 0
        /// What is being deleted, in words; nil for nothing.
        var doing: String?
        /// The number before the oldest look, when looks were deleted.
        var deletedUpTo: Int64?
        /// How long writing was held up.
        var took = Duration.zero
    }

    init(_ settings: JournalSettings, path: String, logger: Logger) {
        self.settings = settings.retention
        pause = settings.housekeepingPause
        haste = settings.clockHaste
        self.path = path
        self.logger = logger
        plan = RetentionPlan(settings.retention)
    }

    /// One step. It fails quietly: whatever keeps it from deleting keeps the journal from writing, too, and is told there.
    mutating func turn(_ database: DatabaseQueue, wall: Date = Date()) -> Report {
        let started = ContinuousClock.now
        // Deleting makes the log longer; somebody who reads an old state of it keeps it from being folded in.
        guard DatabaseFile.bytes(of: path + "-wal") <= Self.longestLog else {
            due = started + .milliseconds(200)
            return Report(hasFailed: true, doing: doing)
        }
        do {
            var report = try database.writeWithoutTransaction { connection in
                // Whoever holds the journal locked for longer must not hold up looks as well.
                try connection.execute(sql: "PRAGMA busy_timeout = 0")
                defer { try? connection.execute(sql: "PRAGMA busy_timeout = \(DatabaseFile.patience)") }
                return try step(connection, wall: wall, at: started)
            }
            report.took = ContinuousClock.now - started
            if report.took > .milliseconds(50) {
                logger.debug("A step of deleting took \(report.took): \(report.doing ?? "looking").")
            }
            _ = failures.succeeded()
            return report
        } catch {
            let cause = WriteFailure(error).cause
            if failures.failed(cause, at: started) {
                logger.warning(
                    "The journal cannot delete what is too old now. It goes on trying.",
                    metadata: ["path": "\(path)", "cause": "\(cause)"]
                )
            }
            due = .now + pause
            return Report(hasFailed: true, took: ContinuousClock.now - started)
        }
    }

    private mutating func step(_ connection: Database, wall: Date, at started: ContinuousClock.Instant) throws -> Report
    {
        let now = try time(connection, wall: wall, at: started)
        if started - startedOverAt > .seconds(60) {
            work.startOver()
            startedOverAt = started
        }
        let holdings = try work.holdings(connection)
        var report = Report(oldestLook: holdings.oldestLook, freeBytes: holdings.freeBytes)
        let next = plan.next(holdings, now: now)
        let begun = ContinuousClock.now
        report.done = try perform(next, connection)
        let took = ContinuousClock.now - begun
        learn(next, took)
        if report.done.looks > 0 { report.deletedUpTo = try work.deletedUpTo(connection) }
        doing = nil
        guard report.done.hasChanged else {
            due = .now + pause
            try keepClock(connection)
            return report
        }
        report.doing = words(next)
        doing = report.doing
        if case .deleteFirstLooks = next { sayThatLooksGoEarly(holdings) }
        due = .now + max(.milliseconds(5), (ContinuousClock.now - started) * 3)
        return report
    }

    private mutating func perform(_ step: RetentionPlan.Step, _ connection: Database) throws -> RetentionWork.Done {
        switch step {
        case .deleteThumbnails(let date):
            try work.deleteThumbnails(before: date, count: thumbnails.count, connection)
        case .deleteLooks(let date): try work.deleteLooks(before: date, count: looks.count, connection)
        case .deleteFirstLooks: try work.deleteFirstLooks(count: looks.count, connection)
        case .deleteEvents(let date, _): try work.deleteEvents(before: date, count: events.count, connection)
        case .giveBack: try work.giveBack(count: pages.count, connection)
        case .rest: RetentionWork.Done()
        }
    }

    private mutating func learn(_ step: RetentionPlan.Step, _ took: Duration) {
        switch step {
        case .deleteThumbnails: thumbnails.took(took)
        case .deleteLooks, .deleteFirstLooks: looks.took(took)
        case .deleteEvents: events.took(took)
        case .giveBack: pages.took(took)
        case .rest: break
        }
    }

    // MARK: - Time

    private mutating func time(_ connection: Database, wall: Date, at now: ContinuousClock.Instant) throws -> Date {
        if clock == nil {
            let (stored, newest) = try work.clock(connection)
            clock = RetentionClock(stored: stored, newestLook: newest, wall: wall, haste: haste)
            clockKept = stored
        }
        defer { clockMovedAt = now }
        return clock?.advance(by: now - clockMovedAt, wall: wall) ?? wall
    }

    /// Every ten minutes, while nothing else is done.
    private mutating func keepClock(_ connection: Database) throws {
        guard let time = clock?.time, clockKept.map({ time.timeIntervalSince($0) >= 600 }) ?? true else { return }
        try work.keep(clock: time, connection)
        clockKept = time
    }

    // MARK: - Words

    private func words(_ step: RetentionPlan.Step) -> String? {
        switch step {
        case .deleteThumbnails: "thumbnails that are too old"
        case .deleteLooks: "looks that are too old"
        case .deleteFirstLooks: "the oldest looks, since the limit is reached"
        case .deleteEvents(_, let isOverLimit):
            isOverLimit ? "the oldest events, since the limit is reached" : "events that are too old"
        case .giveBack: "space that is given back"
        case .rest: nil
        }
    }

    private mutating func sayThatLooksGoEarly(_ holdings: RetentionPlan.Holdings) {
        guard let limit = settings.bytes, early.failed("limit", at: .now) else { return }
        logger.notice(
            "The journal's limit is reached: looks go before their time.",
            metadata: [
                "path": "\(path)", "limit": "\(limit / 1_000_000) MB",
                "oldestLook": "\(holdings.oldestLook?.formatted(.iso8601) ?? "none")",
            ]
        )
    }
}

extension JournalStatistics {
    /// Takes in what a turn of housekeeping has done.
    mutating func note(_ report: Housekeeping.Report) {
        deleting = report.doing
        longestStep = max(longestStep, report.took)
        guard !report.hasFailed else { return }
        deletedLooks += report.done.looks
        deletedThumbnails += report.done.thumbnails
        deletedEvents += report.done.events
        oldestLook = report.oldestLook
        freeBytes = report.freeBytes
    }
}
