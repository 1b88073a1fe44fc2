import CMalloc
import Capture
import Configuration
import Dispatch
import EventSocket
import Foundation
import Journal
import Logging
import Matching
import MobileCLIP
import Synchronization

/// How the daemon goes over to other settings.
extension ChangeDesk {
    /// Goes over to settings that differ from those in force, and says what was done.
    ///
    /// - Parameters:
    ///   - write: makes the journal keep what it must, when all else is ready; if it cannot, nothing has changed.
    ///   - message: what is told of it.
    func takeOver(
        _ merged: MergedSettings,
        _ difference: SettingsDifference,
        writing write: (Journal) throws(JournalError) -> Void = { _ in },
        _ message: @escaping @Sendable (Date) -> JournalMessage
    ) throws(RequestError) -> ChangeReport {
        let old = means.inForce.now
        let settings = merged.settings
        let (matchers, complaints) = try matchers(of: settings.triggers, old)
        let warnings = complaints.isEmpty ? nil : complaints
        let starts = try lastStarts()
        try keep(write)
        guard !difference.isEmpty else {
            var contents = old
            contents.added = merged.added
            means.inForce.set(contents)
            return ChangeReport(message: difference.words, warnings: warnings)
        }

        // From here on nothing can go wrong.
        let (outgoing, staying) = old.cameras.divided { difference.keptCameras.contains($0.settings.name) }
        let cameras = settings.cameras.map { camera in
            staying.first { $0.settings.name == camera.name } ?? RunningCamera(camera, means.surroundings)
        }
        let new = InForce.Contents(settings: settings, added: merged.added, matchers: matchers, cameras: cameras)
        let told = Told()
        let plan = plan(new, difference, starts, message, told)
        for camera in outgoing { camera.retire() }
        guard means.plans.offer(plan) else { throw Self.stopping }
        stop(outgoing)
        // Those that run do not start again.
        for camera in cameras { camera.camera.start() }
        means.setOperators(settings.socket.operators)
        return ChangeReport(message: difference.words, seq: told.wait(), warnings: warnings)
    }

    private func plan(
        _ new: InForce.Contents,
        _ difference: SettingsDifference,
        _ starts: [EventStartTime],
        _ message: @escaping @Sendable (Date) -> JournalMessage,
        _ told: Told
    ) -> LookPlan {
        let means = means
        return LookPlan(
            cameras: new.cameras.map { ($0.settings, $0.mailbox) },
            keptCameras: difference.keptCameras,
            seats: new.settings.watches(new.matchers, lastStarts: starts).map { watch in
                LookPlan.Seat(watch: watch, isKept: difference.keptSeats.contains(watch.seat))
            },
            batch: new.settings.batch,
            onAdoption: {
                means.inForce.set(new)
                means.snapshots.adopt(cameras: new.settings.cameras.map(\.name))
            },
            message: message,
            publish: { message in
                // The hooks of what has just ended have been asked for by now.
                means.hooks.adopt(new.settings.triggers)
                means.publish(message)
                told.set(Int(message.seq))
            }
        )
    }

    private func lastStarts() throws(RequestError) -> [EventStartTime] {
        do throws(JournalError) {
            return try means.journal.lastStarts()
        } catch {
            throw RequestError(.noJournal, "the journal cannot be read: \(error)")
        }
    }

    /// Writes what must be kept. What the disk refuses is refused as a whole.
    private func keep(_ write: (Journal) throws(JournalError) -> Void) throws(RequestError) {
        do throws(JournalError) {
            try write(means.journal)
        } catch {
            throw RequestError(.noJournal, "nothing has changed, since the journal cannot keep it: \(error)")
        }
    }

    /// One of each trigger, and what is to be said against prompts that are new. Prompts that are in force are not encoded
    /// again; for others the text tower is read once more, and let go.
    private func matchers(
        of triggers: [TriggerSettings],
        _ old: InForce.Contents
    ) throws(RequestError) -> (matchers: [Matcher?], complaints: [String]) {
        var known = Array(zip(old.settings.triggers.map(\.described), old.matchers))
        let unknown = triggers.filter { trigger in
            trigger.combination == nil && !known.contains { $0.0 == trigger.described }
        }
        var complaints: [String] = []
        if !unknown.isEmpty {
            let prompts = try encode(unknown, modelPath: old.settings.model.use)
            known += zip(unknown.map(\.described), prompts.matchers)
            complaints = prompts.complaints
            malloc_trim(0)
        }
        return (triggers.map { trigger in known.first { $0.0 == trigger.described }?.1 ?? nil }, complaints)
    }

    private func encode(_ triggers: [TriggerSettings], modelPath: String) throws(RequestError) -> PreparedPrompts {
        do throws(ModelError) {
            let model = try Model(Checkpoint(path: ModelFiles.path(of: modelPath)))
            guard model.identity.description == means.modelID else {
                throw ModelError(path: model.checkpoint.path, problem: "it is not what it was; restart the daemon")
            }
            let prompts = try PreparedPrompts(triggers, model, tower: means.tower)
            for complaint in prompts.complaints { means.surroundings.logger.warning("\(complaint)") }
            return prompts
        } catch {
            throw RequestError(.invalidConfiguration, "model.use: \(error)")
        }
    }

    /// All at once: a command that is deaf to SIGTERM takes more than a second.
    private func stop(_ cameras: [RunningCamera]) {
        let group = DispatchGroup()
        for camera in cameras {
            group.enter()
            Thread.detachNewThread {
                camera.camera.stop()
                group.leave()
            }
        }
        group.wait()
    }
}

extension TriggerSettings {
    /// Only what is encoded of it.
    fileprivate var described: TriggerSettings {
        var described = self
        described.name = ""
        described.cameras = []
        described.when = .standard
        described.clear = Condition.standard.inverted
        described.night = nil
        described.hold = .zero
        described.release = .zero
        described.cooldown = .zero
        described.schedule = nil
        described.dryRun = false
        described.run = []
        described.combination = nil
        return described
    }
}

extension Array {
    fileprivate func divided(by isSecond: (Element) -> Bool) -> (first: [Element], second: [Element]) {
        (filter { !isSecond($0) }, filter(isSecond))
    }
}

/// The number of a message, from when it has been told on.
private final class Told: Sendable {
    private let number = Mutex<Int?>(nil)
    private let semaphore = DispatchSemaphore(value: 0)

    func set(_ seq: Int) {
        number.withLock { $0 = seq }
        semaphore.signal()
    }

    /// Waits until it has been told; the journal tells of everything that it takes.
    func wait() -> Int? {
        semaphore.wait()
        return number.withLock { $0 }
    }
}
