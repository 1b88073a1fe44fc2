import Configuration
import Foundation
import Journal
import Matching

/// Goes through looks of the past with triggers, by the same state machine as when they were taken: when would events have
/// started and ended?
///
/// Pure: it is given looks in the order in which they were taken, and what it says of a configuration's own looks is what
/// was told then. A run of the daemon ends what is active in it; so does a camera's loss, when it was told.
package struct Backtest {
    /// What would have been told.
    package struct Event: Sendable, Equatable {
        package var start: EventStart
        /// Nil where the past ends before it.
        package var end: EventEnd?
    }

    private struct Camera {
        var daylight: Daylight
        var losses: [Date]
        var run: Int64?
        var latest: PastMoment?
    }

    private struct PastMoment {
        var at: Date
        var elapsed: Duration
    }

    /// One trigger on one camera.
    private struct Seat {
        let trigger: TriggerSettings
        let matcher: Matcher?
        let depth: Int
        let camera: String
        /// The place of its last event in `events`.
        var last: Int?
    }

    /// In the order of their starts.
    package private(set) var events: [Event] = []
    /// Of each trigger what the deciding crop of each look scored, by the measure of its `when`.
    package private(set) var values: [String: [PastValue]] = [:]
    /// How many looks triggers went by.
    package private(set) var looks = 0

    private var cameras: [String: Camera] = [:]
    private var seats: [Seat]
    /// One of each seat, in their order.
    private var watches: [Watch]

    /// - Parameters:
    ///   - triggers: with each combination all that it goes by.
    ///   - matchers: one of each trigger; nil of a combination.
    ///   - losses: of all cameras, as they were told.
    package init(
        _ triggers: [TriggerSettings],
        _ matchers: [Matcher?],
        cameras settings: [CameraSettings],
        losses: [CameraChange]
    ) {
        let depths = triggers.depths
        seats = zip(triggers, matchers).flatMap { trigger, matcher in
            trigger.cameras.map { camera in
                Seat(trigger: trigger, matcher: matcher, depth: depths[trigger.name] ?? 0, camera: camera)
            }
        }
        watches = seats.map { Self.watch($0, lastStart: nil) }
        let nights = Dictionary(settings.map { ($0.name, $0.nightBelow) }, uniquingKeysWith: { first, _ in first })
        let told = Dictionary(grouping: losses, by: \.camera)
        for camera in Set(triggers.flatMap(\.cameras)) {
            cameras[camera] = Camera(
                daylight: Daylight(nightBelow: nights[camera] ?? CameraSettings.standardNight),
                losses: (told[camera] ?? []).map { $0.told ?? $0.at }
            )
        }
    }

    /// Takes the next look. One of a camera that no trigger watches says nothing.
    package mutating func take(_ look: PastLook) {
        guard var camera = cameras[look.camera] else { return }
        if camera.latest != nil, look.run != camera.run {
            stop(look.camera, at: camera.latest?.at ?? look.at, reason: .shutdown)
            camera.daylight = Daylight(nightBelow: camera.daylight.nightBelow)
            beginAnew(look)
        } else if let lost = camera.losses.first(where: { $0 < look.at && $0 > camera.latest?.at ?? look.at }) {
            stop(look.camera, at: lost, reason: .cameraLost)
        }
        camera.run = look.run
        camera.latest = PastMoment(at: look.at, elapsed: look.elapsed)
        let isNight = look.brightness.map { camera.daylight.observe(luma: $0, at: look.elapsed) } ?? false
        cameras[look.camera] = camera
        if look.isEvidence { looks += 1 }
        let places = watches.places(on: look.camera)
        for index in places {
            if look.isAfterLoss || !look.isEvidence { watches[index].interrupt() }
            let holds = watches.holds(at: index, among: places)
            let outcome = watches[index].look(
                look.embeddings,
                frame: look.frame,
                monotonic: look.elapsed,
                wallClock: look.at,
                isTrusted: look.isEvidence,
                isNight: isNight,
                holds: holds,
                newEvent: { EventID(at: $0) }
            )
            note(outcome.message, at: index)
            if look.isEvidence { keep(outcome.scores, of: look, at: index) }
        }
    }

    /// The past is over: what is active on a camera that was lost after its last look ends with that, what is active on
    /// another stays so.
    package mutating func finish() {
        for (name, camera) in cameras {
            guard let latest = camera.latest, let lost = camera.losses.first(where: { $0 > latest.at }) else {
                continue
            }
            stop(name, at: lost, reason: .cameraLost)
        }
    }

    private mutating func stop(_ camera: String, at date: Date, reason: EventEndReason) {
        for index in seats.indices where seats[index].camera == camera {
            note(watches[index].stop(at: date, reason: reason), at: index)
        }
    }

    /// A new run knows of the old one's events when they started, and nothing else.
    private mutating func beginAnew(_ look: PastLook) {
        for index in seats.indices where seats[index].camera == look.camera {
            let seat = seats[index]
            let since = seat.last.map { look.at.timeIntervalSince(events[$0].start.at) } ?? -1
            let lastStart = since < 0 ? nil : look.elapsed - .seconds(since)
            watches[index] = Self.watch(seat, lastStart: lastStart)
        }
    }

    private mutating func note(_ message: JournalMessage?, at index: Int) {
        switch message {
        case .eventStarted(let start):
            seats[index].last = events.count
            events.append(Event(start: start))
        case .eventEnded(let end):
            if let last = seats[index].last { events[last].end = end }
        case .cameraLost, .cameraFound, .promptChanged, .daemonReloaded, nil: break
        }
    }

    private mutating func keep(_ scores: [Score], of look: PastLook, at index: Int) {
        let conditions = seats[index].trigger.conditions
        guard let crop = conditions.decidingCrop(of: scores) else { return }
        let value = PastValue(camera: look.camera, at: look.at, value: conditions.value(of: scores[crop]))
        values[seats[index].trigger.name, default: []].append(value)
    }

    private static func watch(_ seat: Seat, lastStart: Duration?) -> Watch {
        Watch(
            trigger: seat.trigger.name,
            camera: seat.camera,
            matcher: seat.matcher,
            combination: seat.trigger.combination,
            depth: seat.depth,
            rule: TriggerRule(seat.trigger),
            isDryRun: seat.trigger.dryRun,
            lastStart: lastStart
        )
    }
}

/// What a trigger's deciding crop scored at one look.
package struct PastValue: Sendable, Equatable {
    package var camera: String
    package var at: Date
    package var value: Double

    package init(camera: String, at: Date, value: Double) {
        self.camera = camera
        self.at = at
        self.value = value
    }
}
