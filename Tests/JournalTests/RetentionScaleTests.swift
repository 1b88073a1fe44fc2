import Foundation
import Journal
import Logging
import Synchronization
import Testing

/// The oldest fifth of a large journal goes while looks are written: a short form here, the long one with `make
/// test-retention`, which sets RETENTION_LOOKS.
@Suite("Retention at scale")
struct RetentionScaleTests {
    private static let asked = ProcessInfo.processInfo.environment["RETENTION_LOOKS"].flatMap(Int.init)

    /// Of what messages waited, in milliseconds.
    private final class Waits: Sendable {
        private let all = Mutex<[Double]>([])

        func add(_ wait: Duration) { all.withLock { $0.append(wait / .milliseconds(1)) } }

        var words: String {
            let sorted = all.withLock { $0.sorted() }
            guard let last = sorted.last else { return "none" }
            let at = { (share: Double) in sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))] }
            return String(format: "%d, median %.1f, 99 %% %.1f, most %.1f ms", sorted.count, at(0.5), at(0.99), last)
        }
    }

    @Test("the oldest fifth goes and nine tenths of its bytes are given back, while 50 looks a second are written")
    func fifth() async throws {
        let count = Self.asked ?? 50_000
        let folder = try TemporaryFolder()
        try folder.open().close()
        let day = 86_400.0
        let apart = 50 * day / Double(count)
        // The oldest fifth is over forty days old.
        let start = Date() - 50 * day
        var made = ContinuousClock.now
        try ManyLooks.add(count, to: folder.journal, from: start, apart: apart)
        let making = ContinuousClock.now - made
        let size = { try FileManager.default.attributesOfItem(atPath: folder.journal)[.size] as? Int64 ?? 0 }
        let before = try size()

        var settings = JournalSettings()
        settings.retention = RetentionSettings(looks: .seconds(40 * day))
        settings.clockHaste = 1e12
        let lines = CountingHandler.Lines()
        let logger = Logger(label: "", factory: { _ in CountingHandler(lines: lines) })
        made = .now
        let journal = try Journal(path: folder.journal, logger: logger, settings: settings, now: Date())
        let waits = Waits()
        var written = 0
        var lastDeleted = ContinuousClock.now
        while ContinuousClock.now - made < .seconds(3600) {
            journal.record(sampleLook(UInt64(written), camera: "live", at: Date(), dimensions: 512))
            written += 1
            if written.isMultiple(of: 10) {
                let asked = ContinuousClock.now
                journal.record(.cameraFound(CameraChange(camera: "live", at: Date(), reason: ""))) { _ in
                    waits.add(ContinuousClock.now - asked)
                }
            }
            try await Task.sleep(for: .milliseconds(20))
            let statistics = journal.statistics
            if statistics.deletedLooks < count / 5 || statistics.deleting != nil { lastDeleted = .now }
            if ContinuousClock.now - lastDeleted > .seconds(1) { break }
        }
        let took = lastDeleted - made
        journal.close()
        let statistics = journal.statistics
        let after = try size()
        let added = Int64(written) * (before / Int64(count))
        let freed = Double(before + added - after) / (Double(before) / 5)
        print(
            """
            retention: \(count) looks, \(before >> 20) MiB, made in \(making); \(statistics.deletedLooks) deleted in \
            \(took) while \(written) were written; \(after >> 20) MiB are left, \(Int(freed * 100)) % of the bytes of a \
            fifth given back; longest step \(statistics.longestStep); messages waited: \(waits.words)
            """
        )
        for (level, line) in lines.all.withLock({ $0 }).suffix(10) { print("retention: \(level) \(line)") }
        #expect(statistics.deletedLooks >= count / 5 && statistics.deletedLooks <= count / 5 + count / 1000 + 1)
        #expect(statistics.dropped == 0)
        #expect(statistics.looks == written)
        #expect(freed > 0.9)
        // A test beside others on two cores may wait for a core.
        #expect(statistics.longestStep < .milliseconds(Self.asked == nil ? 500 : 50))
        if Self.asked == nil { #expect(try folder.query("PRAGMA quick_check") == [["ok"]]) }
    }
}
