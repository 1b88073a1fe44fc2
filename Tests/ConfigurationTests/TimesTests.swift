import Configuration
import Testing

@Suite struct TimesTests {
    @Test(arguments: [
        ("0s", Duration.zero), ("0ms", .zero), ("500ms", .milliseconds(500)), ("2s", .seconds(2)),
        ("0.5s", .milliseconds(500)), ("0.001ms", .microseconds(1)), ("1.5m", .seconds(90)), ("12h", .seconds(43_200)),
        ("7d", .seconds(604_800)), ("365d", .seconds(31_536_000)), ("0.125d", .seconds(10_800)),
        (" 3s ", .seconds(3)), ("31536000000ms", .seconds(31_536_000)),
    ])
    func durations(_ text: String, _ expected: Duration) throws {
        #expect(try Duration(parsing: text) == expected)
    }

    @Test(arguments: [
        "", "s", "5", "5x", "5 s", "-1s", "+1s", "1e3s", ".5s", "5.s", "1.2.3s", "0.0001s", "1h30m", "٣s", "1S",
        "365.001d", "31536000001ms", "99999999999999999999d", "9223372036854775807s", "9223372036854775808s",
    ])
    func wrongDurations(_ text: String) {
        #expect(throws: InvalidValue.self) { try Duration(parsing: text) }
    }

    @Test(arguments: [
        ("4/s", 4.0, Duration.milliseconds(250)), ("10/min", 10.0 / 60, .seconds(6)),
        ("6/h", 6.0 / 3600, .seconds(600)),
        ("0.5/s", 0.5, .seconds(2)), ("60/s", 60, .nanoseconds(16_666_667)), ("3600/min", 60, .nanoseconds(16_666_667)),
        ("0.25/h", 0.25 / 3600, .seconds(14_400)),
    ])
    func lookRates(_ text: String, _ perSecond: Double, _ interval: Duration) throws {
        let rate = try LookRate(parsing: text)
        #expect(rate.perSecond == perSecond)
        #expect(rate.interval == interval)
    }

    @Test(arguments: [
        "", "/", "4", "4/", "/s", "4/d", "4/s/s", "0/s", "-4/s", "60.001/s", "3601/min", "nan/s", "inf/s", "1e-300/s",
    ])
    func wrongLookRates(_ text: String) {
        #expect(throws: InvalidValue.self) { try LookRate(parsing: text) }
    }

    @Test func theSlowestRateHasAnInterval() throws {
        #expect(try LookRate(perSecond: LookRate.slowest).interval == Duration.longestSetting)
    }
}
