import Foundation
import Testing

extension Acceptance {
    @Suite("Thumbnails")
    struct ThumbnailTests {
        @Test("each event has its start and its end, looks before it, and a bounded number between")
        func events() async throws {
            try await Workplace.with { place in
                try await Recordings.play(in: place)
                let query = { sql in try await Recordings.query(place, sql) }
                let events = try #require(try await query("SELECT count(*) FROM events").first.flatMap(Int.init))
                #expect(events > 5)
                let turns = try await query(
                    """
                    SELECT count(*) FROM events WHERE NOT EXISTS (SELECT 1 FROM thumbnails t
                        WHERE t.camera = events.camera AND t.at_ms = started_ms)
                    UNION ALL SELECT count(*) FROM events WHERE NOT EXISTS (SELECT 1 FROM thumbnails t
                        WHERE t.camera = events.camera AND t.at_ms = ended_ms) AND reason = 'cleared'
                    UNION ALL SELECT count(*) FROM events WHERE NOT EXISTS (SELECT 1 FROM thumbnails t
                        WHERE t.camera = events.camera AND t.at_ms < started_ms AND t.at_ms >= started_ms - 5000)
                    """
                )
                #expect(turns == ["0", "0", "0"])
                let count = try #require(try await query("SELECT count(*) FROM thumbnails").first.flatMap(Int.init))
                #expect(count > 2 * events / 2 && count < 200, "\(count) of 300 looks")
                #expect(
                    try await query(
                        """
                        SELECT count(*) FROM thumbnails WHERE width != 320 OR height > 320 OR length(jpeg) > 60000
                            OR substr(hex(jpeg), 1, 6) != 'FFD8FF'
                        """
                    ) == ["0"]
                )
                // As Docs/Journal.md says.
                let written = try await query(
                    """
                    SELECT writefile('\(place.path("start.jpg"))', jpeg) FROM thumbnails
                    JOIN (SELECT camera, started_ms FROM events ORDER BY started_ms DESC LIMIT 1) USING (camera)
                    WHERE at_ms = started_ms
                    """
                )
                #expect(written.count == 1)
                let embedded = try await place.client(
                    "embed",
                    "image",
                    "--model",
                    try StandInModel.safetensors.get(),
                    place.path("start.jpg")
                )
                #expect(embedded.status == 0, "\(embedded.errors)")
            }
        }

        @Test("none, or all", arguments: [("none", "0"), ("all", "300")])
        func kinds(thumbnails: String, count: String) async throws {
            try await Workplace.with { place in
                try await Recordings.play(in: place, journal: ", thumbnails: \(thumbnails)")
                #expect(try await Recordings.query(place, "SELECT count(*) FROM thumbnails") == [count])
            }
        }

        @Test("a journal at its limit loses its first looks, stays small, and the daemon says so")
        func limit() async throws {
            try await Workplace.with { place in
                try await Recordings.play(in: place, journal: ", thumbnails: all")
                let daemon = try place.start(
                    Programs.daemon,
                    ["--config", try await shortened(place), "--for-subscriber"]
                )
                try await eventually("looks to go; the daemon said \(daemon.errors)") {
                    daemon.errors.contains("limit is reached")
                }
                try await eventually("space to be given back") {
                    let size = try FileManager.default.attributesOfItem(atPath: place.journal)[.size] as? Int ?? 0
                    return size <= 1_000_000
                }
                var report = ""
                try await eventually("a daemon that answers; it said \(daemon.errors)") {
                    report = try await place.client("status", "--json", "--socket", place.socket).output
                    return !report.isEmpty
                }
                #expect(report.contains("\"retention\"") && report.contains("\"limit\" : 1000000"), "\(report)")
                let metrics = try await place.client("status", "--metrics", "--socket", place.socket).output
                #expect(metrics.contains("scenewatch_journal_limit_bytes 1000000"), "\(metrics)")
                #expect(!metrics.contains("scenewatch_journal_deleted_total{what=\"looks\"} 0"), "\(metrics)")
                try await place.stop(daemon)
                #expect(try await Recordings.query(place, "PRAGMA integrity_check") == ["ok"])
                let left = try await Recordings.query(place, "SELECT min(id) > 1, max(id) = 300 FROM looks")
                #expect(left == ["1|1"])
                #expect(try await Recordings.query(place, "SELECT count(*) > 5 FROM events") == ["1"])
            }
        }

        private func shortened(_ place: Workplace) async throws -> String {
            let yaml = try String(contentsOfFile: place.configuration, encoding: .utf8)
                .replacing("thumbnails: all", with: "thumbnails: none, limit: 1MB")
            try place.write(Data(yaml.utf8), as: "short.yaml")
            return place.path("short.yaml")
        }
    }
}
