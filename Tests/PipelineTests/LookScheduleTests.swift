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

    @Test(
        "of a recording the frames nearest to the grid are looked at, and none too few or many, however it is rounded",
        arguments: [(10, 4), (10, 5), (10, 10), (6, 6), (7, 7), (30, 4), (25, 3), (3, 10), (30, 15), (12, 6)]
    )
    func recording(frames: Int, looks: Int) {
        let rounded = { (count: Int, rate: Int) in
            Duration.nanoseconds(Int64((Double(count) * 1e9 / Double(rate)).rounded()))
        }
        let period = rounded(1, frames)
        var schedule = LookSchedule(interval: rounded(1, looks), from: .zero)
        var count = 0
        let seconds = 5000
        for frame in 0..<(seconds * frames) {
            let time = rounded(frame, frames)
            guard schedule.isDue(at: time, framesEvery: period) else { continue }
            #expect(looks > frames || (time - schedule.due) <= period / 2 + .microseconds(10))
            schedule.looked(at: time)
            count += 1
        }
        #expect(abs(count - seconds * min(frames, looks)) <= 1)
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
