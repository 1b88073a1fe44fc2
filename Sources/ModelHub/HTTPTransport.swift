import CCurl
import Foundation

/// What is asked of a server.
public struct TransportRequest: Sendable, Equatable {
    /// `https://…`, or `http://…`.
    public var address: String
    /// From which byte on; 0 for the whole.
    public var offset = 0
    /// The entity tag of what is there already: with another one the whole is to come.
    public var validator: String?
}

/// Asks servers. The answers are told to a receiver while they come.
public protocol Transport {
    /// Asks, and follows redirections.
    ///
    /// - Returns: in words how the connection was lost, where it was before the answer was whole.
    /// - Throws: what the receiver throws, or where another try would fail as this one did.
    func fetch(_ request: TransportRequest, into receiver: any TransportReceiver) throws -> String?
}

/// Takes the answers.
public protocol TransportReceiver: AnyObject {
    /// The head of each answer on the way, and of the last.
    func take(head: ResponseHead) throws
    /// Bytes of the last answer's body.
    func take(body: UnsafeRawBufferPointer) throws
    /// Asked once a second: throws where it is enough.
    func checkCancellation() throws
}

/// HTTP by libcurl. Proxies are those of the environment (`https_proxy`, …); certificates the system's, or those in
/// `$SSL_CERT_FILE`.
public struct HTTPTransport: Transport {
    private let userAgent: String
    private let certificates: String?
    private let patience: Duration

    /// - Parameters:
    ///   - userAgent: the program and its version.
    ///   - patience: for how long nothing may come before the connection counts as lost; whole seconds.
    /// - Throws: where there is no libcurl.
    public init(userAgent: String, patience: Duration = .seconds(30)) throws(DownloadFailure) {
        if let problem = ccurl_load() { throw DownloadFailure(String(cString: problem)) }
        self.userAgent = userAgent
        self.patience = patience
        certificates = ProcessInfo.processInfo.environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// As the protocol says.
    public func fetch(_ request: TransportRequest, into receiver: any TransportReceiver) throws -> String? {
        let exchange = Exchange(receiver)
        var lines = ["Accept: */*"]
        if request.offset > 0 {
            lines.append("Range: bytes=\(request.offset)-")
            if let validator = request.validator { lines.append("If-Range: \(validator)") }
        }
        let outcome = withCStrings(lines) { headers in
            request.address.withCString { address in
                userAgent.withCString { agent in
                    withOptionalCString(certificates) { certificates in
                        var asked = ccurl_request(
                            url: address,
                            user_agent: agent,
                            certificates: certificates,
                            headers: headers,
                            may_be_plain: !request.address.lowercased().hasPrefix("https:"),
                            patience: Int(patience.components.seconds),
                            context: Unmanaged.passUnretained(exchange).toOpaque(),
                            on_header: { context, bytes, count in
                                Exchange.of(context).go { try $0.take(line: bytes, count) }
                            },
                            on_body: { context, bytes, count in
                                Exchange.of(context).go { try $0.take(body: bytes, count) }
                            },
                            may_go_on: { context in Exchange.of(context).go { try $0.receiver.checkCancellation() } }
                        )
                        return ccurl_fetch(&asked)
                    }
                }
            }
        }
        if let failure = exchange.failure { throw failure }
        switch outcome.ending {
        case ccurl_done: return nil
        case ccurl_lost: return Self.words(of: outcome)
        default: throw DownloadFailure("\(request.address): \(Self.words(of: outcome))")
        }
    }

    private static func words(of outcome: ccurl_outcome) -> String {
        withUnsafeBytes(of: outcome.words) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

/// One call of libcurl: its callbacks end up here.
private final class Exchange {
    let receiver: any TransportReceiver
    private(set) var failure: (any Error)?
    private var parser = ResponseHead.Parser()

    init(_ receiver: any TransportReceiver) {
        self.receiver = receiver
    }

    static func of(_ context: UnsafeMutableRawPointer?) -> Exchange {
        guard let context else { preconditionFailure("libcurl gives back the context that it was given") }
        return Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
    }

    /// Whether to go on; after an error, no.
    func go(_ work: (Exchange) throws -> Void) -> Bool {
        do {
            try work(self)
            return true
        } catch {
            failure = failure ?? error
            return false
        }
    }

    func take(line: UnsafePointer<CChar>, _ count: Int) throws {
        let bytes = UnsafeRawBufferPointer(start: line, count: count)
        if let head = try parser.take(bytes) { try receiver.take(head: head) }
    }

    func take(body: UnsafePointer<CChar>, _ count: Int) throws {
        try receiver.take(body: UnsafeRawBufferPointer(start: body, count: count))
    }
}

/// The lines as C wants them, NULL at the end.
private func withCStrings<Result>(
    _ lines: [String],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
    let copies = lines.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    var pointers = copies.map { UnsafePointer($0) }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("the list has at least its end") }
        return body(start)
    }
}

private func withOptionalCString<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let text else { return body(nil) }
    return text.withCString { body($0) }
}
