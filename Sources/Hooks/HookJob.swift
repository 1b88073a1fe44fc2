import Foundation

/// One run of a hook.
package struct HookJob: Sendable, Equatable {
    /// Whose hook it is. Jobs of one source are run one after the other, in order.
    package struct Source: Sendable, Hashable, CustomStringConvertible {
        package var trigger: String
        package var camera: String

        package init(trigger: String, camera: String) {
            self.trigger = trigger
            self.camera = camera
        }

        package var description: String { "hook of trigger \(trigger) on camera \(camera)" }
    }

    package var source: Source
    /// The program, and what it is given.
    package var arguments: [String]
    /// What it reads on its standard input.
    package var payload: Data
    /// Variables beside those that every hook has.
    package var environment: [String: String]
    /// How long it may run.
    package var timeout: Duration

    package init(
        source: Source,
        arguments: [String],
        payload: Data = Data(),
        environment: [String: String] = [:],
        timeout: Duration
    ) {
        self.source = source
        self.arguments = arguments
        self.payload = payload
        self.environment = environment
        self.timeout = timeout
    }
}
