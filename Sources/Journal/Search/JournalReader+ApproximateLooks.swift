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
    /// Calls `body` with each look that was captured from `since` on and before `until`, in the order in which they were
    /// taken: from the sketch where there is one, else from the database. Blocking, with two threads of its own.
    ///
    /// Each similarity says how far it can be off at most; where that does not decide, `ExactEmbeddings` has the
    /// embeddings themselves. Other reads of this reader must wait until it returns.
    ///
    /// - Parameters:
    ///   - queries: unit vectors of one model.
    ///   - isSketched: whether to use the sketch.
    /// - Throws: also where the sketch is found to be damaged, which may be after `body` has been called: then once more
    ///   without it.
    public func eachApproximateLook(
        like queries: [[Float]],
        modelID: String,
        since: Date = .distantPast,
        until: Date = .distantFuture,
        isSketched: Bool = true,
        _ body: (ApproximateLook, ExactEmbeddings) throws -> Void
    ) throws(JournalError) {
        let database = try open()
        try DatabaseFile.translated(path) {
            let identity = isSketched ? try database.read(SketchRows.identity) : nil
            let segments = identity.map { SketchFolder(ofJournal: path).segments(of: $0) } ?? []
            try database.read { connection in
                let past = try ApproximatePast(
                    queries,
                    modelID,
                    times: Milliseconds.of(since)..<max(Milliseconds.of(since), Milliseconds.of(until)),
                    connection
                )
                try past.run(segments, body)
            }
        }
    }
}

/// Goes through sketch and database in the order of looks.
private struct ApproximatePast {
    private let queries: [[Float]]
    private let modelID: String
    private let times: Range<Int64>
    private let connection: Database
    /// By the cameras' numbers, which are small.
    private let names: [String]
    private let kernels = kernels_best().pointee

    /// Looks that are read of the database at a time.
    private static let portion = 4096

    init(_ queries: [[Float]], _ modelID: String, times: Range<Int64>, _ connection: Database) throws {
        self.queries = queries
        self.modelID = modelID
        self.times = times
        self.connection = connection
        let cameras = try Row.fetchAll(connection, sql: "SELECT id, name FROM camera WHERE id BETWEEN 0 AND 65535")
        let numbers = cameras.map { $0[0] as Int }
        var names = [String](repeating: "", count: (numbers.max() ?? 0) + 1)
        for (number, camera) in zip(numbers, cameras) { names[number] = camera[1] }
        self.names = names
    }

    func run(_ segments: [Segment], _ body: (ApproximateLook, ExactEmbeddings) throws -> Void) throws {
        let oldest = try Int64.fetchOne(connection, sql: "SELECT min(id) FROM look") ?? 1
        let newest = try Int64.fetchOne(connection, sql: "SELECT max(id) FROM look") ?? 0
        let sketched = queries.compactMap(SketchQuery.init)
        let usable =
            sketched.count == queries.count
            ? try SketchRows.usable(segments, oldest: oldest, newest: newest, connection) : []
        var last = oldest - 1
        if let first = usable.first, first.looks.lowerBound > oldest {
            try fromDatabase(after: last, through: first.looks.lowerBound - 1, body)
        }
        try SketchReader(usable).eachBlock(like: sketched, model: modelID) { block in
            guard let first = block.records.first?.look, let final = block.records.last?.look else { return }
            try give(block, in: try present(first...min(final, newest), of: block), body)
        }
        last = max(last, usable.last?.looks.upperBound ?? last)
        if last < newest { try fromDatabase(after: last, through: newest, body) }
    }

    /// The looks among these that the journal still has; nil where it has all of them.
    private func present(_ looks: ClosedRange<Int64>, of block: SketchBlock) throws -> Set<Int64>? {
        var (count, last): (Int, Int64?) = (0, nil)
        for record in block.records where record.look != last {
            count += 1
            last = record.look
        }
        let arguments: StatementArguments = [looks.lowerBound, looks.upperBound]
        let there = try Int.fetchOne(
            connection,
            sql: "SELECT count(*) FROM look WHERE id BETWEEN ? AND ?",
            arguments: arguments
        )
        if there == count { return nil }
        return try Int64.fetchSet(connection, sql: "SELECT id FROM look WHERE id BETWEEN ? AND ?", arguments: arguments)
    }

    private func give(
        _ block: SketchBlock,
        in present: Set<Int64>?,
        _ body: (ApproximateLook, ExactEmbeddings) throws -> Void
    ) throws {
        let exact = ExactEmbeddings(connection: connection)
        try block.records.withUnsafeBufferPointer { records in
            var start = 0
            while start < records.count {
                let (look, at, camera) = (records[start].look, records[start].at, Int(records[start].camera))
                var end = start + 1
                while end < records.count, records[end].look == look { end += 1 }
                if times.contains(at), present?.contains(look) ?? true {
                    let name = names.indices.contains(camera) ? names[camera] : ""
                    try body(ApproximateLook(camera: name, block: block, range: start..<end), exact)
                }
                start = end
            }
        }
    }

    // MARK: - Without a sketch

    private func fromDatabase(
        after first: Int64,
        through final: Int64,
        _ body: (ApproximateLook, ExactEmbeddings) throws -> Void
    ) throws {
        var last = first
        while last < final {
            var crops: [SketchCrop] = []
            var model = ""
            var isDone = false
            let read = try SketchRows.each(connection, after: last, limit: Self.portion) { look, name in
                guard let id = look.first?.record.look, id <= final else {
                    isDone = true
                    return
                }
                if name != model || crops.count + look.count > Int(UInt16.max) {
                    try give(block(crops, model), in: nil, body)
                    crops = []
                    model = name
                }
                crops += look
                last = id
            }
            try give(block(crops, model), in: nil, body)
            if isDone || read < Self.portion { return }
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
        // Rounding to float32 is all that is lost.
        let errors =
            isComparable
            ? crops.indices.map { number in
                values[(number * queries.count)..<((number + 1) * queries.count)].map(\.ulp).max() ?? 0
            } : []
        return SketchBlock(records: records, model: model, queries: queries.count, values: values, errors: errors)
    }
}
