import Foundation
import GRDB
import Kernels
import Sketch

/// Reads embeddings while looks are gone through.
public struct ExactEmbeddings {
    let connection: Database

    /// The unit vectors of a look's crops; none where the look is gone.
    public func embeddings(of look: Int64) throws -> [[Float]] {
        let statement = try connection.cachedStatement(
            sql: "SELECT embedding FROM crop WHERE look_id = ? ORDER BY number"
        )
        return try Data.fetchAll(statement, arguments: [look]).map { HalfPrecision.vector(of: $0) ?? [] }
    }
}

extension JournalReader {
    /// Calls `body` with each look of a window, in the order in which they were taken: from the sketch where there is one,
    /// else from the database. Blocking, with two threads of its own.
    ///
    /// Each similarity says how far it can be off at most; where that does not decide, `ExactEmbeddings` has the
    /// embeddings themselves. Other reads of this reader must wait until it returns. Crops with a component that is not a
    /// number are not in the sketch.
    ///
    /// - Parameters:
    ///   - queries: unit vectors of one model, or shorter ones.
    ///   - isSketched: whether to use the sketch.
    /// - Throws: also where the sketch is found to be damaged, which may be after `body` has been called: then once more
    ///   without it.
    public func eachApproximateLook(
        in window: PastWindow,
        like queries: [[Float]],
        modelID: String,
        isSketched: Bool = true,
        _ body: (ApproximateLook, ExactEmbeddings) throws -> Void
    ) throws(JournalError) {
        let database = try open()
        guard let numbers = window.numbers else { return }
        try DatabaseFile.translated(path) {
            let identity = isSketched ? try database.read(SketchRows.identity) : nil
            let segments = identity.map { SketchFolder(ofJournal: path).segments(of: $0) } ?? []
            try database.read { connection in
                try ApproximatePast(queries, modelID, window, connection).run(numbers, segments, body)
            }
        }
    }

    /// Calls `body` with each look that was captured from `since` on and before `until`, in the order in which they were
    /// taken.
    public func eachApproximateLook(
        like queries: [[Float]],
        modelID: String,
        since: Date = .distantPast,
        until: Date = .distantFuture,
        isSketched: Bool = true,
        _ body: (ApproximateLook, ExactEmbeddings) throws -> Void
    ) throws(JournalError) {
        let window = try window(since: since, until: until)
        try eachApproximateLook(in: window, like: queries, modelID: modelID, isSketched: isSketched, body)
    }
}

/// Goes through sketch and database in the order of looks.
private struct ApproximatePast {
    private let queries: [[Float]]
    private let modelID: String
    private let times: Range<Int64>
    private let connection: Database
    private let exact: ExactEmbeddings
    /// By the cameras' numbers, which are small; nil of those that are not asked for.
    private let names: [String?]
    private let kernels = kernels_best().pointee

    /// Looks that are read of the database at a time.
    private static let portion = 4096

    init(_ queries: [[Float]], _ modelID: String, _ window: PastWindow, _ connection: Database) {
        self.queries = queries
        self.modelID = modelID
        self.connection = connection
        exact = ExactEmbeddings(connection: connection)
        times = window.since..<max(window.since, window.until)
        let cameras = window.cameras.filter { (0...65_535).contains($0.key) }
        var names = [String?](repeating: nil, count: Int(cameras.keys.max() ?? 0) + 1)
        for (number, name) in cameras { names[Int(number)] = name }
        self.names = names
    }

    func run(
        _ numbers: ClosedRange<Int64>,
        _ segments: [Segment],
        _ body: (ApproximateLook, ExactEmbeddings) throws -> Void
    ) throws {
        let oldest = try Int64.fetchOne(connection, sql: "SELECT min(id) FROM look") ?? 1
        let newest = try Int64.fetchOne(connection, sql: "SELECT max(id) FROM look") ?? 0
        let count = try Int.fetchOne(connection, sql: "SELECT count(*) FROM look") ?? 0
        let isWhole = Int64(count) == newest - oldest + 1
        var (next, final) = (max(oldest, numbers.lowerBound), min(newest, numbers.upperBound))
        let sketched = queries.compactMap(SketchQuery.init)
        let usable =
            sketched.count == queries.count
            ? try SketchRows.usable(segments, oldest: oldest, newest: newest, connection)
                .filter { $0.looks.lowerBound <= final && $0.looks.upperBound >= next } : []
        try SketchReader(usable).eachBlock(like: sketched, model: modelID) { block in
            guard let first = block.records.first?.look, let last = block.records.last?.look else { return }
            // What lies between was left out of the sketch.
            try fromDatabase(next, through: min(first - 1, final), body)
            try give(block, numbered: max(first, next)...max(first, next, min(last, final)), isWhole: isWhole, body)
            next = max(next, last + 1)
        }
        try fromDatabase(next, through: final, body)
    }

