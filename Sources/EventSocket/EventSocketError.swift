import Foundation

/// What can go wrong around the socket as a whole, on either side.
public enum EventSocketError: Error, Sendable, Equatable, CustomStringConvertible, LocalizedError {
    /// The path cannot be that of a Unix socket.
    case unusablePath(String, why: String)
    /// Something that is no socket of ours is at the path; it is left alone.
    case notASocket(String, what: String)
    /// Another server answers at the path.
    case alreadyListening(String)
    /// The folder that the socket should be in does not exist.
    case missingFolder(String)
    /// The system does not permit it.
    case notPermitted(String, doing: String)
    /// Another failure of the system.
    case system(String, doing: String, why: String)
    /// The server was started before.
    case startedTwice
    /// No server could be reached at the path.
    case notReachable(String, why: String)
    /// The peer does not speak this protocol.
    case notUnderstood(String)
    /// The connection ended before what was waited for had come.
    case connectionClosed

    /// A text for people.
    public var description: String {
        switch self {
        case .unusablePath(let path, let why):
            "“\(path)” cannot be a socket's path: \(why)"
        case .notASocket(let path, let what):
            "\(path) is \(what), which scenewatch will not replace; move it away or choose another socket path"
        case .alreadyListening(let path):
            "another daemon is listening on \(path); stop it or choose another socket path"
        case .missingFolder(let folder):
            "the socket's folder \(folder) does not exist; create it or choose another socket path"
        case .notPermitted(let path, let doing):
            "no permission to \(doing) \(path); check the owner and mode of the folder and the socket"
        case .system(let path, let doing, let why):
            "could not \(doing) \(path): \(why)"
        case .startedTwice:
            "the event socket was started before"
        case .notReachable(let path, let why):
            "no scenewatch daemon can be reached at \(path): \(why)"
        case .notUnderstood(let what):
            "the other side does not speak scenewatch's protocol: \(what)"
        case .connectionClosed:
            "the daemon closed the connection"
        }
    }

    /// The same text.
    public var errorDescription: String? { description }
}
