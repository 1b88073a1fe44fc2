import Foundation
import GRDB
import Sketch

/// What sketch and search read of the database.
enum SketchRows {
    /// The journal's name; nil in one from before there were names.
    static func identity(_ connection: Database) throws -> String? {
        guard try connection.tableExists("identity") else { return nil }
        return try String.fetchOne(connection, sql: "SELECT name FROM identity")
    }

    /// Calls `body` with the crops of the next looks, and the id of their model. Returns how many looks there were.
    static func each(
        _ connection: Database,
        after look: Int64,
        through last: Int64 = .max,
        limit: Int,
        _ body: ([SketchCrop], String) throws -> Void
    ) throws -> Int {
        let statement = try connection.cachedStatement(
            sql: """
                SELECT look.id, look.at, look.elapsed, look.frame, look.run_id, look.camera_id, look.brightness,
                    look.flags, model.name, crop.number, crop.embedding
                FROM look CROSS JOIN model ON model.id = look.model_id CROSS JOIN crop ON crop.look_id = look.id
                WHERE look.id > ? AND look.id <= ? ORDER BY look.id, crop.number
                """
        )
        var (crops, model, looks): ([SketchCrop], String, Int) = ([], "", 0)
        let rows = try Row.fetchCursor(statement, arguments: [look, last])
        while let row = try rows.next() {
            let id: Int64 = row[0]
            if let last = crops.last, last.record.look != id {
                try body(crops, model)
                crops.removeAll(keepingCapacity: true)
                looks += 1
                if looks == limit { return looks }
            }
            if crops.isEmpty { model = row[8] }
            if let crop = try crop(id, row) { crops.append(crop) }
        }
        if !crops.isEmpty {
            try body(crops, model)
            looks += 1
        }
        return looks
    }

    private static func crop(_ id: Int64, _ row: Row) throws -> SketchCrop? {
        let (at, number): (Int64, Int) = (row[1], row[9])
        guard let number = UInt16(exactly: number) else { return nil }
        let record = SketchRecord(
            look: id,
            at: at,
            elapsed: row[2] ?? at,
            frame: UInt64(clamping: row[3] as Int64),
            run: Int32(clamping: (row[4] as Int64?) ?? 0),
            camera: Int32(clamping: row[5] as Int64),
            crop: number,
            brightness: Int16(clamping: (row[6] as Int?) ?? -1),
            flags: UInt8(clamping: row[7] as Int)
        )
        let halves = try row.withUnsafeData(atIndex: 10) { $0.map { Self.halves(of: $0) } ?? [] }
        return halves.isEmpty ? nil : SketchCrop(record: record, halves: halves)
    }

    /// The bits of a blob's components; none of an odd number of bytes.
    static func halves(of data: Data) -> [UInt16] {
        guard data.count.isMultiple(of: 2) else { return [] }
        return [UInt16](unsafeUninitializedCapacity: data.count / 2) { buffer, count in
            count = data.copyBytes(to: UnsafeMutableRawBufferPointer(buffer)) / 2
        }
    }

    /// The embedding of a crop; nil where the journal has none.
    static func embedding(look: Int64, crop: UInt16, _ connection: Database) throws -> [UInt16]? {
        let statement = try connection.cachedStatement(
            sql: "SELECT embedding FROM crop WHERE look_id = ? AND number = ?"
        )
        return try Data.fetchOne(statement, arguments: [look, Int(crop)]).map(halves(of:))
    }

    /// Whether the journal has what a segment has at a share, 0…1, of it. What the journal has given up says nothing.
    static func agrees(_ segment: Segment, at share: Double, _ connection: Database) throws -> Bool {
        guard let sample = try? segment.sample(at: share) else { return false }
        let record = sample.record
        let statement = try connection.cachedStatement(sql: "SELECT at, camera_id FROM look WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [record.look]),
            let halves = try embedding(look: record.look, crop: record.crop, connection)
        else { return true }
        let (at, camera): (Int64, Int64) = (row[0], row[1])
        return at == record.at && camera == Int64(record.camera) && sample.matches(halves)
    }

    /// The segments, from the oldest on, that have something of the journal and agree with it.
    static func usable(
        _ segments: [Segment],
        oldest: Int64,
        newest: Int64,
        _ connection: Database
    ) throws -> [Segment] {
        var usable: [Segment] = []
        for segment in segments where segment.looks.upperBound >= oldest {
            guard segment.looks.lowerBound <= newest else { break }
            // Where the newest looks are gone, numbers may have begun anew: then more is asked of the rest.
            let shares = segment.looks.upperBound <= newest ? [1] : [0, 0.25, 0.5, 0.75, 1]
            guard try shares.allSatisfy({ try agrees(segment, at: $0, connection) }) else { break }
            usable.append(segment)
        }
        return usable
    }
}
