import Foundation
import GRDB
import Kernels
import Sketch

/// One search, within one read of the database.
///
/// Sketch and database give the crops that may be among the best; those are scored from the database's own embeddings, in
/// double precision, the most promising first, until what is left cannot matter. Among equals the earlier look is better.
struct JournalSearch {
    private let question: LookSearch
    private let connection: Database
    private let kernels = kernels_best().pointee
    private let segments: [Segment]
    private let names: [Int64: String]
    private let oldest: Int64
    private let newest: Int64
    private var result = SearchResult()
    /// What has been scored from the database.
    private var scores: [Crop: Double] = [:]

    private struct Crop: Hashable {
        let look: Int64
        let number: UInt16
    }

    /// Stretches that are looked for at first for each moment that is wanted: neighbours make one.
    private static let groupsAMoment = 8
    private static let enlargement = 4
    private static let mostGroupsAMoment = 512
    private static let mostRounds = 8

    init(_ question: LookSearch, _ segments: [Segment], _ connection: Database) throws {
        self.question = question
        self.connection = connection
        let cameras = try Row.fetchAll(connection, sql: "SELECT id, name FROM camera")
        names = Dictionary(cameras.map { ($0[0], $0[1]) }, uniquingKeysWith: { first, _ in first })
        let bounds = try Row.fetchOne(connection, sql: "SELECT (SELECT min(id) FROM look), (SELECT max(id) FROM look)")
        let (first, last): (Int64?, Int64?) = (bounds?[0], bounds?[1])
        (oldest, newest) = (first ?? 1, last ?? 0)
        self.segments = try SketchRows.usable(segments, oldest: oldest, newest: newest, connection)
    }

    mutating func run() throws -> SearchResult {
        let isByLook = question.stretch <= .zero
        guard newest >= oldest, question.limit > 0, let query = SketchQuery(question.embedding) else { return result }
        result.otherModels = Set(segments.map(\.model)).subtracting([question.modelID]).sorted()
        let wanted = question.limit + (question.besides == nil ? 0 : 1)
        let most = wanted * (isByLook ? 1 : Self.mostGroupsAMoment)
        var filter = filter()
        let plain = try searchDatabase(query, filter, groups: most)
        // What is not among the best costs reading: the first pass asks for no more than is likely to be enough.
        var groups = wanted * (isByLook ? 1 : Self.groupsAMoment)
        var reach = groups
        var rounds = 0
        while true {
            let candidates = try candidates(query, filter, plain, groups: reach)
            while groups <= reach {
                let (best, missing) = try rescore(candidates.all, groups: groups)
                if !missing.isEmpty {
                    // What is gone has kept out what there is: once more without it.
                    filter.gaps = try gaps(filter.gaps, with: missing)
                    rounds += 1
                    guard rounds < Self.mostRounds else {
                        throw SketchError.damaged("the journal lacks too much of it")
                    }
                    break
                }
                let moments = MomentFolding.fold(best, isByLook: isByLook)
                if moments.count >= wanted || best.count < groups || groups >= most {
                    result.moments = try moments.compactMap(moment).filter(isWanted).prefix(question.limit).map(
                        \.moment
                    )
                    return result
                }
                groups = min(most, groups * Self.enlargement)
            }
            reach = max(reach, groups)
        }
    }

    private func filter() -> SketchFilter {
        let numbers = question.cameras.map { wanted in
            Set(names.filter { wanted.contains($0.value) }.map { Int32(clamping: $0.key) })
        }
        let (since, until) = (Milliseconds.of(question.since), Milliseconds.of(question.until))
        return SketchFilter(
            times: since..<max(since, until),
            cameras: numbers,
            looks: oldest...newest,
            stretch: max(0, Milliseconds.of(question.stretch))
        )
    }

    // MARK: - The best of each group

    private func candidates(
        _ query: SketchQuery,
        _ filter: SketchFilter,
        _ plain: CandidateSet,
        groups: Int
    ) throws -> CandidateSet {
        var candidates = CandidateSet(groups: groups)
        candidates.merge(plain)
        candidates.merge(
            try SketchReader(segments).candidates(
                of: query,
                model: question.modelID,
                filter,
                groups: groups,
                atLeast: candidates.threshold
            )
        )
        return candidates
    }

