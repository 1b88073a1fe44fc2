import Foundation

/// A journal as the first version of the schema made it, to the letter: it is on people's disks, and never changes.
enum FirstVersion {
    /// An empty one.
    static let schema = """
        PRAGMA application_id = 1399025239;
        CREATE TABLE camera (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE model (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE framing (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE rule (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE description (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
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
        CREATE VIEW events AS
        SELECT event.id AS id, rule.name AS trigger, camera.name AS camera,
            strftime('%Y-%m-%dT%H:%M:%fZ', event.started / 1000.0, 'unixepoch') AS started, event.started AS started_ms,
            strftime('%Y-%m-%dT%H:%M:%fZ', event.ended / 1000.0, 'unixepoch') AS ended, event.ended AS ended_ms, event.reason AS reason,
            event.similarity AS similarity, event.probability AS probability, event.margin AS margin,
            rival.name AS rival, event.frame AS frame, event.crop AS crop,
            event.seq_started AS seq_started, event.seq_ended AS seq_ended
        FROM event
        JOIN rule ON rule.id = event.rule_id
        JOIN camera ON camera.id = event.camera_id
        LEFT JOIN description AS rival ON rival.id = event.rival_id;

        CREATE VIEW looks AS
        SELECT look.id AS id, camera.name AS camera, strftime('%Y-%m-%dT%H:%M:%fZ', look.at / 1000.0, 'unixepoch') AS at, look.at AS at_ms, look.frame AS frame,
            framing.name AS view, model.name AS model,
            (SELECT count(*) FROM crop WHERE crop.look_id = look.id) AS crops
        FROM look
        JOIN camera ON camera.id = look.camera_id
        JOIN framing ON framing.id = look.framing_id
        JOIN model ON model.id = look.model_id;

        CREATE VIEW scores AS
        SELECT score.look_id AS look, camera.name AS camera, strftime('%Y-%m-%dT%H:%M:%fZ', score.at / 1000.0, 'unixepoch') AS at, score.at AS at_ms,
            rule.name AS trigger, score.crop AS crop, score.similarity AS similarity,
            score.probability AS probability, score.margin AS margin, rival.name AS rival
        FROM score
        JOIN look ON look.id = score.look_id
        JOIN camera ON camera.id = look.camera_id
        JOIN rule ON rule.id = score.rule_id
        LEFT JOIN description AS rival ON rival.id = score.rival_id;

        CREATE VIEW cameras AS
        SELECT name, strftime('%Y-%m-%dT%H:%M:%fZ', first_ms / 1000.0, 'unixepoch') AS first_seen, first_ms AS first_seen_ms,
            strftime('%Y-%m-%dT%H:%M:%fZ', last_ms / 1000.0, 'unixepoch') AS last_seen, last_ms AS last_seen_ms, looks
        FROM (
            SELECT camera.name AS name,
                (SELECT min(at) FROM look WHERE look.camera_id = camera.id) AS first_ms,
                (SELECT max(at) FROM look WHERE look.camera_id = camera.id) AS last_ms,
                (SELECT count(*) FROM look WHERE look.camera_id = camera.id) AS looks
            FROM camera
        );
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
        INSERT INTO grdb_migrations VALUES ('v1');
        """

    /// Looks of two cameras, an event that has ended and one that was open when the daemon died, cameras' ups and downs;
    /// and a number that was given to a message which is there no more.
    static let content = """
        INSERT INTO camera (name) VALUES ('front-door'), ('yard');
        INSERT INTO model (name) VALUES ('0123456789ab/f32/1');
        INSERT INTO framing (name) VALUES ('full');
        INSERT INTO rule (name) VALUES ('parcel-left');
        INSERT INTO description (name) VALUES ('an empty doorstep');
        INSERT INTO look (camera_id, at, frame, framing_id, model_id)
        VALUES (1, 1000, 9, 1, 1), (2, 2000, 5, 1, 1), (1, 3000, 19, 1, 1);
        INSERT INTO crop VALUES (1, 0, 0, 0, 720, x'003c0000'), (1, 1, 560, 0, 720, x'0000003c'),
            (2, 0, 0, 0, 720, x'003c0000'), (3, 0, 0, 0, 720, x'0000003c');
        INSERT INTO score VALUES (1, 1, 0, 1000, 0.27, 0.9, 0.04, 1), (1, 1, 1, 1000, 0.1, 0.2, -0.1, NULL),
            (2, 1, 0, 2000, 0.3, 0.95, 0.05, 1), (3, 1, 0, 3000, 0.1, 0.2, -0.1, 1);
        INSERT INTO message VALUES (1, 4, 1, 900, 'found'), (2, 1, 1, 1000, NULL), (3, 2, 1, 1500, NULL),
            (4, 1, 2, 2000, NULL), (5, 3, 1, 3100, 'unplugged'), (9, 4, 1, 3200, 'gone');
        DELETE FROM message WHERE seq = 9;
        INSERT INTO event VALUES ('01ARZ3NDEKTSV4RRFFQ69G5FAV', 1, 1, 9, 0, 1000, 2, 0.27, 0.9, 0.04, 1,
            1500, 3, 'cleared', 10, 0.1, 0.2, -0.1, NULL);
        INSERT INTO event VALUES ('01ARZ3NDEKTSV4RRFFQ69G5FAW', 1, 2, 5, 0, 2000, 4, 0.3, 0.95, 0.05, 1,
            NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
        """
}
