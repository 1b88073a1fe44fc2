import Pipeline
import Testing

@Suite("Look schedule")
struct LookScheduleTests {
    @Test("looks keep to the grid, however late frames are within it", arguments: [0, 30, 60, 90, 120, 240])
    func grid(lateness: Int) {
        var schedule = LookSchedule(interval: .milliseconds(250), from: .seconds(7))
        for index in 0..<100 {
            let due = Duration.seconds(7) + .milliseconds(250) * index
            #expect(schedule.due == due)
            #expect(!schedule.isDue(at: due - .nanoseconds(1)))
            #expect(schedule.isDue(at: due))
            schedule.looked(at: due + .milliseconds(index % 2 == 0 ? lateness : 0))
        }
    }

    @Test("a camera of 12.5 frames a second is looked at four times a second")
    func frames() {
        var schedule = LookSchedule(interval: .milliseconds(250), from: .zero)
        var looks = 0
        for frame in 0..<1250 where schedule.isDue(at: .milliseconds(80) * frame) {
            looks += 1
            schedule.looked(at: .milliseconds(80) * frame)
        }
        #expect((399...401).contains(looks))
    }

    @Test("after a pause the grid starts anew: nothing is caught up", arguments: [250, 251, 1000, 86_400_000])
    func pause(milliseconds: Int) {
        var schedule = LookSchedule(interval: .milliseconds(250), from: .zero)
        let now = Duration.milliseconds(milliseconds)
        schedule.looked(at: now)
        #expect(schedule.due == now + .milliseconds(250))
        #expect(!schedule.isDue(at: now))
    }

    @Test("a camera that is faster than its looks is never looked at twice in less than half an interval")
    func neverTwice() {
        var schedule = LookSchedule(interval: .milliseconds(100), from: .zero)
        var last: Duration?
        for tick in 0..<100_000 {
            // Stalls of up to 99 ms, at moments that drift against the grid.
            let now = Duration.milliseconds(tick + (tick / 500 % 3 == 0 ? 99 : 0))
            guard schedule.isDue(at: now), now >= last ?? .zero else { continue }
            if let last { #expect(now - last > .zero) }
            schedule.looked(at: now)
            #expect(schedule.due > now)
            last = now
        }
        #expect(last ?? .zero > .seconds(99))
    }
}
