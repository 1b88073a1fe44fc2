import Foundation
import Showing
import Testing

@Suite("Local time")
struct LocalTimeTests {
    private static let moment = Date(timeIntervalSince1970: 1_795_421_643)

    private func zone(_ name: String) throws -> TimeZone { try #require(TimeZone(identifier: name)) }

    @Test("a time is told as it is where somebody is, and is read as that again")
    func telling() throws {
        for (name, text) in [
            ("UTC", "2026-11-23T08:14:03Z"), ("Europe/Berlin", "2026-11-23T09:14:03+01:00"),
            ("America/New_York", "2026-11-23T03:14:03-05:00"), ("Asia/Kolkata", "2026-11-23T13:44:03+05:30"),
        ] {
            #expect(LocalTime.text(Self.moment, in: try zone(name)) == text)
            #expect(LocalTime.date(text, in: try zone("Asia/Tokyo")) == Self.moment)
        }
    }

    @Test("a time without a zone is one of the reader's, to the minute, the second or less")
    func reading() throws {
        let berlin = try zone("Europe/Berlin")
        for (text, offset) in [
            ("2026-11-23T09:14:03", 0), ("2026-11-23 09:14:03.218", 0.218), ("2026-11-23T09:14", -3),
            ("2026-11-23", -33_243), ("2026-11-23T08:14:03.5Z", 0.5), ("2026-11-23T10:14:03+0200", 0),
        ] {
            let found = try #require(LocalTime.date(text, in: berlin))
            #expect(abs(found.timeIntervalSince(Self.moment) - offset) < 1e-6, "\(text)")
        }
        #expect(LocalTime.date("2026-07-23T09:14:03", in: berlin) == LocalTime.date("2026-07-23T07:14:03Z"))
    }

    @Test(
        "what is no time is none",
        arguments: [
            "", "yesterday", "7d", "2026-13-01", "2026-02-30", "2026-11-23T24:00", "2026-11-23T09:60",
            "2026-11-23T9:14",
            "2026-11-23T09:14:60", "2026-11-23T09:14:03+25:00", "2026-11-23Z", "２０２６-11-23", "2026-11-23T",
            " 2026-11-23",
        ]
    )
    func refusing(text: String) {
        #expect(LocalTime.date(text, in: .gmt) == nil)
    }
}