    /// Looks of a block that the journal has, and those that it has between them.
    private struct Presence {
        /// Nil for all.
        var those: Set<Int64>?
        /// What the block lacks, the last first.
        var others: [Int64] = []
    }

    /// - Parameter isWhole: whether the journal has every look from its first to its last.
    private func presence(
        _ numbers: ClosedRange<Int64>,
        of block: SketchBlock,
        isWhole: Bool
    ) throws -> Presence {
        var (count, last): (Int, Int64?) = (0, nil)
        for record in block.records where record.look != last && numbers.contains(record.look) {
            count += 1
            last = record.look
        }
        if isWhole, count == numbers.count { return Presence() }
        let arguments: StatementArguments = [numbers.lowerBound, numbers.upperBound]
        let there = try Int.fetchOne(
            connection,
            sql: "SELECT count(*) FROM look WHERE id BETWEEN ? AND ?",
            arguments: arguments
        )
        if there == count { return Presence() }
        let those = try Int64.fetchSet(
            connection,
            sql: "SELECT id FROM look WHERE id BETWEEN ? AND ?",
            arguments: arguments
        )
        return Presence(those: those, others: those.subtracting(block.records.map(\.look)).sorted(by: >))
    }

    private func give(
        _ block: SketchBlock,
        numbered numbers: ClosedRange<Int64>,
        isWhole: Bool,
        _ body: (ApproximateLook, ExactEmbeddings) throws -> Void
    ) throws {
        var presence = try presence(numbers, of: block, isWhole: isWhole)
        try block.records.withUnsafeBufferPointer { records in
            var start = 0
            while start < records.count {
                let look = records[start].look
                var end = start + 1
                while end < records.count, records[end].look == look { end += 1 }
                while let other = presence.others.last, other < look {
                    presence.others.removeLast()
                    try fromDatabase(other, through: other, body)
                }
                if numbers.contains(look), presence.those?.contains(look) ?? true {
                    try give(block, start..<end, records[start], body)
                }
                start = end
            }
        }
        for other in presence.others.reversed() { try fromDatabase(other, through: other, body) }
    }

    /// Gives one look, if it is asked for.
    @inline(__always)
    private func give(
        _ block: SketchBlock,
        _ range: Range<Int>,
        _ first: SketchRecord,
        _ body: (ApproximateLook, ExactEmbeddings) throws -> Void
    ) throws {
        let camera = Int(first.camera)
        guard times.contains(first.at), names.indices.contains(camera), let name = names[camera] else { return }
        try body(ApproximateLook(camera: name, block: block, range: range, first: first), exact)
    }

    // MARK: - Without a sketch

    private func fromDatabase(
        _ first: Int64,
        through final: Int64,
        _ body: (ApproximateLook, ExactEmbeddings) throws -> Void
    ) throws {
        var last = first - 1
        while last < final {
            var crops: [SketchCrop] = []
            var model = ""
            let read = try SketchRows.each(connection, after: last, through: final, limit: Self.portion) { look, name in
                if name != model || crops.count + look.count > Int(UInt16.max) {
                    try giveRead(crops, model, body)
                    crops = []
                    model = name
                }
                crops += look
                last = look.last?.record.look ?? last
            }
            try giveRead(crops, model, body)
            if read < Self.portion { return }
        }
    }

    private func giveRead(
        _ crops: [SketchCrop],
        _ model: String,
        _ body: (ApproximateLook, ExactEmbeddings) throws -> Void
    ) throws {
        let block = block(crops, model)
        let records = block.records
        var start = 0
        while start < records.count {
            let first = records[start]
            var end = start + 1
            while end < records.count, records[end].look == first.look { end += 1 }
            try give(block, start..<end, first, body)
            start = end
        }
    }

    private func block(_ crops: [SketchCrop], _ model: String) -> SketchBlock {
        let isComparable =
            model == modelID
            && crops.allSatisfy { crop in
                queries.allSatisfy { $0.count == crop.halves.count }
            }
        let records = crops.enumerated().map { number, crop in
            var record = crop.record
            record.vector = UInt16(number)
            return record
        }
        let values =
            isComparable
            ? crops.flatMap { crop in
                queries.map { Float(kernels.half_dot(Int32(crop.halves.count), crop.halves, $0)) }
            } : []
        // Rounding to float32 is all that is lost; of what is no number everything.
        let errors: [Float] =
            isComparable
            ? crops.indices.map { number -> Float in
                let own = values[(number * queries.count)..<((number + 1) * queries.count)]
                return own.allSatisfy(\.isFinite) ? own.map(\.ulp).max() ?? 0 : .infinity
            } : []
        return SketchBlock(records: records, model: model, queries: queries.count, values: values, errors: errors)
    }
}
