import ArgumentParser
import EventSocket
import Foundation

/// `scenewatch triggers`: how each trigger stands on each camera.
struct Triggers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show how triggers stand, on each of their cameras.")

    @OptionGroup var daemon: SocketOptions

    @Option(help: "Only this trigger; may be repeated.")
    var trigger: [String] = []

    @Option(help: "Only this camera; may be repeated.")
    var camera: [String] = []

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let filter = SubscriptionFilter(
            triggers: trigger.isEmpty ? nil : Set(trigger),
            cameras: camera.isEmpty ? nil : Set(camera)
        )
        let states = try await daemon.withDaemon { try await $0.triggers(filter).states }
        try emit(json ? scenewatch.json(states) : table(states))
    }
}

/// States of triggers, a row for each.
func table(_ states: [TriggerState]) -> String {
    table(
        ["TRIGGER", "CAMERA", "STATE", "PROBABILITY", "SIMILARITY", "MARGIN", "SINCE"],
        states.map {
            [
                $0.trigger, $0.camera, $0.state.rawValue,
                $0.score.map { String(format: "%.2f", $0.probability) } ?? "-",
                $0.score.map { String(format: "%.3f", $0.similarity) } ?? "-",
                $0.score.map { String(format: "%+.3f", $0.margin) } ?? "-",
                $0.since.map { $0.formatted(.iso8601) } ?? "-",
            ]
        }
    )
}
