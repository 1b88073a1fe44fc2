import Configuration
import Foundation
import Journal
import Matching

/// Goes through looks of the past with triggers, by the same state machine as when they were taken: when would events have
/// started and ended?
///
/// Pure: it is given looks in the order in which they were taken, and what it says of a configuration's own looks is what
/// was told then. A run of the daemon ends what is active in it; so does a camera's loss, when it was told.
///
/// Its memory does not grow with the looks: of their scores it keeps how they lie (``ScoreSpread``), and the best ones
/// near to moments that somebody has named. It grows with the events, where they are asked for.
package struct Backtest {
    /// What would have been told.
    package struct Event: Sendable, Equatable {
        package var start: EventStart
        /// Nil where the past ends before it.
        package var end: EventEnd?
    }

    private struct Camera {
        let isFast: Bool
        let losses: [PastCourse.Loss]
        /// The next of ``losses``.
        var cursor = 0
        var daylight: Daylight
        var run: Int64?
        /// When the latest look was captured; nil before the first.
        var latest: Date?
    }

    /// One trigger on one camera.
    private struct Seat {
        let trigger: TriggerSettings
        /// Its place among the triggers.
        let number: Int
        let matcher: Matcher?
        let depth: Int
        let camera: String
        /// When its last event started, told or not.
        var lastStart: Date?
        /// Whether that goes on.
        var isActive = false
        /// The place in ``Backtest/events`` of the event that is open; nil where there is none that is told.
        var open: Int?
    }

    /// In the order of their starts; those that start in the window. None where they are only counted.
    package private(set) var events: [Event] = []
    /// Of each trigger, in their order, how many events start in the window.
    package private(set) var counts: [Int]
    /// Of each trigger, in their order, what the deciding crops of the window's looks scored, by the measure of its `when`.
    package private(set) var scores: [PastScores]
    /// How many looks of the window triggers went by.
    package private(set) var looks = 0
    /// When the first and the last look of the window were captured.
    package private(set) var span: ClosedRange<Date>?

    private let since: Date
    private let keepsEvents: Bool
    private let course: PastCourse
    private let runs: [Int64: PastCourse.Run]
    private var cameras: [String: Camera] = [:]
    private var seats: [Seat]
    /// One of each seat, in their order.
    private var watches: [Watch]

    /// - Parameters:
    ///   - triggers: with each combination all that it goes by.
    ///   - matchers: one of each trigger; nil of a combination.
    ///   - course: what happened beside looks.
    ///   - since: where the window begins. Looks from before it (``warmUp(of:)``) say how things stood then.
    ///   - moments: of which somebody has said whether the scene was there.
    ///   - keepsEvents: whether events are kept, and not only counted.
    package init(
        _ triggers: [TriggerSettings],
        _ matchers: [Matcher?],
        cameras settings: [CameraSettings],
        course: PastCourse = PastCourse(),
        since: Date = .distantPast,
        moments: [NamedMoment] = [],
        keepsEvents: Bool = true
    ) {
        self.since = since
        self.course = course
        self.keepsEvents = keepsEvents
        counts = triggers.map { _ in 0 }
        runs = Dictionary(course.runs.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        // A combination has no scores by which a moment could be known.
        scores = triggers.map { PastScores(of: $0.when, moments: $0.combination == nil ? moments : []) }
        let depths = triggers.depths
        seats = zip(triggers, matchers).enumerated().flatMap { number, pair in
            let (trigger, matcher) = pair
            return trigger.cameras.map { camera in
                Seat(
                    trigger: trigger,
                    number: number,
                    matcher: matcher,
                    depth: depths[trigger.name] ?? 0,
                    camera: camera
                )
            }
        }
        watches = seats.map { Self.watch($0, lastStart: nil) }
        let known = Dictionary(settings.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let losses = Dictionary(grouping: course.losses, by: \.camera)
        for camera in Set(triggers.flatMap(\.cameras)) {
            cameras[camera] = Camera(
                isFast: known[camera]?.pace == .fastest,
                losses: losses[camera] ?? [],
                daylight: Daylight(nightBelow: known[camera]?.nightBelow ?? CameraSettings.standardNight)
            )
        }
    }

    /// How long before a window the looks begin that say how things stood at its beginning: all dwell and cooldown that
    /// any trigger has, and that of night and day; ten minutes at least, after which most scores have been on either side
    /// of both thresholds.
    ///
    /// A scene that was there before all that, and whose score has stayed between the thresholds since, is not known to
    /// have been there.
    package static func warmUp(of triggers: [TriggerSettings]) -> Duration {
        let longest = triggers.map { $0.hold + $0.release + $0.cooldown + Daylight.dwell }.max() ?? .zero
        return max(longest, .seconds(600))
    }

    /// Takes the next look. One of a camera that no trigger watches says nothing.
    package mutating func take(_ look: PastLook) {
        takeLosses(of: look.camera) { $0.isBefore(look) }
        guard var camera = cameras[look.camera] else { return }
        if camera.latest != nil, look.run != camera.run {
            if let ending = ending(of: camera, isOver: true) {
                stop(look.camera, at: ending.at, reason: ending.reason)
            }
            camera.daylight = Daylight(nightBelow: camera.daylight.nightBelow)
            beginAnew(look, isFast: camera.isFast)
        }
        camera.run = look.run
        camera.latest = look.at
        let isNight = look.brightness.map { camera.daylight.observe(luma: $0, at: look.elapsed) } ?? false
        cameras[look.camera] = camera
        let isInWindow = look.at >= since
        if isInWindow {
            if look.isEvidence { looks += 1 }
            span = span.map { min($0.lowerBound, look.at)...max($0.upperBound, look.at) } ?? look.at...look.at
        }
        let places = watches.places(on: look.camera)
        let regions = CropRegions(view: look.view)
        for index in places {
            if look.isAfterLoss || !look.isEvidence { watches[index].interrupt() }
            let holds = watches.holds(at: index, among: places)
            let outcome = watches[index].look(
                look.embeddings,
                of: regions,
                frame: look.frame,
                monotonic: look.elapsed,
                wallClock: look.at,
                isTrusted: look.isEvidence,
                isNight: isNight,
                holds: holds,
                newEvent: { EventID(at: $0) }
            )
            note(outcome.message, at: index)
            if look.isEvidence, isInWindow { keep(outcome.scores, of: look, at: index) }
        }
    }

    /// The past is over: what is active ends with a loss or the end of a run that came after the last look, and else goes
    /// on.
    package mutating func finish() {
        let until = course.until
        for name in cameras.keys {
            takeLosses(of: name) { $0.told < until }
            guard let camera = cameras[name], camera.latest != nil,
                !course.continued.contains(PastCourse.Stay(camera: name, run: camera.run)),
                let ending = ending(of: camera, isOver: false), ending.at < until
            else { continue }
            stop(name, at: ending.at, reason: ending.reason)
        }
        for seat in seats where seat.isActive {
            scores[seat.number].tell(camera: seat.camera, sceneOf: seat.trigger, from: seat.lastStart, to: nil)
        }
    }

    // MARK: What ends events beside looks

    /// Takes the camera's next losses for as long as they count. One of another run ends nothing: what was active in this
    /// one ended with it.
    private mutating func takeLosses(of name: String, while counts: (PastCourse.Loss) -> Bool) {
        while let camera = cameras[name], camera.cursor < camera.losses.count, counts(camera.losses[camera.cursor]) {
            let loss = camera.losses[camera.cursor]
            cameras[name]?.cursor += 1
            if camera.latest != nil, loss.run == camera.run { stop(name, at: loss.told, reason: .cameraLost) }
        }
    }

    /// When and why what is active on a camera ends with its run; nil where the run may go on.
    ///
    /// - Parameter isOver: whether the camera has looks of a later run.
    private func ending(of camera: Camera, isOver: Bool) -> (at: Date, reason: EventEndReason)? {
        guard let latest = camera.latest else { return nil }
        // Whoever wrote looks without a run was an older version, and is gone.
        guard let number = camera.run, let run = runs[number] else { return (latest, .recovered) }
        if let ended = run.ended {
            // The time of a recording that is played fast is its own, and over with it.
            return (camera.isFast ? latest : max(ended, latest), .shutdown)
        }
        let isLast = number == course.runs.last?.number
        return isLast && !isOver ? nil : (latest, .recovered)
    }

    private mutating func stop(_ camera: String, at date: Date, reason: EventEndReason) {
        for index in seats.indices where seats[index].camera == camera {
            note(watches[index].stop(at: date, reason: reason), at: index)
        }
    }

    /// A new run knows of the old one's events when they started, and nothing else; of a recording that is played fast not
    /// even that, as in `Settings.watches`.
    private mutating func beginAnew(_ look: PastLook, isFast: Bool) {
        for index in seats.indices where seats[index].camera == look.camera {
            let seat = seats[index]
            let since = seat.lastStart.map { look.at.timeIntervalSince($0) } ?? -1
            let lastStart = since < 0 || isFast ? nil : look.elapsed - .seconds(since)
            watches[index] = Self.watch(seat, lastStart: lastStart)
        }
    }

    // MARK: What is kept

    private mutating func note(_ message: JournalMessage?, at index: Int) {
        switch message {
        case .eventStarted(let start):
            seats[index].lastStart = start.at
            seats[index].isActive = true
            guard start.at >= since else { return }
            counts[seats[index].number] += 1
            guard keepsEvents else { return }
            seats[index].open = events.count
            events.append(Event(start: start))
        case .eventEnded(let end):
            if let open = seats[index].open { events[open].end = end }
            seats[index].open = nil
            seats[index].isActive = false
            let seat = seats[index]
            scores[seat.number].tell(camera: seat.camera, sceneOf: seat.trigger, from: seat.lastStart, to: end)
        case .cameraLost, .cameraFound, .promptChanged, .daemonReloaded, nil: break
        }
    }

    private mutating func keep(_ scores: [Score], of look: PastLook, at index: Int) {
        let conditions = seats[index].trigger.conditions
        guard let crop = conditions.decidingCrop(of: scores) else { return }
        self.scores[seats[index].number].add(conditions.value(of: scores[crop]), camera: look.camera, at: look.at)
    }

    private static func watch(_ seat: Seat, lastStart: Duration?) -> Watch {
        Watch(
            trigger: seat.trigger.name,
            camera: seat.camera,
            matcher: seat.matcher,
            combination: seat.trigger.combination,
            regions: Set(seat.trigger.regions),
            depth: seat.depth,
            rule: TriggerRule(seat.trigger),
            isDryRun: seat.trigger.dryRun,
            lastStart: lastStart
        )
    }
}

extension PastCourse.Loss {
    /// Whether it was told before a look of its camera was taken.
    fileprivate func isBefore(_ other: PastLook) -> Bool {
        // By numbers: the times of a recording that is played fast are its own, and clocks are set back.
        guard let look else { return other.run != nil || told < other.at }
        guard run == other.run else { return (run ?? 0) < (other.run ?? 0) }
        return look < other.id
    }
}
