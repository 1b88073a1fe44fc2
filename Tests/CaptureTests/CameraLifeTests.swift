import Capture
import TestSupport
import Testing

@Suite struct CameraLifeTests {
    /// A life and its clock, in milliseconds.
    private struct Course {
        var life = CameraLife()
        var notices: [CameraNotice] = []

        @discardableResult
        mutating func happens(_ event: CameraLife.Event, at milliseconds: Int) -> CameraLife.Step {
            let (step, notice) = life.handle(event, at: .milliseconds(milliseconds))
            if let notice { notices.append(notice) }
            return step
        }
    }

    @Test func opensStreamsAndStops() {
        var course = Course()
        #expect(course.life.state == .closed)
        #expect(course.happens(.started, at: 0) == .open)
        #expect(course.life.state == .opening)
        #expect(course.happens(.frame("a camera"), at: 30) == .carryOn)
        #expect(course.happens(.frame("a camera"), at: 60) == .carryOn)
        #expect(course.life.state == .streaming)
        #expect(course.notices == [.opened("a camera")])
        #expect(course.happens(.stopped, at: 90) == .finish)
        #expect(course.life.state == .closed)
        #expect(course.happens(.started, at: 100) == .open)
    }

    @Test func waitsLongerEachTimeAndTellsEachReasonOnce() {
        var course = Course()
        course.happens(.started, at: 0)
        #expect(course.happens(.failed("gone"), at: 0) == .wait(until: .milliseconds(250)))
        #expect(course.life.state == .lost("gone"))
        #expect(course.happens(.due, at: 250) == .open)
        #expect(course.happens(.failed("gone"), at: 260) == .wait(until: .milliseconds(760)))
        #expect(course.happens(.due, at: 760) == .open)
        #expect(course.happens(.failed("busy"), at: 770) == .wait(until: .milliseconds(1770)))
        #expect(
            course.notices == [
                .lost(reason: "gone", retryIn: .milliseconds(250)), .lost(reason: "busy", retryIn: .seconds(1)),
            ]
        )
        course.happens(.due, at: 1770)
        course.happens(.frame("x"), at: 1800)
        // The delay grows on until there were frames for 10 s; the reason is news again.
        #expect(course.happens(.failed("gone"), at: 1900) == .wait(until: .milliseconds(3900)))
        #expect(course.notices.last == .lost(reason: "gone", retryIn: .seconds(2)))
    }

    @Test func aDeviceThatComesIsTriedAtOnceButNotTwiceInAMoment() {
        var course = Course()
        course.happens(.started, at: 0)
        for (now, delay) in [(0, 250), (1000, 500), (2000, 1000), (4000, 2000)] {
            let step = course.happens(.failed("gone"), at: now)
            #expect(step == .wait(until: .milliseconds(now + delay)))
            course.happens(.due, at: now + delay)
        }
        // Opened at 6000.
        #expect(course.happens(.failed("gone"), at: 6010) == .wait(until: .milliseconds(10_010)))
        #expect(course.happens(.devicesChanged, at: 6020) == .wait(until: .milliseconds(6250)))
        #expect(course.happens(.devicesChanged, at: 6240) == .wait(until: .milliseconds(6250)))
        #expect(course.happens(.due, at: 6250) == .open)
        // What had been tried before counts no more: the device may not be ready the first time.
        #expect(course.happens(.failed("gone"), at: 6260) == .wait(until: .milliseconds(6510)))
        #expect(course.happens(.devicesChanged, at: 6505) == .wait(until: .milliseconds(6505)))
    }

    @Test func aDeviceThatIsLetGoOfIsTriedSoon() {
        var course = Course()
        course.happens(.started, at: 0)
        for now in [0, 1000, 2000, 4000, 8000, 16_000] {
            course.happens(.failed("busy"), at: now)
            course.happens(.due, at: now)
        }
        #expect(course.happens(.failed("busy"), at: 16_010) == .wait(until: .milliseconds(26_010)))
        #expect(course.happens(.deviceFreed, at: 16_500) == .wait(until: .seconds(18)))
        #expect(course.happens(.deviceFreed, at: 20_000) == .wait(until: .seconds(18)))
    }

    @Test func theReasonThatHoldsNowIsKnownThoughItWasToldBefore() {
        var course = Course()
        course.happens(.started, at: 0)
        for reason in ["silent", "busy", "busy", "silent", "silent"] {
            course.happens(.failed(reason), at: 0)
            course.happens(.due, at: 0)
        }
        #expect(
            course.notices == [
                .lost(reason: "silent", retryIn: .milliseconds(250)),
                .lost(reason: "busy", retryIn: .milliseconds(500)), .lostAgain(reason: "silent"),
            ]
        )
    }

    @Test func troubleDegradesUntilThereWasNoneForAWhile() {
        var course = Course()
        course.happens(.started, at: 0)
        course.happens(.frame("x"), at: 0)
        #expect(course.happens(.amiss("no picture"), at: 1000) == .carryOn)
        #expect(course.life.state == .degraded("no picture"))
        course.happens(.amiss("no picture"), at: 2000)
        course.happens(.frame("x"), at: 13_999)
        #expect(course.life.state == .degraded("no picture"))
        course.happens(.amiss("damage"), at: 14_000)
        course.happens(.frame("x"), at: 26_000)
        #expect(course.life.state == .streaming)
        #expect(course.notices == [.opened("x"), .degraded("no picture"), .degraded("damage"), .recovered])
        // Before the first frame it is a complaint: the camera never streamed.
        var young = Course()
        young.happens(.started, at: 0)
        young.happens(.amiss("no picture"), at: 5)
        #expect(young.life.state == .opening)
        #expect(young.notices == [.complaint("no picture")])
    }

    @Test func anEndIsForGood() {
        var course = Course()
        course.happens(.started, at: 0)
        course.happens(.frame("x"), at: 0)
        #expect(course.happens(.ended("over"), at: 10) == .finish)
        #expect(course.life.state == .ended("over"))
        for event in [CameraLife.Event.started, .frame("x"), .failed("y"), .due, .devicesChanged, .stopped] {
            #expect(course.happens(event, at: 20) == .finish)
        }
        #expect(course.life.state == .ended("over"))
        #expect(course.notices == [.opened("x"), .ended("over")])
    }

    @Test func reasonsWithoutEndAreNotToldWithoutEnd() {
        var course = Course()
        course.happens(.started, at: 0)
        for number in 0..<1000 {
            course.happens(.failed("reason \(number)"), at: number)
            course.happens(.due, at: number)
        }
        let told = course.notices.count { if case .lost = $0 { true } else { false } }
        #expect(told == 100)
    }

    /// Whatever happens in whatever order: it never hangs without a deadline, and lost and opened alternate but for
    /// further reasons.
    @Test func anyOrderOfEventsMakesSense() {
        var random = SplitMix(state: 7)
        let events: [CameraLife.Event] = [
            .started, .frame("x"), .amiss("a"), .amiss("b"), .failed("r"), .failed("s"), .due, .devicesChanged,
            .deviceFreed,
        ]
        for _ in 0..<2000 {
            var course = Course()
            course.happens(.started, at: 0)
            var now = 0
            for _ in 0..<60 {
                now += Int.random(in: 0...3000, using: &random)
                let event = events[Int.random(in: 0..<events.count, using: &random)]
                let step = course.happens(event, at: now)
                switch course.life.state {
                case .lost:
                    guard case .wait(let deadline) = step else {
                        Issue.record("lost and not waiting: \(step)")
                        return
                    }
                    #expect(deadline <= .milliseconds(now) + .seconds(10))
                case .opening, .streaming, .degraded:
                    #expect(step == .open || step == .carryOn)
                case .closed, .ended:
                    Issue.record("\(course.life.state)")
                }
            }
            var isOpen = false
            for notice in course.notices {
                switch notice {
                case .opened:
                    #expect(!isOpen)
                    isOpen = true
                case .lost, .lostAgain: isOpen = false
                case .degraded, .recovered: #expect(isOpen)
                case .complaint, .ended: break
                }
            }
        }
    }
}
