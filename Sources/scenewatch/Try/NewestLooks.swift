import Foundation
import Journal

/// The looks of a journal as they are written, from the newest of each camera on. Blocking.
struct NewestLooks {
    private let reader: JournalReader
    private let cameras: Set<String>
    /// The number of the last look that was given, and when the latest was captured.
    private var last: (id: Int64, at: Date)?

    init(_ reader: JournalReader, cameras: Set<String>) {
        self.reader = reader
        self.cameras = cameras
    }

    /// Those that have come since this was last asked for; at first, the newest of each camera within ten seconds of the
    /// newest of all.
    mutating func next() throws(JournalError) -> [PastLook] {
        guard let last else { return try first() }
        var found: [PastLook] = []
        // Cameras are looked at in any order, and clocks are set back: what is a little older may be new.
        let window = try reader.window(since: last.at - Self.overlap, cameras: cameras)
        try reader.eachLook(in: window) { look in
            if look.id > last.id { found.append(look) }
        }
        note(found)
        return found
    }

    private mutating func first() throws(JournalError) -> [PastLook] {
        guard let newest = try reader.looks(limit: 1).first else { return [] }
        var latest: [String: PastLook] = [:]
        let window = try reader.window(since: newest.look.at - Self.overlap, cameras: cameras)
        try reader.eachLook(in: window) { latest[$0.camera] = $0 }
        last = (newest.id, newest.look.at)
        let found = latest.values.sorted { $0.id < $1.id }
        note(found)
        return found
    }

    private mutating func note(_ looks: [PastLook]) {
        for look in looks { last = (max(last?.id ?? look.id, look.id), max(last?.at ?? look.at, look.at)) }
    }

    private static let overlap: TimeInterval = 10
}
