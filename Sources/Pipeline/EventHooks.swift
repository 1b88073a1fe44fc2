import Configuration
import EventSocket
import Foundation
import Hooks
import Logging
import Synchronization

/// Runs triggers' hooks with their events.
final class EventHooks: Sendable {
    private let programs: Mutex<[String: [String]]>
    private let runner: HookRunner
    private let logger: Logger

    init(_ triggers: [TriggerSettings], logger: Logger) {
        programs = Mutex(Self.programs(of: triggers))
        runner = HookRunner(logger: logger)
        self.logger = logger
    }

    private static func programs(of triggers: [TriggerSettings]) -> [String: [String]] {
        Dictionary(
            triggers.filter { !$0.run.isEmpty && !$0.dryRun }.map { ($0.name, $0.run) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// From the next event on these triggers' hooks are run.
    func adopt(_ triggers: [TriggerSettings]) {
        programs.withLock { $0 = Self.programs(of: triggers) }
    }

    /// Runs the hook of an event's trigger, if it has one. Never waits for it.
    func tell(_ line: EventLine) {
        guard let trigger = line.trigger, let camera = line.camera,
            let program = programs.withLock({ $0[trigger] })
        else { return }
        do {
            runner.run(
                program,
                trigger: trigger,
                camera: camera,
                payload: try Wire.encoder().encode(line),
                environment: line.environment
            )
        } catch {
            logger.error("trigger \(trigger): its hook cannot be told: \(error)")
        }
    }

    /// Lets hooks end for a few seconds, then ends them. Blocking.
    func stop() {
        runner.stop()
    }
}

extension EventLine {
    /// As Docs/Hooks.md has it.
    fileprivate var environment: [String: String] {
        var environment = ["SCENEWATCH_KIND": kind.rawValue, "SCENEWATCH_AT": WireTime.text(at)]
        environment["SCENEWATCH_EVENT"] = event
        environment["SCENEWATCH_TRIGGER"] = trigger
        environment["SCENEWATCH_CAMERA"] = camera
        environment["SCENEWATCH_REGION"] = region
        environment["SCENEWATCH_REASON"] = reason
        environment["SCENEWATCH_PROBABILITY"] = score.map { "\($0.probability)" }
        return environment
    }
}
