import Configuration
import Testing

@Suite struct JournalProblemTests {
    @Test(arguments: [
        Wrong.top("journal: {keep: []}", "3:17: `keep` must be text, not a list"),
        .top("journal: {keep: 30}", "3:17: `keep`: `30` needs a unit: ms, s, m, h or d, as in `2s`"),
        .top("journal: {keep: 59s}", "3:17: `keep` must be at least 1m, or `forever`, not `59s`"),
        .top("journal: {keep: 400d}", "3:17: `keep`: `400d` is longer than 365 days"),
        .top(
            "journal: {keep: 7d, keep-thumbnails: 8d}",
            "3:38: `keep-thumbnails` must be at most `keep`, 7d: a thumbnail goes with its look, not `8d`"
        ),
        .top(
            "journal: {keep: 90m, keep-thumbnails: forever}",
            "3:39: `keep-thumbnails` must be at most `keep`, 90m: a thumbnail goes with its look, not `forever`"
        ),
        .top(
            "journal: {keep-events: 29d}",
            "3:24: `keep-events` must be at least `keep`, 30d: looks are judged again by what was told of their cameras, "
                + "not `29d`"
        ),
        .top(
            "journal: {keep: forever, keep-events: 365d}",
            "3:39: `keep-events` must be at least `keep`, forever: looks are judged again by what was told of their "
                + "cameras, not `365d`"
        ),
        .top("journal: {limit: 10}", "3:18: `limit`: `10` needs a unit: MB, GB or TB, as in `10GB`"),
        .top("journal: {limit: 999kB}", "3:18: `limit` must be at least 1MB, or `none`, not `999kB`"),
        .top("journal: {thumbnails: some}", "3:23: `thumbnails` must be `none`, `events` or `all`, not `some`"),
        .top("journal: {kept: 1d}", "3:11: unknown key `kept` in `journal`; did you mean `keep`?"),
    ])
    func problems(_ wrong: Wrong) { wrong.check() }

    private func journal(_ text: String) throws -> JournalSettings {
        try parse(topYAML("journal: {path: /j.db\(text)}")).journal
    }

    @Test func defaults() throws {
        let day = Duration.seconds(86_400)
        let standard = try journal("")
        #expect(standard == JournalSettings(path: "/j.db"))
        #expect(standard.keep == day * 30 && standard.keepThumbnails == day * 30 && standard.keepEvents == day * 365)
        #expect(standard.limit == 10_000_000_000 && standard.thumbnails == .events)
    }

    @Test func thumbnailsAndEventsFollowLooks() throws {
        let short = try journal(", keep: 2h")
        #expect(short.keepThumbnails == .seconds(7200) && short.keepEvents == .seconds(365 * 86_400))
        let endless = try journal(", keep: forever")
        #expect(endless.keep == nil && endless.keepThumbnails == nil && endless.keepEvents == nil)
    }

    @Test func everything() throws {
        #expect(
            try journal(", keep: 7d, keep-thumbnails: 1d, keep-events: forever, limit: none, thumbnails: all")
                == JournalSettings(
                    path: "/j.db",
                    keep: .seconds(7 * 86_400),
                    keepThumbnails: .seconds(86_400),
                    keepEvents: nil,
                    limit: nil,
                    thumbnails: .all
                )
        )
    }
}
