import ArgumentParser
import Configuration
import Foundation
import Logging
import Pipeline
import ServiceLifecycle

/// The daemon's command line: reads the configuration, then hands over to `Pipeline`.
@main
struct Scenewatchd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenewatchd",
        abstract: "Watches cameras and says when a described scene occurs.",
        discussion: """
            SIGTERM and SIGINT stop it in good order, SIGHUP makes it read its configuration again. Exit status: 0 stopped, 1 it could not run, 64 usage, \
            78 configuration.
            """,
        version: Release.version
    )

    @Option(name: .shortAndLong, help: "The configuration file.")
    var config = "/etc/scenewatch/scenewatch.yaml"

    @Flag(help: "Read the configuration, say what is wrong with it, and end.")
    var check = false

    @Option(help: "The event socket, instead of the configuration's.")
    var socket: String?

    @Option(help: "The journal, instead of the configuration's.")
    var journal: String?

    @Flag(help: "Play files and folders once, as if the configuration gave them `pace: fastest`.")
    var fastest = false

    @Flag(
        help: "Open the cameras when a client has subscribed, and end when the last has gone, or none comes for 60 s."
    )
    var forSubscriber = false

    @Option(help: "How much to log: trace, debug, info, notice, warning or error.")
    var logLevel = LogLevel.info

    func run() async throws {
        StandardErrorLog.occupyDescriptors()
        let settings: Settings
        do throws(InvalidConfiguration) {
            settings = try load()
        } catch {
            StandardErrorLog.say(error.description + "\n")
            throw ExitCode(EX_CONFIG)
        }
        if check {
            for trigger in settings.triggers {
                for warning in trigger.negationWarnings {
                    StandardErrorLog.say("warning: trigger \(trigger.name): \(warning)\n")
                }
            }
            print("\(config): valid (\(settings.cameras.count) cameras, \(settings.triggers.count) triggers)")
            return
        }

        LoggingSystem.bootstrap { _ in StandardErrorLog() }
        var logger = Logger(label: "scenewatchd")
        logger.logLevel = logLevel.level
        // A subscriber that goes away must not take the daemon along; nor may a hang-up that comes too early.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGHUP, SIG_IGN)

        let reread: @Sendable () throws(InvalidConfiguration) -> Settings = { [self] () throws(InvalidConfiguration) in
            try load()
        }
        let daemon = Daemon(settings: settings, reread: reread, logger: logger, isForSubscriber: forSubscriber)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: daemon, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        do {
            try await group.run()
        } catch let failure as Daemon.Failure {
            logger.critical("\(failure)")
            if case .model = failure { throw ExitCode(EX_CONFIG) }
            throw ExitCode.failure
        } catch {
            logger.critical("\(error)")
            throw ExitCode.failure
        }
    }
}

extension Scenewatchd {
    /// The file, with what the command line says instead.
    private func load() throws(InvalidConfiguration) -> Settings {
        var settings = try Settings.load(path: config)
        settings.socket.path = socket ?? settings.socket.path
        settings.journal.path = journal ?? settings.journal.path
        if fastest { settings.playFastest() }
        return settings
    }
}

/// The log levels by their names.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case trace, debug, info, notice, warning, error

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}
