/// Every key that a configuration may have. The reader knows unknown keys by it, and the example is held against it.
package enum Schema {
    /// A dot leads into a mapping, `[]` into each mapping of a list.
    package static let keyPaths = [
        "model",
        "model.use",
        "model.precision",
        "cameras",
        "cameras[].name",
        "cameras[].device",
        "cameras[].match",
        "cameras[].match.card",
        "cameras[].match.bus",
        "cameras[].match.serial",
        "cameras[].file",
        "cameras[].folder",
        "cameras[].command",
        "cameras[].loop",
        "cameras[].format",
        "cameras[].size",
        "cameras[].rate",
        "cameras[].pace",
        "cameras[].look",
        "cameras[].view",
        "cameras[].lost-after",
        "cameras[].blind-after",
        "cameras[].frozen-after",
        "cameras[].night-below",
        "cameras[].reuse",
        "cameras[].refresh",
        "triggers",
        "triggers[].name",
        "triggers[].prompt",
        "triggers[].against",
        "triggers[].cameras",
        "triggers[].when",
        "triggers[].clear",
        "triggers[].night",
        "triggers[].night.when",
        "triggers[].night.clear",
        "triggers[].hold",
        "triggers[].release",
        "triggers[].cooldown",
        "triggers[].schedule",
        "triggers[].schedule.days",
        "triggers[].schedule.between",
        "triggers[].schedule.zone",
        "triggers[].dry-run",
        "triggers[].run",
        "socket",
        "socket.path",
        "socket.mode",
        "socket.operators",
        "journal",
        "journal.path",
        "journal.keep",
        "journal.keep-thumbnails",
        "journal.keep-events",
        "journal.limit",
        "journal.thumbnails",
        "batch",
        "batch.size",
        "batch.wait",
    ]

    /// The keys of the mapping at `path`; of the whole file for the empty path.
    package static func keys(at path: String) -> [String] {
        keyPaths.compactMap { keyPath in
            guard let dot = keyPath.lastIndex(of: ".") else { return path.isEmpty ? keyPath : nil }
            return keyPath[..<dot] == path ? String(keyPath[keyPath.index(after: dot)...]) : nil
        }
    }
}
