import Foundation
import Journal
import Testing

struct SequenceTests {
    @Test func theNumberBeforeATime() throws {
        let folder = try TemporaryFolder()
        let journal = try folder.open()
        #expect(try journal.sequence(before: noon) == 0)
        // The fourth is told late: what it tells was before the third.
        for seconds in [0.0, 10, 20, 15, 30] {
            let change = CameraChange(camera: "a", at: noon + seconds, reason: "\(seconds)")
            journal.record(.cameraLost(change)) { _ in }
        }
        journal.flush()
        let wanted: [(Double, Int64)] = [
            (-1, 0), (0, 0), (0.001, 1), (10, 1), (10.001, 2), (15, 2), (20, 2), (20.001, 4), (30, 4), (30.001, 5),
        ]
        for (seconds, seq) in wanted {
            #expect(try journal.sequence(before: noon + seconds) == seq, "\(seconds) s")
            let later = try journal.messages(after: seq, limit: 10)
            #expect(later.first.map { $0.message.at >= noon + seconds } ?? true)
        }
        #expect(try journal.sequence(before: .distantPast) == 0)
        #expect(try journal.sequence(before: .distantFuture) == 5)
        journal.close()
        #expect(throws: JournalError.self) { try journal.sequence(before: noon) }
    }
}
