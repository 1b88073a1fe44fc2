import Foundation
import Testing

extension Acceptance {
    @Suite("Export")
    struct ExportTests {
        private struct Look: Decodable {
            struct Crop: Decodable { var embedding: Data? }
            var look: Int
            var camera: String
            var at: String
            var events: [String]
            var crops: [Crop]
            var thumbnail: String?
        }

        private struct Event: Decodable {
            var event: String
            var trigger: String
            var started: String
            var ended: String?
        }

        private struct Summary: Decodable {
            var events: Int
            var looks: Int
            var thumbnails: Int
        }

        private func lines<Line: Decodable>(_ path: String, as type: Line.Type) throws -> [Line] {
            try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
        }

        private func content(of folder: String) throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
        }

        @Test("a folder has every event, look and thumbnail, appears whole, and is never written over")
        func folder() async throws {
            try await Workplace.with { place in
                try await Recordings.play(in: place)
                let export = place.path("out")
                let outcome = try await place.client("export", export, "--config", place.configuration, "--embeddings")
                #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
                let events = try lines(export + "/events.jsonl", as: Event.self)
                #expect(
                    events.map { "\($0.event)|\($0.trigger)|\($0.started)|\($0.ended ?? "")" }
                        == (try await Recordings.query(
                            place,
                            "SELECT id, trigger, started, ended FROM events ORDER BY seq_started"
                        ))
                )
                let looks = try lines(export + "/looks.jsonl", as: Look.self)
                #expect(looks.count == 300)
                #expect(looks.map(\.look) == looks.map(\.look).sorted())
                #expect(
                    looks.allSatisfy { !$0.crops.isEmpty && $0.crops.allSatisfy { $0.embedding?.count ?? 0 > 100 } }
                )
                let named = looks.compactMap(\.thumbnail).sorted()
                let files = try content(of: export)
                #expect(files.filter { $0.hasSuffix(".jpg") } == named)
                #expect(try await Recordings.query(place, "SELECT count(*) FROM thumbnails") == ["\(named.count)"])
                let summary = try JSONDecoder().decode(
                    Summary.self,
                    from: try #require(FileManager.default.contents(atPath: export + "/export.json"))
                )
                #expect(summary.events == events.count && summary.looks == 300 && summary.thumbnails == named.count)
                #expect(try content(of: place.folder).allSatisfy { !$0.contains(".part") })

                let again = try await place.client("export", export, "--journal", place.journal)
                #expect(again.status == 1 && again.errors.contains("not empty"), "\(again.errors)")
                #expect(try content(of: export) == files)
            }
        }

        @Test("it exports what was asked for, and refuses what it does not know")
        func selection() async throws {
            try await Workplace.with { place in
                try await Recordings.play(in: place)
                try FileManager.default.createDirectory(
                    atPath: place.path("few"),
                    withIntermediateDirectories: false
                )
                let first = "(SELECT id FROM event ORDER BY started LIMIT 1)"
                let edited = try await place.run(
                    "/usr/bin/sqlite3",
                    [place.journal, "DELETE FROM event WHERE id != \(first)"]
                )
                #expect(edited.status == 0, "\(edited.errors)")
                let few = try await place.client(
                    "export",
                    place.path("few") + "/",
                    "--journal",
                    place.journal,
                    "--events-only",
                    "--camera",
                    "doorstep"
                )
                #expect(few.status == 0, "\(few.errors)")
                let looks = try lines(place.path("few/looks.jsonl"), as: Look.self)
                let near = try await Recordings.query(
                    place,
                    "SELECT looks.id FROM looks, events WHERE at_ms BETWEEN started_ms - 10000 AND ended_ms ORDER BY 1"
                )
                #expect(looks.map { "\($0.look)" } == near)
                #expect(looks.count < 200 && looks.count > 10)
                #expect(looks.contains { !$0.events.isEmpty })
                #expect(looks.allSatisfy { $0.crops.allSatisfy { $0.embedding == nil } })
                let middle = try await Recordings.query(
                    place,
                    "SELECT at FROM looks WHERE id IN (100, 200) ORDER BY id"
                )
                let part = try await place.client(
                    "export",
                    place.path("part"),
                    "--journal",
                    place.journal,
                    "--since",
                    middle[0],
                    "--until",
                    middle[1]
                )
                #expect(part.status == 0, "\(part.errors)")
                #expect(try lines(place.path("part/looks.jsonl"), as: Look.self).map(\.look) == Array(100..<200))
                let refused: [([String], Int32, String)] = [
                    (["--camera", "nowhere", "--journal", place.journal], 1, "nowhere"),
                    (["--journal", place.path("none.db")], 1, "none.db"),
                    (["--journal", place.journal, "--since", "tomorrow"], 64, "tomorrow"),
                    (["--journal", place.journal, "--format", "zip"], 64, "zip"),
                    (["--config", place.path("none.yaml")], 78, "none.yaml"),
                ]
                for (arguments, status, words) in refused {
                    let outcome = try await place.run(
                        Programs.client,
                        ["export", place.path("refused")] + arguments
                    )
                    #expect(outcome.status == status && outcome.errors.contains(words), "\(outcome)")
                    #expect(!FileManager.default.fileExists(atPath: place.path("refused")))
                }
                try place.write(Data(), as: "file")
                let onto = try await place.client("export", place.path("file"), "--journal", place.journal)
                #expect(onto.status == 1 && onto.errors.contains("no folder"), "\(onto)")
            }
        }

        @Test("shards are tars that tar and Python read, with the fields of DataCompDR")
        func shards() async throws {
            try await Workplace.with { place in
                try await Recordings.play(in: place, journal: ", thumbnails: all")
                let export = place.path("shards")
                let outcome = try await place.client("export", export, "--journal", place.journal, "--format", "shards")
                #expect(outcome.status == 0, "\(outcome.errors)")
                #expect(try content(of: export) == ["00000000.tar", "events.jsonl", "export.json"])
                let listed = try await place.run("/bin/tar", ["tf", export + "/00000000.tar"])
                #expect(listed.status == 0 && listed.errors.isEmpty, "\(listed.errors)")
                #expect(listed.lines.count == 300 * 5)
                #expect(
                    listed.lines.prefix(5) == [
                        "000000000001.jpg", "000000000001.txt", "000000000001.url.txt", "000000000001.syn.json",
                        "000000000001.json",
                    ]
                )
                let python = """
                    import json, sys, tarfile
                    samples = {}
                    for entry in (tar := tarfile.open(sys.argv[1])):
                        key, field = entry.name.split(".", 1)
                        samples.setdefault(key, {})[field] = tar.extractfile(entry).read()
                    for key, fields in samples.items():
                        assert fields["jpg"].startswith(b"\\xff\\xd8") and fields["jpg"].endswith(b"\\xff\\xd9"), key
                        assert json.loads(fields["syn.json"]) == {"syn_text": []}
                        assert fields["url.txt"] == b"scenewatch:doorstep/%d" % int(key), fields["url.txt"]
                        look = json.loads(fields["json"])
                        assert look["look"] == int(key)
                    print(len(samples), len({fields["txt"] for fields in samples.values()}) > 1)
                    """
                let read = try await place.run("/usr/bin/env", ["python3", "-c", python, export + "/00000000.tar"])
                #expect(read.status == 0 && read.lines == ["300 True"], "\(read)")
            }
        }
    }
}
