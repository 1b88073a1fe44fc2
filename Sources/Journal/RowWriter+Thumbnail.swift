import GRDB

extension RowWriter {
    /// Writes a thumbnail beside its look, and says whether it did: the look may have been given up, or have one.
    func write(_ thumbnail: ThumbnailRecord, to connection: Database) throws -> Bool {
        try connection.cachedStatement(
            sql: """
                INSERT INTO thumbnail (look_id, width, height, jpeg)
                SELECT look.id, ?4, ?5, ?6 FROM look JOIN camera ON camera.id = look.camera_id
                WHERE camera.name = ?1 AND look.at = ?2 AND look.frame = ?3
                ORDER BY look.id DESC LIMIT 1
                ON CONFLICT DO NOTHING
                """
        ).execute(arguments: [
            thumbnail.camera, Milliseconds.of(thumbnail.at), Int64(clamping: thumbnail.sequence), thumbnail.width,
            thumbnail.height, thumbnail.jpeg,
        ])
        return connection.changesCount > 0
    }
}
