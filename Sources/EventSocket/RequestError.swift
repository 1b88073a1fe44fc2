/// Why a request was refused: a stable code for programs, a text for people.
public struct RequestError: Error, Codable, Sendable, Equatable, CustomStringConvertible {
    /// The stable codes.
    public enum Code: String, Codable, Sendable, Hashable, CaseIterable {
        /// The line is no JSON.
        case badJSON = "bad-json"
        /// The line is not UTF-8.
        case notUTF8 = "not-utf8"
        /// The line, or the answer to it, is longer than a line may be.
        case tooLong = "too-long"
        /// The line is JSON, but no request: a field is missing, of the wrong type or has a wrong value.
        case badRequest = "bad-request"
        /// No request has that name.
        case unknownRequest = "unknown-request"
        /// The protocol has it, this version of the daemon does not.
        case notSupported = "not-supported"
        /// No camera has that name.
        case unknownCamera = "unknown-camera"
        /// The configuration, or the trigger, that is to be taken over is wrong: a line for each problem.
        case invalidConfiguration = "invalid-configuration"
        /// The past cannot be read from the journal, or it cannot keep what is to be changed.
        case noJournal = "no-journal"
        /// The journal has no such event, look or trigger.
        case notFound = "not-found"
        /// So many ask that this one would have to wait for long.
        case busy
        /// The camera gives no pictures.
        case noPicture = "no-picture"
        /// The daemon did not answer in time. What was asked for may be done all the same.
        case noAnswer = "no-answer"
        /// The peer may not do that, or may not use the socket at all.
        case notAllowed = "not-allowed"
        /// So many connections are open that this one is closed.
        case tooManyConnections = "too-many-connections"
    }

    /// The code, as text: a newer server may have codes that ``Code`` lacks.
    public var code: String
    /// What was wrong and what to do.
    public var message: String

    /// Creates a refusal.
    public init(_ code: Code, _ message: String) {
        self.code = code.rawValue
        self.message = message
    }

    /// The message and the code.
    public var description: String { "\(message) (\(code))" }
}
