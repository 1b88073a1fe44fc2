import Foundation
import GRDB
import Sketch

extension JournalReader {
    /// The moments that are most like what is looked for: exactly those that comparing every look would give.
    ///
    /// Takes some tenths of a second with the sketch that the daemon keeps, and as long as reading the whole journal without
    /// one. Blocking, with two threads of its own; other reads of this reader wait.
    public func search(_ question: LookSearch) throws(JournalError) -> SearchResult {
        let database = try open()
        return try DatabaseFile.translated(path) {
            // The sketch is opened before the database is read: so it has nothing that the database lacks.
            let identity = try database.read(SketchRows.identity)
            let segments = identity.map { SketchFolder(ofJournal: path).segments(of: $0) } ?? []
            return try database.read { connection in
                do {
                    var search = try JournalSearch(question, segments, connection)
                    return try search.run()
                } catch let error as SketchError {
                    var search = try JournalSearch(question, [], connection)
                    var result = try search.run()
                    result.damage = "\(error)"
                    return result
                }
            }
        }
    }

    /// The embeddings of a look's crops, and what they were made with; nil where there is no such look.
    public func embeddings(ofLook look: Int64) throws(JournalError) -> (modelID: String, embeddings: [[Float]])? {
        let rows = try fetch(
            """
            SELECT model.name, crop.embedding FROM look JOIN model ON model.id = look.model_id
            JOIN crop ON crop.look_id = look.id WHERE look.id = ? ORDER BY crop.number
            """,
            [look]
        ) { row in (row[0] as String, HalfPrecision.vector(of: row[1]) ?? []) }
        guard let modelID = rows.first?.0 else { return nil }
        return (modelID, rows.map(\.1))
    }

    /// The picture of a moment as a JPEG file: that of its best look, else of the nearest look of the camera that has one
    /// and lies within so many seconds. Nil where there is none.
    public func thumbnail(of moment: FoundMoment, within seconds: Double = 5) throws(JournalError) -> Data? {
        let at = Milliseconds.of(moment.at)
        let reach = Int64(seconds * 1000)
        return try fetch(
            """
            SELECT thumbnail.jpeg FROM look JOIN thumbnail ON thumbnail.look_id = look.id
            WHERE look.camera_id = (SELECT id FROM camera WHERE name = ?1) AND look.at BETWEEN ?2 - ?3 AND ?2 + ?3
            ORDER BY look.id != ?4, abs(look.at - ?2) LIMIT 1
            """,
            [moment.camera, at, reach, moment.look]
        ) { $0[0] as Data }.first
    }
}
