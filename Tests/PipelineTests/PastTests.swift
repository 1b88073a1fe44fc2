import EventSocket
import Foundation
import Journal
import Logging
import Pipeline
import Testing

@Suite("The past for subscribers")
struct PastTests {
    private let noon = Date(timeIntervalSince1970: 1_795_435_200.218)

    private func lines(_ past: Past, after seq: Int, limit: Int) async -> Result<[EventLine], RequestError> {
        await withCheckedContinuation { continuation in
            past.lines(after: seq, limit: limit) { continuation.resume(returning: $0) }
        }
    }

    private func sequence(_ past: Past, before date: Date) async -> Result<Int, RequestError> {
        await withCheckedContinuation { continuation in
            past.sequence(before: date) { continuation.resume(returning: $0) }
        }
    }

    @Test("is what the journal has, line for line, and an error in words when it cannot be read")
    func reading() async throws {
        let path = "/tmp/scenewatch-past-\(UUID().uuidString.prefix(8)).db"
        defer {
            for suffix in ["", "-wal", "-shm", ".lock"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        }
        let journal = try Journal(path: path, logger: Logger(label: "past") { _ in SwiftLogNoOpLogHandler() })
        let past = Past(journal)
        for seconds in 0..<5 {
            let change = CameraChange(camera: "door", at: noon + Double(seconds), reason: "\(seconds)")
            journal.record(.cameraFound(change)) { _ in }
        }
        journal.flush()
        let read = try await lines(past, after: 1, limit: 3).get()
        #expect(
            read
                == (2...4).map { .cameraFound(seq: $0, camera: "door", at: noon + Double($0 - 1), reason: "\($0 - 1)") }
        )
        #expect(try await lines(past, after: 5, limit: 3).get() == [])
        #expect(try await sequence(past, before: noon + 2.5).get() == 3)
        journal.close()
        let refused = "the past cannot be read: the journal \(journal.path) cannot be used: it is closed"
        #expect(await lines(past, after: 0, limit: 1) == .failure(RequestError(.noJournal, refused)))
        #expect(await sequence(past, before: noon) == .failure(RequestError(.noJournal, refused)))
    }
}
