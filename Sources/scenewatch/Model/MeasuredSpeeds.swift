import Foundation

/// What `bench` and `model list --measure` found out on this machine: kept in the user's cache, for `model list`.
struct MeasuredSpeeds {
    private struct Entry: Codable {
        /// Of the file that was measured: another file at its path has another size or time.
        let size: Int
        let modified: Double
        let median: Double
    }

    private let entries: [String: Entry]

    /// What is remembered; nothing where that cannot be read.
    init() {
        let data = Self.path.flatMap { FileManager.default.contents(atPath: $0) }
        entries = data.flatMap { try? JSONDecoder().decode([String: Entry].self, from: $0) } ?? [:]
    }

    private static var path: String? {
        let environment = ProcessInfo.processInfo.environment
        if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") { return "\(cache)/scenewatch/speeds.json" }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return "\(home)/.cache/scenewatch/speeds.json"
    }

    /// The median of a picture in milliseconds, where the file that is there now was measured.
    func median(of file: String) -> Double? {
        guard let entry = entries[Self.whole(file)], let mark = Self.mark(of: file) else { return nil }
        return entry.size == mark.size && entry.modified == mark.modified ? entry.median : nil
    }

    /// Remembers a measurement. What cannot be kept is no failure: it can be measured again.
    ///
    /// - Parameter median: of a picture, in milliseconds.
    static func remember(_ median: Double, of file: String) {
        guard let path, let mark = mark(of: file) else { return }
        var entries = MeasuredSpeeds().entries.filter { FileManager.default.fileExists(atPath: $0.key) }
        entries[whole(file)] = Entry(size: mark.size, modified: mark.modified, median: median)
        let url = URL(fileURLWithPath: path)
        try? FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? JSONEncoder().encode(entries).write(to: url, options: .atomic)
    }

    private static func whole(_ file: String) -> String {
        URL(fileURLWithPath: file).resolvingSymlinksInPath().path
    }

    private static func mark(of file: String) -> (size: Int, modified: Double)? {
        var status = stat()
        guard stat(file, &status) == 0 else { return nil }
        return (Int(status.st_size), Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9)
    }
}