    /// Scores crops until those that are left are not among the best for certain.
    private mutating func rescore(_ candidates: [SketchCandidate], groups: Int) throws
        -> (best: [SketchCandidate], missing: [Int64])
    {
        var best: [SketchGroup: SketchCandidate] = [:]
        var missing: [Int64] = []
        var bar = -Double.infinity
        let promising = candidates.sorted { ($1.most, $0.look, $0.crop) < ($0.most, $1.look, $1.crop) }
        for (number, candidate) in promising.enumerated() {
            if number.isMultiple(of: 16), best.count >= groups {
                bar = best.values.map(\.most).sorted(by: >)[groups - 1]
            }
            if candidate.most < bar { break }
            let known = best[candidate.group]
            if let known, candidate.most < known.most { continue }
            guard let score = try score(candidate) else {
                missing.append(candidate.look)
                continue
            }
            var exact = candidate
            (exact.least, exact.most) = (score, score)
            if let known, Self.isBetter(known, exact) { continue }
            best[candidate.group] = exact
        }
        return (Array(best.values.sorted(by: Self.isBetter).prefix(groups)), missing)
    }

    private static func isBetter(_ one: SketchCandidate, _ other: SketchCandidate) -> Bool {
        (other.most, one.look, one.crop) < (one.most, other.look, other.crop)
    }

    /// The score by the journal's own embedding; nil where that is gone.
    private mutating func score(_ candidate: SketchCandidate) throws -> Double? {
        guard candidate.least < candidate.most else { return candidate.most }
        let key = Crop(look: candidate.look, number: candidate.crop)
        if let score = scores[key] { return score }
        guard let halves = try SketchRows.embedding(look: candidate.look, crop: candidate.crop, connection) else {
            return nil
        }
        guard halves.count == question.embedding.count else {
            throw SketchError.damaged("look \(candidate.look) has another length in the journal")
        }
        let score = kernels.half_dot(Int32(halves.count), halves, question.embedding)
        // Not a number is neither.
        guard score >= candidate.least, score <= candidate.most else {
            throw SketchError.damaged("look \(candidate.look) is another one in the journal")
        }
        scores[key] = score
        return score
    }

    /// Looks that are missing, each with its neighbours that are, too.
    private func gaps(_ known: [ClosedRange<Int64>], with missing: [Int64]) throws -> [ClosedRange<Int64>] {
        var gaps = Dictionary(known.map { ($0.lowerBound, $0) }, uniquingKeysWith: { first, _ in first })
        let before = try connection.cachedStatement(sql: "SELECT max(id) FROM look WHERE id < ?")
        let after = try connection.cachedStatement(sql: "SELECT min(id) FROM look WHERE id > ?")
        let exists = try connection.cachedStatement(sql: "SELECT 1 FROM look WHERE id = ?")
        for look in missing {
            var gap = look...look
            if try Int.fetchOne(exists, arguments: [look]) == nil {
                let lower = try Int64.fetchOne(before, arguments: [look]) ?? oldest - 1
                let upper = try Int64.fetchOne(after, arguments: [look]) ?? newest + 1
                gap = (lower + 1)...(upper - 1)
            }
            gaps[gap.lowerBound] = gap
        }
        return gaps.values.sorted { $0.lowerBound < $1.lowerBound }
    }

    // MARK: - What there is no sketch of

    private mutating func searchDatabase(_ query: SketchQuery, _ filter: SketchFilter, groups: Int) throws
        -> CandidateSet
    {
        var candidates = CandidateSet(groups: groups)
        var ranges = [oldest...newest]
        if let first = segments.first, let last = segments.last {
            ranges = []
            if first.looks.lowerBound > oldest { ranges.append(oldest...(first.looks.lowerBound - 1)) }
            if last.looks.upperBound < newest { ranges.append((last.looks.upperBound + 1)...newest) }
        }
        for range in ranges { try searchDatabase(range, filter, &candidates) }
        candidates.prune()
        return candidates
    }

