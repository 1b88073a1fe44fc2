import Capture
import Configuration
import Dispatch
import EventSocket
import Foundation
import Journal
import Logging
import MobileCLIP
import Synchronization

/// Where the running daemon is changed: one change after the other, on a thread of its own. Each is made in whole or not
/// at all.
///
/// What takes long (reading, encoding prompts, writing the journal) comes first, and nothing is different while it lasts.
/// Then the thread that looks goes over to the new plan between two looks, and last cameras are stopped and started.
final class ChangeDesk: Sendable {
    /// What it works with.
    struct Means: Sendable {
        /// Reads the configuration's file.
        var read: @Sendable () throws(InvalidConfiguration) -> Settings
        var inForce: InForce
        var modelID: String
        /// What encodes pictures.
        var tower: PackedImageTower
        var plans: PlanMailbox
        var surroundings: RunningCamera.Surroundings
        var journal: Journal
        var snapshots: SnapshotDesk
        var hooks: EventHooks
        var publish: @Sendable (JournaledMessage) -> Void
        /// Told of the users who may ask for changes from now on.
        var setOperators: @Sendable (Set<UInt32>) -> Void
        /// Told when the file is read again, and when that is over.
        var willReload: @Sendable () -> Void
        var didReload: @Sendable () -> Void
    }

    typealias Answer = @Sendable (Result<ChangeReport, RequestError>) -> Void

    let means: Means
    private let thread = DispatchQueue(label: "change")
    private let isStopped = Atomic(false)

    init(_ means: Means) {
        self.means = means
    }

    /// Asks for a change. The answer comes from another thread, when it is made or refused.
    func ask(_ change: Change, then answer: @escaping Answer) {
        thread.async { [self] in
            guard !isStopped.load(ordering: .acquiring) else { return answer(.failure(Self.stopping)) }
            answer(Result { () throws(RequestError) in try make(change) })
        }
    }

    /// Makes no more changes, and waits for the one that is being made. Blocking.
    func stop() {
        isStopped.store(true, ordering: .releasing)
        thread.sync {}
    }

    static let stopping = RequestError(.noAnswer, "the daemon is stopping")

    private var logger: Logger { means.surroundings.logger }

    // MARK: The changes

    private func make(_ change: Change) throws(RequestError) -> ChangeReport {
        switch change {
        case .reload: try reload()
        case .addPrompts(let definition): try add(definition)
        case .removePrompts(let name): try remove(name)
        }
    }

    private func reload() throws(RequestError) -> ChangeReport {
        means.willReload()
        defer { means.didReload() }
        do throws(RequestError) {
            let merged = MergedSettings(file: try readFile(), additions: try additions())
            let difference = SettingsDifference(from: means.inForce.now.settings, to: merged.settings)
            guard difference.refusals.isEmpty else {
                throw RequestError(.invalidConfiguration, difference.refusals.joined(separator: "\n"))
            }
            var report = try takeOver(merged, difference) { date in
                .daemonReloaded(DaemonReload(at: date, reason: difference.words))
            }
            for warning in merged.warnings { logger.warning("\(warning)") }
            logger.notice("configuration reloaded: \(report.message)")
            if !merged.warnings.isEmpty { report.warnings = merged.warnings + (report.warnings ?? []) }
            return report
        } catch {
            for problem in error.message.split(separator: "\n") { logger.error("\(problem)") }
            logger.error("the configuration was not reloaded; nothing has changed")
            throw error
        }
    }

    private func readFile() throws(RequestError) -> Settings {
        do throws(InvalidConfiguration) {
            return try means.read()
        } catch {
            throw RequestError(.invalidConfiguration, error.description)
        }
    }

    private func add(_ definition: String) throws(RequestError) -> ChangeReport {
        let now = means.inForce.now
        let trigger: TriggerSettings
        do throws(InvalidConfiguration) {
            trigger = try Settings.trigger(
                parsing: definition,
                file: "trigger",
                cameras: now.settings.cameras
            )
        } catch {
            throw RequestError(.invalidConfiguration, error.problems.map(\.message).joined(separator: "\n"))
        }
        let isKnown = now.settings.triggers.contains { $0.name == trigger.name }
        guard !isKnown || now.added.contains(trigger.name) else {
            throw RequestError(
                .badRequest,
                "the configuration has a trigger \(trigger.name): change it there and reload, or choose another name"
            )
        }
        guard !now.settings.triggers.contains(trigger) else { return ChangeReport(message: "nothing has changed") }
        let addition = Addition(name: trigger.name, definition: definition, added: Date())
        let what = isKnown ? "changed" : "added"
        return try replace(
            try additions().filter { $0.name != trigger.name } + [addition],
            what,
            trigger.name
        ) { journal throws(JournalError) in try journal.keep(addition) }
    }

    private func remove(_ name: String) throws(RequestError) -> ChangeReport {
        let additions = try additions()
        guard additions.contains(where: { $0.name == name }) else {
            let isKnown = means.inForce.now.settings.triggers.contains { $0.name == name }
            guard !isKnown else {
                throw RequestError(
                    .badRequest,
                    "the trigger \(name) is in the configuration: remove it there and reload"
                )
            }
            throw RequestError(.notFound, "no trigger is called “\(name.prefix(64))”")
        }
        return try replace(additions.filter { $0.name != name }, "removed", name) { journal throws(JournalError) in
            try journal.forget(addition: name)
        }
    }

    /// Goes over to other additions beside the file's triggers.
    ///
    /// - Parameter write: makes the journal keep them; before anything has changed.
    private func replace(
        _ additions: [Addition],
        _ what: String,
        _ name: String,
        _ write: (Journal) throws(JournalError) -> Void
    ) throws(RequestError) -> ChangeReport {
        let now = means.inForce.now
        var file = now.settings
        file.triggers.removeAll { now.added.contains($0.name) }
        let merged = MergedSettings(file: file, additions: additions)
        let difference = SettingsDifference(from: now.settings, to: merged.settings)
        var report = try takeOver(merged, difference, writing: write) { date in
            .promptChanged(PromptChange(trigger: name, at: date, reason: what))
        }
        report.message =
            report.seq == nil ? "trigger \(name) was not in force, and is forgotten" : "trigger \(name) \(what)"
        logger.notice("\(report.message)")
        return report
    }

    private func additions() throws(RequestError) -> [Addition] {
        do throws(JournalError) {
            return try means.journal.additions()
        } catch {
            throw RequestError(.noJournal, "the journal cannot be read: \(error)")
        }
    }
}
