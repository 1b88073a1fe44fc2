import EventSocket
import Testing

@Suite struct SubscriptionFilterTests {
    private let event = Sample.started(1)
    private let lost = EventLine.cameraLost(seq: 2, camera: "front-door", at: Sample.time, reason: "gone")
    private let reloaded = EventLine.daemonReloaded(seq: 3, at: Sample.time)

    @Test func withoutFiltersEverythingPasses() {
        let filter = SubscriptionFilter()
        for line in [event, lost, reloaded] { #expect(filter.admits(line)) }
        for state in Sample.states { #expect(filter.admits(state)) }
    }

    @Test func triggersWantATrigger() {
        let filter = SubscriptionFilter(triggers: ["parcel-left"])
        #expect(filter.admits(event))
        #expect(!filter.admits(lost))
        #expect(!filter.admits(reloaded))
        #expect(!filter.admits(Sample.started(1, trigger: "gate-open")))
        #expect(Sample.states.filter { filter.admits($0) }.map(\.camera) == ["front-door", "back-door"])
    }

    @Test func camerasWantACamera() {
        let filter = SubscriptionFilter(cameras: ["front-door"])
        #expect(filter.admits(event))
        #expect(filter.admits(lost))
        #expect(!filter.admits(reloaded))
        #expect(!filter.admits(Sample.started(1, camera: "garden")))
        #expect(Sample.states.filter { filter.admits($0) }.count == 1)
    }

    @Test func kindsWantAKindAndLeaveStatesAlone() {
        let filter = SubscriptionFilter(kinds: [.cameraLost, .daemonReloaded])
        #expect(!filter.admits(event))
        #expect(filter.admits(lost))
        #expect(filter.admits(reloaded))
        #expect(Sample.states.allSatisfy { filter.admits($0) })
    }

    @Test func allThatAreGivenMustPass() {
        let filter = SubscriptionFilter(
            triggers: ["parcel-left"],
            cameras: ["front-door"],
            kinds: [.eventStarted, .cameraLost]
        )
        #expect(filter.admits(event))
        #expect(!filter.admits(lost))
        #expect(!filter.admits(Sample.started(1, camera: "garden")))
    }
}
