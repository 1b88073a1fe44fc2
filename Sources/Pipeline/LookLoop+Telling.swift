import Capture
import Foundation
import Journal
import Matching

/// What the thread that looks hands on: looks, events, and cameras' ups and downs.
extension LookLoop {
    // MARK: Presence

    /// Takes in what cameras' threads have told of their sources.
    func takeNews() {
        for news in wiring.board.takeNews() {
            guard let station = stations.first(where: { $0.name == news.camera }) else { continue }
            var (monotonic, date) = (news.monotonic, news.date)
            // Of a recording that is played fast this is its end, and all its frames have been taken.
            if station.period != nil, station.hasFrame {
                date = station.now.wallClock
                monotonic = station.frame.monotonic
            }
            switch news.kind {
            case .found(let description):
                station.presence.sourceCame(description)
            case .lost(let reason):
                station.presence.sourceFailed(reason, at: monotonic, date: date)
                station.interrupt(at: monotonic)
            case .ended(let reason):
                station.presence.sourceFailed(reason, at: monotonic, date: date, isFinal: true)
                station.interrupt(at: monotonic)
            }
        }
    }

    /// Tells which cameras are lost, and found, for good. What is active on a lost one ends: it can no longer be known.
    func tellPresence() {
        let now = monotonicNow()
        for station in stations {
            switch station.presence.change(at: now) {
            case nil: continue
            case .lost(let reason, let since):
                let told = station.now.wallClock
                tell(.cameraLost(CameraChange(camera: station.name, at: since, reason: reason, told: told)))
                // A frame from before the loss that nobody looked at must not start anything now.
                if station.period == nil, station.presence.isAway { _ = station.mailbox.take(into: &station.frame) }
                wiring.board.setTrouble(station.presence.trouble, of: station.name)
                end(station, reason: .cameraLost, at: told)
            case .found(let description):
                wiring.board.setTrouble(nil, of: station.name)
                tell(.cameraFound(CameraChange(camera: station.name, at: station.now.wallClock, reason: description)))
            }
        }
    }

    /// Ends what is active on a camera; its triggers' states are unknown from then on.
    func end(_ station: Station, reason: EventEndReason, at date: Date) {
        for index in station.watches {
            if let message = watches[index].stop(at: date, reason: reason) {
                tell(message)
                keepLastPicture(of: station)
            }
            show(index)
        }
    }

    // MARK: Looks

    /// Scores a look and hands it on: the look first, so that an event's row never stands before its evidence.
    func record(_ station: Station) {
        let frame = station.frame
        let reused = station.mustEncode.count { !$0 }
        wiring.board.updateCamera(station.name) { entry in
            entry.looks += 1
            entry.reused += reused
            entry.trouble = station.presence.isLost ? station.presence.trouble : nil
            entry.lastLook = frame.wallClock
            entry.lookTimes.add((station.period == nil ? frame.monotonic : monotonicNow()) / .seconds(1))
        }
        var scores: [ScoreRecord] = []
        var messages: [JournalMessage] = []
        // What triggers had begun to see before the camera was lost counts no more. A frame from before may come late.
        let isFirstSinceLoss = station.interruptedAt.map { frame.monotonic > $0 } ?? false
        if isFirstSinceLoss { station.interruptedAt = nil }
        let isTrusted = station.presence.isTrusted && station.isEvidence
        // As the journal keeps it.
        let elapsed = frame.monotonic.inWholeMilliseconds
        let brightness = station.brightness
        let isNight = station.daylight.observe(luma: brightness, at: elapsed)
        for index in station.watches {
            // Nor does what they see again after pictures that showed nothing go on from before.
            if isFirstSinceLoss || !isTrusted { watches[index].interrupt() }
            let holds = watches.holds(at: index, among: station.watches)
            let outcome = watches[index].look(
                station.embeddings,
                of: station.cropRegions,
                frame: frame.sequence,
                monotonic: elapsed,
                wallClock: frame.wallClock,
                isTrusted: isTrusted,
                isNight: isNight,
                holds: holds,
                newEvent: { EventID(at: $0) }
            )
            for (crop, score) in zip(outcome.crops, outcome.scores) {
                scores.append(ScoreRecord(trigger: watches[index].trigger, crop: crop, score))
            }
            if let message = outcome.message { messages.append(message) }
            show(index)
        }
        let crops = station.squares.enumerated().map { index, square in
            CropRecord(
                index: index,
                x: square.x,
                y: square.y,
                side: square.side,
                embedding: station.embeddings[index]
            )
        }
        wiring.journal.record(
            LookRecord(
                camera: station.name,
                sequence: frame.sequence,
                at: frame.wallClock,
                view: station.view,
                modelID: wiring.modelID,
                elapsed: elapsed,
                brightness: brightness,
                isEvidence: isTrusted,
                isAfterLoss: isFirstSinceLoss,
                labels: describe(station),
                crops: crops,
                scores: scores
            )
        )
        for message in messages { tell(message) }
        keepPicture(of: station, messages)
    }

    func tell(_ message: JournalMessage) {
        wiring.journal.record(message, then: wiring.publish)
    }

    private func show(_ index: Int) {
        wiring.board.setTrigger(at: index, watches[index].report)
    }
}

extension Duration {
    /// Without what is less than a millisecond.
    fileprivate var inWholeMilliseconds: Duration {
        let (seconds, attoseconds) = components
        return .milliseconds(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }
}

extension ScoreRecord {
    fileprivate init(trigger: String, crop: Int, _ score: Score) {
        self.init(
            trigger: trigger,
            crop: crop,
            similarity: score.similarity,
            probability: score.probability,
            margin: score.margin,
            rival: score.rival
        )
    }
}
