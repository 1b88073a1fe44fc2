import Foundation
import Showing
import Testing

@Suite("A diary's lines")
struct DiaryRowTests {
    /// 08:00 on 23 November 2026, UTC.
    private static let eight = Date(timeIntervalSince1970: 1_795_420_800)

    /// Minutes after eight.
    private func entry(
        _ words: String,
        _ from: Double,
        _ until: Double,
        _ kind: DiaryEntry.Kind = .seen,
        camera: String = "drive"
    ) -> DiaryEntry {
        DiaryEntry(
            camera: camera,
            kind: kind,
            words: words,
            from: Self.eight + from * 60,
            until: Self.eight + until * 60
        )
    }

    private func text(_ entries: [DiaryEntry], columns: Int? = nil) -> [String] {
        let rows = DiaryRow.rows(of: entries)
        let zone = TimeZone(secondsFromGMT: 0) ?? .gmt
        return DiaryText(rows, in: zone).text(of: rows, columns: columns).split(separator: "\n").map(String.init)
    }

    @Test("what is there together shares a line, what comes and goes stands behind it")
    func together() {
        let lines = text([
            entry("a person with an umbrella", 9.1, 9.6), entry("a parked car", 2, 14), entry("rain", 2.2, 14.3),
        ])
        #expect(lines == ["2026-11-23", "08:02–08:14 drive: a parked car, rain; a person with an umbrella 08:09"])
    }

    @Test("more than three that come and go have lines of their own, in the order of time")
    func many() {
        let visits: [DiaryEntry] = (0..<4).map { (number: Int) in
            let from = Double(number) * 10 + 5
            return entry("a person", from, from + 2)
        }
        let lines = text([entry("a street", 0, 60)] + visits)
        #expect(lines.count == 6 && lines[1] == "08:00–09:00 drive: a street")
        #expect(lines[2] == "08:05–08:07 drive: a person" && lines[5] == "08:35–08:37 drive: a person")
        #expect(text([entry("a street", 0, 60)] + visits.prefix(3)).count == 2)
    }

    @Test("it stands behind the shortest that holds it, and never behind what is not seen or half as long")
    func holders() {
        #expect(
            text([entry("a street", 0, 60), entry("rain", 10, 30), entry("a dog", 12, 13)]) == [
                "2026-11-23", "08:00–09:00 drive: a street", "08:10–08:30 drive: rain; a dog 08:12–08:13",
            ]
        )
        #expect(text([entry("a street", 0, 60), entry("rain", 10, 45)]).count == 3)
        #expect(text([entry("nothing was looked at", 0, 60, .unseen), entry("a dog", 12, 13)]).count == 3)
        #expect(text([entry("a street", 0, 60), entry("nothing was looked at", 12, 13, .unseen)]).count == 3)
        let event = text([entry("a street", 0, 60), entry("event parcel-left", 12, 13, .event)])
        #expect(event.last == "08:00–09:00 drive: a street; event parcel-left 08:12–08:13")
    }

    @Test("cameras do not mix")
    func cameras() {
        let lines = text([entry("a street", 0, 60), entry("a dog", 5, 6, camera: "yard"), entry("a cat", 5, 6)])
        #expect(lines.dropFirst() == ["08:00–09:00 drive: a street; a cat 08:05–08:06", "08:05–08:06 yard: a dog"])
    }

    @Test("days have headings, seconds are told of a few minutes, and long lines are broken")
    func days() {
        #expect(
            text([entry("night", 900, 1500), entry("rain", 2000, 2001)]) == [
                "2026-11-23", "23:00–2026-11-24 09:00 drive: night", "2026-11-24", "17:20–17:21 drive: rain",
            ]
        )
        #expect(text([entry("rain", 0, 9.5)]).last == "08:00:00–08:09:30 drive: rain")
        #expect(text([entry("rain", 3, 3)]).last == "08:03:00 drive: rain")
        let broken = text([entry("a parked car", 0, 60), entry("heavy rain", 0, 60)], columns: 30)
        #expect(broken.dropFirst() == ["08:00–09:00 drive: a parked", "    car, heavy rain"])
        #expect(text([]).isEmpty)
    }

    @Test("what a terminal would act on is not printed")
    func control() {
        #expect(text([entry("a \u{1B}[31mcar", 0, 60)]).last?.contains("\u{1B}") == false)
    }
}
