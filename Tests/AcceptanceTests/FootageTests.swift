import Configuration
import Foundation
import Journal
import Matching
import TestSupport
import Testing

extension Acceptance {
    @Suite("Footage")
    struct FootageTests {
        private static let clip = ReferenceData.shared.appendingPathComponent("footage/car-detection.mp4").path
        private static let ffmpeg = "/usr/bin/ffmpeg"
        static let isThere = [clip, ffmpeg].allSatisfy(FileManager.default.fileExists(atPath:))

        @Test(
            "thirty seconds of a street: looks keep up, soon stand in the journal, and memory stays flat",
            .enabled(if: isThere, "needs ffmpeg, and shared/footage/car-detection.mp4 beside the repository")
        )
        func street() async throws {
            try await Workplace.with { place in
                try place.configure(
                    """
                      - name: street
                        command: [\(Self.ffmpeg), -loglevel, error, -re, -i, "\(Self.clip)", -f, mjpeg, -q:v, "4", "-"]
                        look: 4/s
                        view: full
                    """,
                    triggers: """
                        [{ name: car, prompt: a car, when: similarity >= 0.0, clear: similarity < -0.005, hold: 300ms }]
                        """
                )
                let daemon = try await place.startWatching()
                let follower = try await Follower(place.journal)
                try await follower.follow(for: .seconds(10))
                let early = try memory("VmRSS", of: daemon)
                try await follower.follow(for: .seconds(20))
                let late = try memory("VmRSS", of: daemon)
                let ticks = try processorTime(of: daemon)
                let latencies = follower.latencies.sorted()
                let (p50, p99) = (latencies[latencies.count / 2], latencies[latencies.count * 99 / 100])
                let whole = { (latency: Duration) in "\(Int(latency / .milliseconds(1))) ms" }
                try await place.stop(daemon)
                follower.close()

                let events = try Replay(
                    trigger: "car",
                    camera: "street",
                    rule: TriggerRule(
                        Conditions(
                            when: Condition(.similarity, .atLeast, 0),
                            clear: Condition(.similarity, .below, -0.005)
                        ),
                        hold: .milliseconds(300),
                        release: .zero
                    )
                ).expectAgreement(with: place.journal)
                print(
                    """
                      footage: \(latencies.count) looks, \(events) events; capture to journal median \(whole(p50)), 99th \
                    percentile \(whole(p99)), most \(whole(latencies.last ?? .zero)); resident \(early >> 10) KiB at 10 s, \
                    \(late >> 10) KiB at 30 s; \(ticks) s of processor time
                    """
                )
                #expect(latencies.count >= 110)
                #expect(late - early < 4 << 20)
                #expect(p99 < .milliseconds(400))
                #expect(events >= 2)
            }
        }

        /// Seconds that a process has spent on processors, proc_pid_stat(5).
        private func processorTime(of program: Program) throws -> Double {
            let data = try #require(FileManager.default.contents(atPath: "/proc/\(program.identifier)/stat"))
            let fields = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
            let ticks = try #require(fields.count > 12 ? Double(fields[11]) : nil) + (Double(fields[12]) ?? 0)
            return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
        }

        @Test(
            "a daemon that is killed in the middle of the footage leaves nothing open",
            .enabled(if: isThere, "needs ffmpeg, and shared/footage/car-detection.mp4 beside the repository")
        )
        func killed() async throws {
            try await Workplace.with { place in
                try place.configure(
                    """
                      - name: street
                        command: [\(Self.ffmpeg), -loglevel, error, -re, -i, "\(Self.clip)", -f, mjpeg, -q:v, "4", "-"]
                        look: 4/s
                    """,
                    // It holds at the first look and never ceases to.
                    triggers: "[{ name: always, prompt: a car, when: similarity >= -1, clear: similarity < -1 }]"
                )
                let daemon = try await place.startWatching()
                let follower = try await Follower(place.journal)
                try await follower.follow(for: .seconds(12))
                follower.close()
                daemon.signal(SIGKILL)
                try await daemon.end()
                try await place.stop(place.startWatching())
                let reader = try JournalReader(path: place.journal)
                defer { reader.close() }
                let events = try reader.events(limit: .max)
                #expect(events.last?.end?.reason == .recovered)
                #expect(events.allSatisfy { $0.end != nil })
                let messages = try reader.messages(after: 0, limit: .max)
                #expect(messages.count == events.count * 2)
                #expect(messages.map(\.seq) == (0..<messages.count).map { Int64($0) + 1 })
                // Nothing that the follower saw is gone.
                let looks = Set(try reader.looks(limit: .max).map(\.id))
                #expect(follower.seen.isSubset(of: looks))
                #expect(follower.seen.count >= 35)
            }
        }
    }
}

/// Reads a journal beside the daemon that writes it, every ten milliseconds, and notes how old looks are when they appear.
private final class Follower {
    private let reader: JournalReader
    private(set) var latencies: [Duration] = []
    private(set) var seen: Set<Int64> = []

    init(_ path: String) async throws {
        reader = try JournalReader(path: path)
        try await eventually("the first look") { try !reader.looks(limit: 1).isEmpty }
    }

    func follow(for time: Duration) async throws {
        let end = ContinuousClock.now + time
        while ContinuousClock.now < end {
            let looks = try reader.looks(limit: 8)
            let now = Date()
            for look in looks where seen.insert(look.id).inserted {
                latencies.append(.seconds(now.timeIntervalSince(look.look.at)))
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    func close() { reader.close() }
}
