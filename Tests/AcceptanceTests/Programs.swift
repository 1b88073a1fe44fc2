import Foundation

/// The built programs, beside the test bundle.
enum Programs {
    static let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path
    static let daemon = "\(folder)/scenewatchd"
    static let client = "\(folder)/scenewatch"
}
