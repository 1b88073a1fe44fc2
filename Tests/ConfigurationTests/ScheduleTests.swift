import Configuration
import Foundation
import Testing

@Suite struct ScheduleTests {
    private func schedule(_ yaml: String) throws -> Schedule {
        try #require(try parse(triggerYAML("schedule: \(yaml)")).triggers[0].schedule)
    }

    private func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    @Test func readsDaysAndTimes() throws {
        let week = try schedule(#"{ days: mon-fri, between: "08:00-18:00", zone: UTC }"#)
        let days: Set<Schedule.Day> = [.mon, .tue, .wed, .thu, .fri]
        #expect(week.windows == [Schedule.Window(days: days, from: 28_800, to: 64_800)])
        #expect(try schedule(#"{ days: "sat, sun" }"#).windows[0].days == [.sat, .sun])
        #expect(try schedule("{ days: [fri-mon, Wed] }").windows[0].days == [.fri, .sat, .sun, .mon, .wed])
        #expect(try schedule(#"{ between: ["00:00-01:00", "22:00-24:00"] }"#).windows.map(\.to) == [3600, 86_400])
        #expect(try schedule(#"{ between: "22:00-00:00" }"#) == schedule(#"{ between: "22:00-24:00" }"#))
        #expect(try schedule(#"[{ days: mon }, { days: tue, between: "01:00-02:00" }]"#).windows.count == 2)
        #expect(try parse(triggerYAML("hold: 1s")).triggers[0].schedule == nil)
    }

    @Test func knowsTheDayAndTheTimeOfAZone() throws {
        let berlin = try schedule(#"{ days: mon-fri, between: "08:00-18:00", zone: Europe/Berlin }"#)
        // 2026-11-23 is a Monday; Berlin is an hour ahead of UTC in winter, two in summer.
        #expect(try !berlin.contains(date("2026-11-23T06:59:59Z")))
        #expect(try berlin.contains(date("2026-11-23T07:00:00Z")))
        #expect(try berlin.contains(date("2026-11-23T16:59:59Z")))
        #expect(try !berlin.contains(date("2026-11-23T17:00:00Z")))
        #expect(try !berlin.contains(date("2026-11-22T12:00:00Z")))
        #expect(try berlin.contains(date("2026-07-20T06:00:00Z")))
        #expect(try !berlin.contains(date("2026-07-20T16:00:00Z")))
        #expect(try berlin.contains(date("1969-12-29T07:00:00Z")))
    }

    @Test func goesPastMidnight() throws {
        let nights = try schedule(#"{ days: fri, between: "22:00-06:00", zone: UTC }"#)
        #expect(try !nights.contains(date("2026-11-27T21:59:59Z")))
        #expect(try nights.contains(date("2026-11-27T22:00:00Z")))
        #expect(try nights.contains(date("2026-11-28T05:59:59Z")))
        #expect(try !nights.contains(date("2026-11-28T06:00:00Z")))
        #expect(try !nights.contains(date("2026-11-27T03:00:00Z")))
        #expect(try !nights.contains(date("2026-11-28T22:00:00Z")))
    }

    @Test("an hour that is skipped in spring is nobody's, one that comes twice in autumn is watched twice")
    func daylightSaving() throws {
        let hour = try schedule(#"{ between: "02:00-03:00", zone: Europe/Berlin }"#)
        let minutes = { (from: String) in
            let start = try date(from)
            return (0..<1440).count { hour.contains(start + Double($0 * 60)) }
        }
        #expect(try minutes("2026-03-28T23:00:00Z") == 0)
        #expect(try minutes("2026-10-24T22:00:00Z") == 120)
        #expect(try minutes("2026-06-01T22:00:00Z") == 60)
        let night = try schedule(#"{ between: "22:00-06:00", zone: America/New_York }"#)
        #expect(try night.contains(date("2026-03-08T09:59:00Z")))
        #expect(try !night.contains(date("2026-03-08T10:00:00Z")))
        #expect(try night.contains(date("2026-11-01T10:59:00Z")))
        #expect(try !night.contains(date("2026-11-01T11:00:00Z")))
    }

    @Test(arguments: [
        Wrong.trigger(
            "schedule: always",
            "6:15: `schedule` must be a mapping such as `{ days: mon-fri, between: \"08:00-18:00\" }`, or a list of them, "
                + "not `always`"
        ),
        .trigger("schedule: []", "6:15: `schedule` is empty; leave it out to watch always"),
        .trigger("schedule: {}", "6:15: `schedule` needs `days`, `between` or both"),
        .trigger("schedule: { zone: UTC }", "6:15: `schedule` needs `days`, `between` or both"),
        .trigger(
            "schedule: { days: someday }",
            "6:23: `days`: `someday` is not days such as `mon-fri` or `sat, sun`; there are mon, tue, wed, thu, fri, sat, sun"
        ),
        .trigger(
            "schedule: { days: mon-tue-wed }",
            "6:23: `days`: `mon-tue-wed` is not days such as `mon-fri` or `sat, sun`; there are mon, tue, wed, thu, fri, "
                + "sat, sun"
        ),
        .trigger(
            "schedule: { between: 8-18 }",
            "6:26: `between`: `8-18` is not a part of the day such as `08:00-18:00` or `22:00-06:00`"
        ),
        .trigger(
            "schedule: { between: \"24:00-06:00\" }",
            "6:26: `between`: `24:00-06:00` is not a part of the day such as `08:00-18:00` or `22:00-06:00`"
        ),
        .trigger(
            "schedule: { between: \"08:00-08:00\" }",
            "6:26: `between`: `08:00-08:00` begins where it ends; the whole day is `00:00-24:00`"
        ),
        .trigger(
            "schedule: { between: \"00:00-00:00\" }",
            "6:26: `between`: `00:00-00:00` begins where it ends; the whole day is `00:00-24:00`"
        ),
        .trigger(
            "schedule: { days: mon, zone: Mars/Base }",
            "6:34: `zone` must be a time zone such as `Europe/Berlin` or `UTC`, not `Mars/Base`"
        ),
        .trigger(
            "schedule: [{ days: mon, zone: UTC }, { days: tue }]",
            "6:42: all parts of one `schedule` have the same `zone`"
        ),
        .trigger(
            "schedule: { day: mon, between: \"08:00-09:00\" }",
            "6:17: unknown key `day` in `schedule`; did you mean `days`?"
        ),
    ])
    func problems(_ wrong: Wrong) { wrong.check() }
}
