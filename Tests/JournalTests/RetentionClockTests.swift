import Foundation
import Journal
import Testing

@Suite("Retention clock")
struct RetentionClockTests {
    private let day = 86_400.0

    @Test("it goes with the wall clock")
    func ordinary() {
        var clock = RetentionClock(stored: nil, newestLook: nil, wall: noon)
        for second in 0..<100 {
            let wall = noon + Double(second)
            #expect(clock.advance(by: .seconds(second == 0 ? 0 : 1), wall: wall) == wall)
        }
    }

    @Test("a wall clock that jumps ahead by a year ages things by a day an hour")
    func ahead() {
        var clock = RetentionClock(stored: noon, newestLook: nil, wall: noon)
        #expect(clock.advance(by: .zero, wall: noon + 365 * day) == noon)
        #expect(clock.advance(by: .seconds(3600), wall: noon + 365 * day) == noon + day)
        // It is set right: at once it is now, and then goes on as before once that has caught up.
        #expect(clock.advance(by: .seconds(60), wall: noon + 3660) == noon + 3660)
        #expect(clock.time == noon + day)
        #expect(clock.advance(by: .seconds(day), wall: noon + 3660 + day) == noon + 3660 + day)
    }

    @Test("a wall clock that is set back is believed at once, and later too")
    func back() {
        var clock = RetentionClock(stored: noon, newestLook: nil, wall: noon)
        #expect(clock.advance(by: .seconds(1), wall: noon - 365 * day) == noon - 365 * day)
        #expect(clock.advance(by: .seconds(1), wall: noon + 2) == noon + 2)
    }

    @Test("after two months switched off it has caught up within three days")
    func pause() {
        var clock = RetentionClock(stored: noon, newestLook: noon, wall: noon + 60 * day)
        #expect(clock.advance(by: .zero, wall: noon + 60 * day) == noon)
        var hours = 0.0
        while clock.time < noon + 60 * day + hours * 3600 {
            hours += 1
            _ = clock.advance(by: .seconds(3600), wall: noon + 60 * day + hours * 3600)
        }
        #expect(hours < 72)
    }

    @Test("a start in 1970 costs no years: nothing is older than this version")
    func epoch() {
        let epoch = Date(timeIntervalSince1970: 10)
        var clock = RetentionClock(stored: nil, newestLook: nil, wall: epoch)
        #expect(clock.advance(by: .seconds(5), wall: epoch + 5) == epoch + 5)
        #expect(clock.time == RetentionClock.earliest)
    }

    @Test("what was kept counts, then the newest look, then the wall clock")
    func beginnings() {
        #expect(RetentionClock(stored: noon, newestLook: noon + 5, wall: noon + 9).time == noon)
        #expect(RetentionClock(stored: nil, newestLook: noon + 5, wall: noon + 9).time == noon + 5)
        #expect(RetentionClock(stored: nil, newestLook: nil, wall: noon + 9).time == noon + 9)
    }

    @Test("monotonic time that goes back does no harm")
    func monotonic() {
        var clock = RetentionClock(stored: noon, newestLook: nil, wall: noon)
        #expect(clock.advance(by: .seconds(-100), wall: noon + 100) == noon)
    }
}