    private mutating func searchDatabase(
        _ looks: ClosedRange<Int64>,
        _ filter: SketchFilter,
        _ candidates: inout CandidateSet
    ) throws {
        let models = try Row.fetchAll(connection, sql: "SELECT id, name FROM model")
        let modelNames: [Int64: String] = Dictionary(
            models.map { ($0[0], $0[1]) },
            uniquingKeysWith: { first, _ in first }
        )
        let model = modelNames.first { $0.value == question.modelID }?.key
        let rows = try Row.fetchCursor(
            connection,
            sql: """
                SELECT look.id, look.at, look.camera_id, look.model_id, crop.number, crop.embedding
                FROM look CROSS JOIN crop ON crop.look_id = look.id
                WHERE look.id BETWEEN ?1 AND ?2 ORDER BY look.id, crop.number
                """,
            arguments: [looks.lowerBound, looks.upperBound]
        )
        let bytes = question.embedding.count * 2
        var others: Set<Int64> = []
        var last: Int64?
        while let row = try rows.next() {
            let (look, at, camera): (Int64, Int64, Int64) = (row[0], row[1], row[2])
            if look != last { result.unsketched += 1 }
            last = look
            let modelOfLook: Int64 = row[3]
            guard modelOfLook == model else {
                others.insert(modelOfLook)
                continue
            }
            guard let group = filter.group(look: look, at: at, camera: Int32(clamping: camera)),
                let number = UInt16(exactly: row[4] as Int)
            else { continue }
            let score = try row.withUnsafeData(atIndex: 5) { data in
                data.flatMap { $0.count == bytes ? $0.withUnsafeBytes(product) : nil }
            }
            guard let score else { continue }
            candidates.insert(
                SketchCandidate(
                    group: group,
                    least: score,
                    most: score,
                    look: look,
                    crop: number,
                    camera: Int32(clamping: camera),
                    at: at
                )
            )
        }
        result.otherModels = Array(Set(result.otherModels).union(others.compactMap { modelNames[$0] })).sorted()
    }

    /// Nil for what is not a number.
    private func product(_ bytes: UnsafeRawBufferPointer) -> Double? {
        guard let start = bytes.baseAddress else { return nil }
        let halves = start.assumingMemoryBound(to: UInt16.self)
        let product = kernels.half_dot(Int32(bytes.count / 2), halves, question.embedding)
        return product.isNaN ? nil : product
    }

    // MARK: - Moments

    private func moment(_ crops: [SketchCandidate]) throws -> (moment: FoundMoment, slots: ClosedRange<Int64>)? {
        guard let best = crops.first, let name = names[Int64(best.camera)] else { return nil }
        let times = crops.map(\.at)
        let slots = crops.map(\.group.slot)
        let moment = FoundMoment(
            camera: name,
            at: Milliseconds.date(best.at),
            from: Milliseconds.date(times.min() ?? best.at),
            until: Milliseconds.date(times.max() ?? best.at),
            look: best.look,
            crop: Int(best.crop),
            similarity: best.most
        )
        return (moment, (slots.min() ?? best.group.slot)...(slots.max() ?? best.group.slot))
    }

    /// Whether it is another moment than that of the look that is not wanted.
    private func isWanted(_ found: (moment: FoundMoment, slots: ClosedRange<Int64>)) throws -> Bool {
        guard let besides = question.besides else { return true }
        if found.moment.look == besides { return false }
        guard question.stretch > .zero,
            let row = try Row.fetchOne(
                connection,
                sql: "SELECT at, camera_id FROM look WHERE id = ?",
                arguments: [besides]
            )
        else { return true }
        let all = SketchFilter(
            times: .min..<(.max),
            cameras: nil,
            looks: .min...(.max),
            stretch: Milliseconds.of(question.stretch)
        )
        guard let group = all.group(look: besides, at: row[0], camera: Int32(clamping: row[1] as Int64)) else {
            return true
        }
        return names[Int64(group.camera)] != found.moment.camera || !found.slots.contains(group.slot)
    }
}
