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

    /// How a camera stands. It is copied with every look, so it has no references.
    private struct Camera {
        let isFast: Bool
        /// How many losses it has, and which is the next.
        let lossCount: Int
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
        /// Nil where only the score itself will do.
        let bounds: ProbabilityBounds?
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
    /// How many looks were judged by their embeddings, those of before the window among them.
    package private(set) var read = 0
    /// When the first and the last look of the window were captured.
    package private(set) var span: ClosedRange<Date>?

    private let since: Date
    private let keepsEvents: Bool
    private let course: PastCourse
    private let runs: [Int64: PastCourse.Run]
    /// All matchers, in the order of the triggers.
    private let matchers: MatcherGroup
    /// What looks out of the sketch are to be compared with.
    package let queries: [[Float]]
    /// Of each look; found before, or found now and kept.
    private(set) var bounds: KeptBounds?
    private let hasBounds: Bool
    private var cameras: [Camera] = []
    /// Of each camera its name, its losses, and its seats in the order in which they are judged.
    private let names: [String]
    private let losses: [[PastCourse.Loss]]
    private let ranks: [[Int]]
    /// The places of ``cameras`` by their names, and by their numbers in the journal as far as those have been asked for: −1
    /// where no trigger watches.
    private let places: [String: Int]
    private var numbers: [Int?] = []
    private var seats: [Seat]
    /// One of each seat, in their order.
    private var watches: [Watch]

    /// - Parameters:
    ///   - triggers: with each combination all that it goes by.
    ///   - matchers: one of each trigger; nil of a combination.
    ///   - course: what happened beside looks.
    ///   - since: where the window begins. Looks from before it (``warmUp(of:)``) say how things stood then.
    ///   - moments: of which somebody has said whether the scene was there.
    ///   - keepsEvents: whether events are kept, and how scores lie, and events are not only counted.
    ///   - bounds: those of each look's scores by these triggers, from an earlier time; nil where they are to be found.
    package init(
        _ triggers: [TriggerSettings],
        _ matchers: [Matcher?],
        cameras settings: [CameraSettings],
        course: PastCourse = PastCourse(),
        since: Date = .distantPast,
        moments: [NamedMoment] = [],
        keepsEvents: Bool = true,
        bounds: KeptBounds? = nil
    ) {
        self.since = since
        (self.bounds, hasBounds) = (bounds, bounds != nil)
        self.course = course
        self.keepsEvents = keepsEvents
        counts = triggers.map { _ in 0 }
        runs = Dictionary(course.runs.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        // A combination has no scores by which a moment could be known.
        scores = triggers.map { trigger in
            PastScores(
                of: trigger.when,
                moments: trigger.combination == nil ? moments : [],
                keepsSpread: keepsEvents
            )
        }
        let depths = triggers.depths
        let group = MatcherGroup(matchers)
        self.matchers = group
        queries = bounds == nil ? ProbabilityBounds.queries(group.texts) : []
        seats = zip(triggers, matchers).enumerated().flatMap { number, pair in
            let (trigger, matcher) = pair
            let bounds = ProbabilityBounds(trigger, matcher, places: group.places[number])
            return trigger.cameras.map { camera in
                Seat(
                    trigger: trigger,
                    number: number,
                    matcher: matcher,
                    depth: depths[trigger.name] ?? 0,
                    camera: camera,
                    bounds: bounds
                )
            }
        }
        watches = seats.map { Self.watch($0, lastStart: nil) }
        let known = Dictionary(settings.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let told = Dictionary(grouping: course.losses, by: \.camera)
        let names = Set(triggers.flatMap(\.cameras)).sorted()
        let losses = names.map { told[$0] ?? [] }
        let all = watches
        self.names = names
        self.losses = losses
        ranks = names.map { all.places(on: $0) }
        places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        cameras = zip(names, losses).map { name, losses in
            Camera(
                isFast: known[name]?.pace == .fastest,
                lossCount: losses.count,
                daylight: Daylight(nightBelow: known[name]?.nightBelow ?? CameraSettings.standardNight)
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

    // MARK: Looks

    /// From now on keeps the bounds of the scores of looks so numbered, for another time.
    mutating func keepBounds(of looks: ClosedRange<Int64>) {
        bounds = KeptBounds(of: looks, triggers: counts.count)
    }

    /// What there is to know of a look besides what it shows.
    private struct Moment {
        let id: Int64
        let run: Int64?
        let at: Date
        let elapsed: Duration
        let frame: UInt64
        let brightness: Int?
        let isEvidence: Bool
        let isAfterLoss: Bool
        let regions: CropRegions
    }

    /// Takes the next look. One of a camera that no trigger watches says nothing.
    package mutating func take(_ look: PastLook) {
        guard let camera = places[look.camera] else { return }
        let moment = Moment(
            id: look.id,
            run: look.run,
            at: look.at,
            elapsed: look.elapsed,
            frame: look.frame,
            brightness: look.brightness,
            isEvidence: look.isEvidence,
            isAfterLoss: look.isAfterLoss,
            regions: CropRegions(view: look.view)
        )
        let isNight = begin(moment, on: camera)
        guard look.isEvidence else { return }
        read += 1
        let scores = look.embeddings.map(matchers.scores(of:))
        for index in ranks[camera] { judge(moment, by: index, on: camera, scores, isNight: isNight) }
    }

    /// Takes the next look, known by what it is about like the ``queries``; what that leaves open is read. The events, and
    /// what is said of scores, are the same.
    package mutating func take(_ look: ApproximateLook, _ exact: ExactEmbeddings) throws {
        guard let camera = place(of: look) else { return }
        let moment = Moment(
            id: look.id,
            run: look.run,
            at: look.at,
            elapsed: look.elapsed,
            frame: look.frame,
            brightness: look.brightness,
            isEvidence: look.isEvidence,
            isAfterLoss: look.isAfterLoss,
            // Of looks that are known so, nobody asks for regions.
            regions: CropRegions([])
        )
        let isNight = begin(moment, on: camera)
        guard moment.isEvidence else { return }
        var scores: [[Score?]]?
        for index in ranks[camera] {
            if look.isComparable, takesQuietly(look, moment, by: index, isNight: isNight) { continue }
            if scores == nil, seats[index].matcher != nil {
                read += 1
                scores = try exact.embeddings(of: look.id).map(matchers.scores(of:))
            }
            judge(moment, by: index, on: camera, scores ?? [], isNight: isNight)
        }
    }

    /// Gives up the memory of what was kept.
    mutating func forgetBounds() {
        bounds = nil
    }

    private mutating func place(of look: ApproximateLook) -> Int? {
        let number = look.cameraNumber
        if number < numbers.count, let known = numbers[number] { return known < 0 ? nil : known }
        let place = places[look.camera]
        while numbers.count <= number { numbers.append(nil) }
        numbers[number] = place ?? -1
        return place
    }

    /// What a look says whatever it shows. Returns whether it is night.
    private mutating func begin(_ look: Moment, on camera: Int) -> Bool {
        takeLosses(of: camera) { $0.isBefore(look.id, run: look.run, at: look.at) }
        if cameras[camera].latest != nil, look.run != cameras[camera].run {
            if let ending = ending(of: cameras[camera], isOver: true) {
                stop(camera, at: ending.at, reason: ending.reason)
            }
            cameras[camera].daylight = Daylight(nightBelow: cameras[camera].daylight.nightBelow)
            beginAnew(look, on: camera)
        }
        cameras[camera].run = look.run
        cameras[camera].latest = look.at
        if look.at >= since {
            if look.isEvidence { looks += 1 }
            span = span.map { min($0.lowerBound, look.at)...max($0.upperBound, look.at) } ?? look.at...look.at
        }
        if look.isAfterLoss || !look.isEvidence {
            for index in ranks[camera] { watches[index].interrupt() }
        }
        guard let brightness = look.brightness else { return false }
        return cameras[camera].daylight.observe(luma: brightness, at: look.elapsed)
    }

    /// - Parameter scores: of each crop those by each trigger's matcher.
    private mutating func judge(
        _ look: Moment,
        by index: Int,
        on camera: Int,
        _ scores: [[Score?]],
        isNight: Bool
    ) {
        let number = seats[index].number
        let crops = watches[index].crops(among: scores.count, of: look.regions)
        let own = crops.compactMap { scores[$0][number] }
        let holds = watches.holds(at: index, among: ranks[camera])
        let message = watches[index].look(
            scored: own,
            of: crops,
            in: look.regions,
            frame: look.frame,
            monotonic: look.elapsed,
            wallClock: look.at,
            isNight: isNight,
            holds: holds,
            newEvent: { EventID(at: $0) }
        )
        note(message, at: index)
        guard look.at >= since, let crop = seats[index].trigger.conditions.decidingCrop(of: own) else { return }
        let value = seats[index].trigger.conditions.value(of: own[crop])
        self.scores[number].add(value, camera: seats[index].camera, at: look.at)
    }

    /// Takes a look by the bounds of its score alone, where these decide and no message comes of it.
    private mutating func takesQuietly(
        _ look: ApproximateLook,
        _ moment: Moment,
        by index: Int,
        isNight: Bool
    ) -> Bool {
        guard let bounds = seats[index].bounds else { return false }
        let number = seats[index].number
        let looksUp = scores[number].when.comparison.looksUp
        let own: (least: Double, most: Double)
        if hasBounds {
            own = self.bounds?.of(look.id, trigger: number) ?? (0, 1)
        } else {
            own = bounds.of(look, looksUp: looksUp)
            self.bounds?.keep(own, of: look.id, trigger: number)
        }
        var deciding = own
        if isNight, bounds.isTurnedByNight {
            deciding = hasBounds ? (0, 1) : bounds.of(look, looksUp: !looksUp)
        }
        let isInWindow = moment.at >= since
        if isInWindow, !scores[number].absorb(own.least...own.most, camera: seats[index].camera, at: moment.at) {
            return false
        }
        let isTaken = watches[index].lookQuietly(
            least: deciding.least,
            most: deciding.most,
            monotonic: moment.elapsed,
            wallClock: moment.at,
            isNight: isNight
        )
        if !isTaken, isInWindow { scores[number].giveBack(own.least...own.most) }
        return isTaken
    }

    /// The past is over: what is active ends with a loss or the end of a run that came after the last look, and else goes
    /// on.
    package mutating func finish() {
        let until = course.until
        for index in cameras.indices {
            takeLosses(of: index) { $0.told < until }
            let camera = cameras[index]
            guard camera.latest != nil,
                !course.continued.contains(PastCourse.Stay(camera: names[index], run: camera.run)),
                let ending = ending(of: camera, isOver: false), ending.at < until
            else { continue }
            stop(index, at: ending.at, reason: ending.reason)
        }
        for seat in seats where seat.isActive {
            scores[seat.number].tell(camera: seat.camera, sceneOf: seat.trigger, from: seat.lastStart, to: nil)
        }
    }

    // MARK: What ends events beside looks

    /// Takes the camera's next losses for as long as they count. One of another run ends nothing: what was active in this
    /// one ended with it.
    private mutating func takeLosses(of camera: Int, while counts: (PastCourse.Loss) -> Bool) {
        while cameras[camera].cursor < cameras[camera].lossCount {
            let loss = losses[camera][cameras[camera].cursor]
            guard counts(loss) else { return }
            cameras[camera].cursor += 1
            if cameras[camera].latest != nil, loss.run == cameras[camera].run {
                stop(camera, at: loss.told, reason: .cameraLost)
            }
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

    private mutating func stop(_ camera: Int, at date: Date, reason: EventEndReason) {
        for index in seats.indices where seats[index].camera == names[camera] {
            note(watches[index].stop(at: date, reason: reason), at: index)
        }
    }

    /// A new run knows of the old one's events when they started, and nothing else; of a recording that is played fast not
    /// even that, as in `Settings.watches`.
    private mutating func beginAnew(_ look: Moment, on camera: Int) {
        for index in ranks[camera] {
            let seat = seats[index]
            let since = seat.lastStart.map { look.at.timeIntervalSince($0) } ?? -1
            let lastStart = since < 0 || cameras[camera].isFast ? nil : look.elapsed - .seconds(since)
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
    fileprivate func isBefore(_ other: Int64, run number: Int64?, at: Date) -> Bool {
        // By numbers: the times of a recording that is played fast are its own, and clocks are set back.
        guard let look else { return number != nil || told < at }
        guard run == number else { return (run ?? 0) < (number ?? 0) }
        return look < other
    }
}
