import Foundation
import Testing

/// The demonstration's clip, played into a journal as fast as it can be looked at.
enum Recordings {
    private static let config = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Config").path

    /// Plays it once, with lines of one's own in the section `journal`.
    static func play(in place: Workplace, journal lines: String = "") async throws {
        let yaml = try String(contentsOfFile: config + "/demo.yaml", encoding: .utf8)
            .replacing("models/smallworld.safetensors", with: config + "/models/smallworld.safetensors")
            .replacing("demo/clip.mjpeg", with: config + "/demo/clip.mjpeg")
        let sections = yaml.split(separator: "\n", omittingEmptySubsequences: false)
            .prefix { !$0.hasPrefix("socket:") && !$0.hasPrefix("journal:") }
        let own = "\nsocket: { path: \(place.socket) }\njournal: { path: \(place.journal)\(lines) }\n"
        try place.write(Data((sections.joined(separator: "\n") + own).utf8), as: "scenewatch.yaml")
        let daemon = try place.start(Programs.daemon, ["--config", place.configuration, "--fastest"])
        try await eventually("the clip's end; the daemon said \(daemon.errors)") {
            if let ending = daemon.ending { throw Timeout(description: "the daemon \(ending): \(daemon.errors)") }
            return daemon.errors.contains("camera doorstep has ended")
                && FileManager.default.fileExists(atPath: place.socket)
        }
        try await place.stop(daemon)
    }

    /// Rows of a query on a journal, columns separated by `|`.
    static func query(_ place: Workplace, _ sql: String) async throws -> [String] {
        let outcome = try await place.run("/usr/bin/sqlite3", ["-readonly", place.journal, sql])
        #expect(outcome.status == 0, "\(outcome.errors)")
        return outcome.lines
    }
}

extension Data {
    /// The parts that begin with `marker`.
    func split(at marker: Data) -> [Data] {
        var parts: [Data] = []
        var start = range(of: marker)?.lowerBound
        while let begin = start {
            start = range(of: marker, in: (begin + 1)..<endIndex)?.lowerBound
            parts.append(self[begin..<(start ?? endIndex)])
        }
        return parts
    }
}
