import Foundation
import GRDB
import Journal

/// A journal of many looks, made by SQL: four cameras in turn, two crops of 512 components and three triggers each.
enum ManyLooks {
    /// Adds looks to a journal that nobody has open.
    ///
    /// - Parameters:
    ///   - apart: seconds from one look to the next.
    ///   - thumbnailEvery: every so manieth has a thumbnail of 10 KB; 0 for none.
    static func add(
        _ count: Int,
        to path: String,
        from start: Date,
        apart: Double,
        dimensions: Int = 512,
        thumbnailEvery: Int = 0
    ) throws {
        let database = try DatabaseQueue(path: path)
        defer { try? database.close() }
        try database.writeWithoutTransaction { connection in
            try connection.execute(
                sql: """
                    PRAGMA synchronous = OFF;
                    INSERT OR IGNORE INTO camera (name) VALUES ('c0'), ('c1'), ('c2'), ('c3');
                    INSERT OR IGNORE INTO framing (name) VALUES ('full');
                    INSERT OR IGNORE INTO model (name) VALUES ('m');
                    INSERT OR IGNORE INTO rule (name) VALUES ('r0'), ('r1'), ('r2');
                    INSERT OR IGNORE INTO description (name) VALUES ('d');
                    """
            )
            var first = (try Int64.fetchOne(connection, sql: "SELECT coalesce(max(id), 0) + 1 FROM look") ?? 1)
            let end = first + Int64(count)
            let begin = first
            while first < end {
                let last = min(first + 20_000, end) - 1
                try connection.inTransaction {
                    try connection.execute(
                        sql: """
                            CREATE TEMP TABLE IF NOT EXISTS number (id INTEGER PRIMARY KEY);
                            DELETE FROM number;
                            WITH RECURSIVE n (id) AS (SELECT \(first) UNION ALL SELECT id + 1 FROM n WHERE id < \(last))
                            INSERT INTO number SELECT id FROM n;
                            INSERT INTO look (id, camera_id, at, frame, framing_id, model_id, brightness)
                            SELECT id, (SELECT id FROM camera WHERE name = 'c' || (number.id % 4)),
                                \(Int64(start.timeIntervalSince1970 * 1000))
                                    + CAST((number.id - \(begin)) * \(apart * 1000) AS INTEGER),
                                number.id, (SELECT id FROM framing WHERE name = 'full'),
                                (SELECT id FROM model WHERE name = 'm'), 100 FROM number;
                            INSERT INTO crop (look_id, number, x, y, side, embedding)
                            SELECT number.id, c.value, 0, 0, 720, randomblob(\(dimensions * 2))
                            FROM number, json_each('[0, 1]') c ORDER BY number.id;
                            INSERT INTO score (look_id, rule_id, crop, at, similarity, probability, margin, rival_id)
                            SELECT number.id, rule.id, c.value, look.at, 0.25, 0.5, 0.01,
                                (SELECT id FROM description LIMIT 1)
                            FROM number JOIN look ON look.id = number.id, rule, json_each('[0, 1]') c
                            ORDER BY number.id;
                            """
                    )
                    if thumbnailEvery > 0 {
                        try connection.execute(
                            sql: """
                                INSERT INTO thumbnail (look_id, width, height, jpeg)
                                SELECT id, 320, 180, randomblob(10000) FROM number WHERE id % \(thumbnailEvery) = 0
                                """
                        )
                    }
                    return .commit
                }
                first = last + 1
            }
            _ = try connection.checkpoint(.truncate)
        }
    }
}
