import GRDB

/// The tables, which are ours to change by migrations, and the views, which are not: people's queries depend on them
/// (Docs/Journal.md).
enum Schema {
    /// "ScnW" in the file's header (<https://www.sqlite.org/pragma.html#pragma_application_id>) tells our files from
    /// those of other programs.
    static let applicationID: Int32 = 0x5363_6E57

    static let newest = "v3"

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1") { database in
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(sql: names)
            try database.execute(sql: looks)
            try database.execute(sql: events)
            try database.execute(sql: views)
        }
        migrator.registerMigration("v2", foreignKeyChecks: .immediate) { database in
            try database.execute(sql: "DROP VIEW events; DROP VIEW looks;")
            try database.execute(sql: replay)
            try database.execute(sql: pictures)
            try database.execute(sql: additions)
            try database.execute(sql: identity)
            try database.execute(sql: messages)
            try database.execute(sql: retention)
            try database.execute(sql: newerViews)
        }
        migrator.registerMigration("v3", foreignKeyChecks: .immediate) { database in
            try database.execute(sql: regions)
        }
        return migrator
    }

    /// Every name is written once; rows hold its number.
    private static let names = """
        CREATE TABLE camera (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE model (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE framing (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE rule (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE description (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        """

    /// Times are milliseconds since 1970 UTC. `score` repeats its look's time, for the index: 6 bytes where a crop has
    /// a thousand. `crop` has a rowid because its rows are too large for the leaves of an index b-tree
    /// (<https://www.sqlite.org/fileformat2.html>, section 1.6) and would each need an overflow page.
    private static let looks = """
        CREATE TABLE look (
            id INTEGER PRIMARY KEY,
            camera_id INTEGER NOT NULL REFERENCES camera (id),
            at INTEGER NOT NULL,
            frame INTEGER NOT NULL,
            framing_id INTEGER NOT NULL REFERENCES framing (id),
            model_id INTEGER NOT NULL REFERENCES model (id)
        ) STRICT;
        CREATE INDEX look_by_camera ON look (camera_id, at);
        CREATE TABLE crop (
            look_id INTEGER NOT NULL REFERENCES look (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            x INTEGER NOT NULL,
            y INTEGER NOT NULL,
            side INTEGER NOT NULL,
            embedding BLOB NOT NULL,
            UNIQUE (look_id, number)
        ) STRICT;
        CREATE TABLE score (
            look_id INTEGER NOT NULL REFERENCES look (id) ON DELETE CASCADE,
            rule_id INTEGER NOT NULL REFERENCES rule (id),
            crop INTEGER NOT NULL,
            at INTEGER NOT NULL,
            similarity REAL NOT NULL,
            probability REAL NOT NULL,
            margin REAL NOT NULL,
            rival_id INTEGER REFERENCES description (id),
            PRIMARY KEY (look_id, rule_id, crop)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX score_by_rule ON score (rule_id, at);
        """

    /// An event's only start is its row, its only end is the row's last columns, set once. Nothing is said of the order
    /// of its times: a clock that was set back must not keep an event from ending.
    private static let events = """
        CREATE TABLE message (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 4),
            camera_id INTEGER NOT NULL REFERENCES camera (id),
            at INTEGER NOT NULL,
            reason TEXT
        ) STRICT;
        CREATE TABLE event (
            id TEXT NOT NULL UNIQUE CHECK (length(id) = 26),
            rule_id INTEGER NOT NULL REFERENCES rule (id),
            camera_id INTEGER NOT NULL REFERENCES camera (id),
            frame INTEGER NOT NULL,
            crop INTEGER NOT NULL,
            started INTEGER NOT NULL,
            seq_started INTEGER NOT NULL UNIQUE REFERENCES message (seq),
            similarity REAL NOT NULL,
            probability REAL NOT NULL,
            margin REAL NOT NULL,
            rival_id INTEGER REFERENCES description (id),
            ended INTEGER,
            seq_ended INTEGER UNIQUE REFERENCES message (seq) CHECK (seq_ended > seq_started),
            reason TEXT,
            end_frame INTEGER,
            end_similarity REAL,
            end_probability REAL,
            end_margin REAL,
            end_rival_id INTEGER REFERENCES description (id),
            CHECK ((ended IS NULL) = (seq_ended IS NULL) AND (ended IS NULL) = (reason IS NULL))
        ) STRICT;
        CREATE INDEX event_by_rule ON event (rule_id, started);
        CREATE INDEX event_by_camera ON event (camera_id, started);
        CREATE INDEX event_open ON event (seq_started) WHERE seq_ended IS NULL;
        CREATE TRIGGER event_ends_once BEFORE UPDATE ON event WHEN OLD.seq_ended IS NOT NULL
        BEGIN
            SELECT RAISE(ABORT, 'the event has already ended');
        END;
        """

    /// What it takes to go through the past once more as it was gone through then: of which run of the daemon a look is,
    /// its monotonic time, how bright it was, and whether triggers went by it (bit 0) and began anew (bit 1). Looks from
    /// before this migration count as evidence.
    private static let replay = """
        CREATE TABLE run (id INTEGER PRIMARY KEY, started INTEGER NOT NULL, ended INTEGER) STRICT;
        ALTER TABLE look ADD COLUMN run_id INTEGER REFERENCES run (id);
        ALTER TABLE look ADD COLUMN elapsed INTEGER;
        ALTER TABLE look ADD COLUMN brightness INTEGER;
        ALTER TABLE look ADD COLUMN flags INTEGER NOT NULL DEFAULT 1;
        """

    /// What a look shows, in words and as a small picture. Looks that say the same share their words.
    private static let pictures = """
        CREATE TABLE wording (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        ALTER TABLE look ADD COLUMN wording_id INTEGER REFERENCES wording (id);
        CREATE TABLE thumbnail (
            look_id INTEGER PRIMARY KEY REFERENCES look (id) ON DELETE CASCADE,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            jpeg BLOB NOT NULL
        ) STRICT;
        """

    /// Triggers that were added while the daemon ran, as JSON; the file's are in the file.
    private static let additions = """
        CREATE TABLE addition (name TEXT PRIMARY KEY, definition TEXT NOT NULL, added INTEGER NOT NULL) STRICT;
        """

    /// What tells a journal from every other one, so that its sketch is not taken for another's.
    private static let identity = """
        CREATE TABLE identity (name TEXT NOT NULL) STRICT;
        INSERT INTO identity (name) VALUES (lower(hex(randomblob(16))));
        """

    /// The tables of messages and events anew, since SQLite cannot take a NOT NULL away: a message need not be of a
    /// camera, and an event of other triggers' states has no score. A loss keeps when it was told, which ended events, in
    /// which run, and after which look; `name` is what a changed prompt is called.
    ///
    /// No row may refer to what is dropped, since foreign keys are checked at once: checking them all at the end would
    /// read the whole journal.
    private static let messages = """
        CREATE TABLE newer_message (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 6),
            camera_id INTEGER REFERENCES camera (id),
            at INTEGER NOT NULL,
            reason TEXT,
            told INTEGER,
            run_id INTEGER REFERENCES run (id),
            look_id INTEGER,
            name TEXT
        ) STRICT;
        INSERT INTO newer_message (seq, kind, camera_id, at, reason) SELECT seq, kind, camera_id, at, reason FROM message;
        UPDATE sqlite_sequence SET seq = (SELECT max(seq) FROM sqlite_sequence WHERE name LIKE '%message')
        WHERE name = 'newer_message';
        INSERT INTO sqlite_sequence (name, seq) SELECT 'newer_message', seq FROM sqlite_sequence
        WHERE name = 'message' AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'newer_message');
        CREATE TEMP TABLE older_event AS SELECT * FROM event;
        DROP TABLE event;
        DROP TABLE message;
        ALTER TABLE newer_message RENAME TO message;
        CREATE TABLE event (
            id TEXT NOT NULL UNIQUE CHECK (length(id) = 26),
            rule_id INTEGER NOT NULL REFERENCES rule (id),
            camera_id INTEGER NOT NULL REFERENCES camera (id),
            frame INTEGER NOT NULL,
            crop INTEGER,
            started INTEGER NOT NULL,
            seq_started INTEGER NOT NULL UNIQUE REFERENCES message (seq),
            similarity REAL,
            probability REAL,
            margin REAL,
            rival_id INTEGER REFERENCES description (id),
            ended INTEGER,
            seq_ended INTEGER UNIQUE REFERENCES message (seq) CHECK (seq_ended > seq_started),
            reason TEXT,
            end_frame INTEGER,
            end_similarity REAL,
            end_probability REAL,
            end_margin REAL,
            end_rival_id INTEGER REFERENCES description (id),
            suppressed INTEGER NOT NULL DEFAULT 0,
            dry_run INTEGER NOT NULL DEFAULT 0,
            CHECK ((probability IS NULL) = (similarity IS NULL) AND (margin IS NULL) = (similarity IS NULL)
                AND (crop IS NULL) = (similarity IS NULL)),
            CHECK ((ended IS NULL) = (seq_ended IS NULL) AND (ended IS NULL) = (reason IS NULL))
        ) STRICT;
        INSERT INTO event (id, rule_id, camera_id, frame, crop, started, seq_started, similarity, probability, margin,
            rival_id, ended, seq_ended, reason, end_frame, end_similarity, end_probability, end_margin, end_rival_id)
        SELECT id, rule_id, camera_id, frame, crop, started, seq_started, similarity, probability, margin,
            rival_id, ended, seq_ended, reason, end_frame, end_similarity, end_probability, end_margin, end_rival_id
        FROM older_event ORDER BY seq_started;
        DROP TABLE older_event;
        CREATE INDEX event_by_rule ON event (rule_id, started);
        CREATE INDEX event_by_camera ON event (camera_id, started);
        CREATE INDEX event_open ON event (seq_started) WHERE seq_ended IS NULL;
        CREATE INDEX message_by_kind ON message (kind, camera_id) WHERE kind > 2;
        CREATE TRIGGER event_ends_once BEFORE UPDATE ON event WHEN OLD.seq_ended IS NOT NULL
        BEGIN
            SELECT RAISE(ABORT, 'the event has already ended');
        END;
        """

    /// How far the time by which things are too old has come, and the order in which events and messages get there.
    private static let retention = """
        CREATE TABLE retention (only INTEGER PRIMARY KEY CHECK (only = 1), clock INTEGER NOT NULL) STRICT;
        CREATE INDEX event_by_end ON event (ended) WHERE ended IS NOT NULL;
        CREATE INDEX message_by_time ON message (at) WHERE kind > 2;
        """

    /// The same views with columns added at their ends.
    private static let newerViews = """
        CREATE VIEW events AS
        SELECT event.id AS id, rule.name AS trigger, camera.name AS camera,
            \(text("event.started")) AS started, event.started AS started_ms,
            \(text("event.ended")) AS ended, event.ended AS ended_ms, event.reason AS reason,
            event.similarity AS similarity, event.probability AS probability, event.margin AS margin,
            rival.name AS rival, event.frame AS frame, event.crop AS crop,
            event.seq_started AS seq_started, event.seq_ended AS seq_ended,
            event.suppressed AS suppressed, event.dry_run AS dry_run
        FROM event
        JOIN rule ON rule.id = event.rule_id
        JOIN camera ON camera.id = event.camera_id
        LEFT JOIN description AS rival ON rival.id = event.rival_id;

        CREATE VIEW looks AS
        SELECT look.id AS id, camera.name AS camera, \(text("look.at")) AS at, look.at AS at_ms, look.frame AS frame,
            framing.name AS view, model.name AS model,
            (SELECT count(*) FROM crop WHERE crop.look_id = look.id) AS crops,
            look.brightness AS brightness, look.flags & 1 AS evidence, wording.name AS labels
        FROM look
        JOIN camera ON camera.id = look.camera_id
        JOIN framing ON framing.id = look.framing_id
        JOIN model ON model.id = look.model_id
        LEFT JOIN wording ON wording.id = look.wording_id;

        CREATE VIEW thumbnails AS
        SELECT thumbnail.look_id AS look, camera.name AS camera, \(text("look.at")) AS at, look.at AS at_ms,
            thumbnail.width AS width, thumbnail.height AS height, thumbnail.jpeg AS jpeg
        FROM thumbnail
        JOIN look ON look.id = thumbnail.look_id
        JOIN camera ON camera.id = look.camera_id;
        """

    /// An event says in a word which region of its camera's view carried it. The view of events once more, with that
    /// column at its end.
    private static let regions = """
        ALTER TABLE event ADD COLUMN region TEXT;
        DROP VIEW events;
        CREATE VIEW events AS
        SELECT event.id AS id, rule.name AS trigger, camera.name AS camera,
            \(text("event.started")) AS started, event.started AS started_ms,
            \(text("event.ended")) AS ended, event.ended AS ended_ms, event.reason AS reason,
            event.similarity AS similarity, event.probability AS probability, event.margin AS margin,
            rival.name AS rival, event.frame AS frame, event.crop AS crop,
            event.seq_started AS seq_started, event.seq_ended AS seq_ended,
            event.suppressed AS suppressed, event.dry_run AS dry_run, event.region AS region
        FROM event
        JOIN rule ON rule.id = event.rule_id
        JOIN camera ON camera.id = event.camera_id
        LEFT JOIN description AS rival ON rival.id = event.rival_id;
        """

    /// The text of a time, as on the socket: `2026-11-23T08:14:03.218Z`.
    private static func text(_ column: String) -> String {
        "strftime('%Y-%m-%dT%H:%M:%fZ', \(column) / 1000.0, 'unixepoch')"
    }

    private static let views = """
        CREATE VIEW events AS
        SELECT event.id AS id, rule.name AS trigger, camera.name AS camera,
            \(text("event.started")) AS started, event.started AS started_ms,
            \(text("event.ended")) AS ended, event.ended AS ended_ms, event.reason AS reason,
            event.similarity AS similarity, event.probability AS probability, event.margin AS margin,
            rival.name AS rival, event.frame AS frame, event.crop AS crop,
            event.seq_started AS seq_started, event.seq_ended AS seq_ended
        FROM event
        JOIN rule ON rule.id = event.rule_id
        JOIN camera ON camera.id = event.camera_id
        LEFT JOIN description AS rival ON rival.id = event.rival_id;

        CREATE VIEW looks AS
        SELECT look.id AS id, camera.name AS camera, \(text("look.at")) AS at, look.at AS at_ms, look.frame AS frame,
            framing.name AS view, model.name AS model,
            (SELECT count(*) FROM crop WHERE crop.look_id = look.id) AS crops
        FROM look
        JOIN camera ON camera.id = look.camera_id
        JOIN framing ON framing.id = look.framing_id
        JOIN model ON model.id = look.model_id;

        CREATE VIEW scores AS
        SELECT score.look_id AS look, camera.name AS camera, \(text("score.at")) AS at, score.at AS at_ms,
            rule.name AS trigger, score.crop AS crop, score.similarity AS similarity,
            score.probability AS probability, score.margin AS margin, rival.name AS rival
        FROM score
        JOIN look ON look.id = score.look_id
        JOIN camera ON camera.id = look.camera_id
        JOIN rule ON rule.id = score.rule_id
        LEFT JOIN description AS rival ON rival.id = score.rival_id;

        CREATE VIEW cameras AS
        SELECT name, \(text("first_ms")) AS first_seen, first_ms AS first_seen_ms,
            \(text("last_ms")) AS last_seen, last_ms AS last_seen_ms, looks
        FROM (
            SELECT camera.name AS name,
                (SELECT min(at) FROM look WHERE look.camera_id = camera.id) AS first_ms,
                (SELECT max(at) FROM look WHERE look.camera_id = camera.id) AS last_ms,
                (SELECT count(*) FROM look WHERE look.camera_id = camera.id) AS looks
            FROM camera
        );
        """
}
