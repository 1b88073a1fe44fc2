import Foundation

/// How a hook ended.
enum HookEnding: Equatable {
    case exited(Int32)
    case killed(signal: Int32)
    /// This process ignores SIGCHLD, and the kernel has kept no status.
    case unknown

    var isSuccess: Bool { self == .exited(0) || self == .unknown }

    /// What is to be said of it; nil for a success.
    var complaint: String? {
        switch self {
        case .exited(0), .unknown: return nil
        case .exited(let status): return "exited with status \(status)"
        case .killed(let signal):
            let name = strsignal(signal).map { " (\(String(cString: $0)))" } ?? ""
            return "was killed by signal \(signal)\(name)"
        }
    }
}

/// A hook could not be started.
struct HookNotStarted: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// - Parameter code: posix_spawnp's.
    init(_ program: String, code: Int32) {
        switch code {
        case ENOENT where program.contains("/"):
            self.init("there is no \"\(program)\", or not the interpreter that its first line names")
        case ENOENT:
            self.init("there is no \"\(program)\" in the daemon's PATH; write its whole path")
        case EACCES:
            self.init("\"\(program)\" may not be executed by the daemon's user; chmod +x it, and look at its folders")
        case ENOEXEC:
            self.init("\"\(program)\" is no program; a script begins with a line like #!/bin/sh")
        default:
            self.init("\"\(program)\" cannot be started: \(String(cString: strerror(code)))")
        }
    }
}
