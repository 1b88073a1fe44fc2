import Configuration
import Foundation
import NIOCore

extension ParsedRequest {
    /// Reads a line; nil for a blank one and for a comment, which begins with `#`.
    package init?(line: ByteBuffer) {
        let blanks: [UInt8] = [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r")]
        let bytes = line.readableBytesView
        guard let first = bytes.first(where: { !blanks.contains($0) }), first != UInt8(ascii: "#") else { return nil }

        guard String(validating: bytes, as: UTF8.self) != nil else {
            self.init(refused: .notUTF8, "the line is not UTF-8; send UTF-8, one JSON object a line")
            return
        }
        let outline = JSONOutline(bytes)
        guard outline.depth <= EventProtocol.deepestNesting else {
            self.init(
                refused: .badRequest,
                "the request nests \(outline.depth) deep; at most \(EventProtocol.deepestNesting) is allowed"
            )
            return
        }
        guard outline.values <= EventProtocol.valuesPerRequest else {
            self.init(
                refused: .badRequest,
                "the request holds \(outline.values) values; at most \(EventProtocol.valuesPerRequest) are allowed"
            )
            return
        }
        do {
            let envelope = try Wire.message(RequestEnvelope.self, from: line)
            self.init(id: envelope.id, request: envelope.request)
        } catch let DecodingError.dataCorrupted(context) {
            let detail = (context.underlyingError as? NSError)?.userInfo["NSDebugDescription"] as? String
            let said = detail ?? context.debugDescription
            self.init(refused: .badJSON, "the line is no JSON: \(said)")
        } catch {
            self.init(refused: .badRequest, "a request is a JSON object like {\"do\":\"status\"}")
        }
    }

    private init(refused code: RequestError.Code, _ message: String) {
        self.init(id: nil, request: .failure(RequestError(code, message)))
    }
}

/// The decoded object. Only the syntax can make its decoding fail; everything else becomes a refusal that has the id.
struct RequestEnvelope: Decodable {
    var id: JSONValue?
    var request: Result<Request, RequestError>

    enum CodingKeys: String, CodingKey {
        case id, name = "do", since, heartbeat, triggers, cameras, kinds, camera, width, trigger
        case until, text, like, limit, event
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = container.contains(.id) ? try container.decode(JSONValue.self, forKey: .id) : nil
        do {
            request = .success(try Self.request(in: container))
        } catch let error as RequestError {
            request = .failure(error)
        }
    }

    private static func request(in container: KeyedDecodingContainer<CodingKeys>) throws -> Request {
        switch try name(in: container) {
        case .subscribe:
            return .subscribe(try subscription(in: container))
        case .status:
            return .status
        case .ping:
            return .ping
        case .promptsList:
            return .promptsList
        case .triggers:
            return .triggers(
                SubscriptionFilter(
                    triggers: try names(.triggers, in: container),
                    cameras: try names(.cameras, in: container)
                )
            )
        case .promptsAdd:
            return .change(.addPrompts(trigger: try triggerSettings(in: container)))
        case .promptsRemove:
            guard let name = try? container.decode(String.self, forKey: .trigger) else {
                throw RequestError(.badRequest, "`trigger` is missing: the name of the trigger, as text")
            }
            return .change(.removePrompts(trigger: name))
        case .reload:
            return .change(.reload)
        case .snapshot:
            return .snapshot(try snapshot(in: container))
        case .search:
            return .question(try search(in: container))
        case .backtest:
            return .question(try backtest(in: container))
        case .explain:
            return .question(try explain(in: container))
        }
    }

    private static func subscription(in container: KeyedDecodingContainer<CodingKeys>) throws -> Subscription {
        Subscription(
            filter: SubscriptionFilter(
                triggers: try names(.triggers, in: container),
                cameras: try names(.cameras, in: container),
                kinds: try kinds(in: container)
            ),
            since: try since(in: container),
            heartbeat: try heartbeat(in: container)
        )
    }

    private static func since(in container: KeyedDecodingContainer<CodingKeys>) throws -> Since? {
        guard try !isAbsent(.since, in: container) else { return nil }
        guard let since = try? container.decode(Since.self, forKey: .since) else {
            throw RequestError(
                .badRequest,
                "`since` is the number of a message, at least 0, or a time like “2026-11-23T08:14:03.218Z”"
            )
        }
        return since
    }

    private static func heartbeat(in container: KeyedDecodingContainer<CodingKeys>) throws -> Duration? {
        guard try !isAbsent(.heartbeat, in: container) else { return nil }
        guard let text = try? container.decode(String.self, forKey: .heartbeat) else {
            throw RequestError(.badRequest, "`heartbeat` is a duration as text, like “30s”")
        }
        do throws(InvalidValue) {
            let interval = try Duration(parsing: text)
            guard Heartbeat.intervals.contains(interval) else {
                throw InvalidValue("“\(text.prefix(64))” is not within 1s to 1h")
            }
            return interval
        } catch {
            throw RequestError(.badRequest, "`heartbeat`: \(error.message)")
        }
    }

    /// The object as text, since what may be in it is the configuration's concern.
    static func triggerSettings(in container: KeyedDecodingContainer<CodingKeys>) throws -> String {
        guard let value = try? container.decode(JSONValue.self, forKey: .trigger), case .object = value else {
            throw RequestError(.badRequest, "`trigger` is missing: an object with the settings of the trigger")
        }
        let text = String(decoding: try Wire.encoder().encode(value), as: UTF8.self)
        guard text.utf8.count <= Change.longestTrigger else {
            throw RequestError(
                .badRequest,
                "`trigger` has \(text.utf8.count) bytes; at most \(Change.longestTrigger) are allowed"
            )
        }
        return text
    }

    private static func snapshot(in container: KeyedDecodingContainer<CodingKeys>) throws -> SnapshotRequest {
        guard let camera = try? container.decode(String.self, forKey: .camera) else {
            throw RequestError(.badRequest, "`camera` is missing: the name of the camera, as text")
        }
        guard try !isAbsent(.width, in: container) else { return SnapshotRequest(camera: camera) }
        let allowed = Snapshot.widths
        guard let width = try? container.decode(Int.self, forKey: .width), allowed.contains(width) else {
            throw RequestError(
                .badRequest,
                "`width` is a whole number of pixels, \(allowed.lowerBound) to \(allowed.upperBound)"
            )
        }
        return SnapshotRequest(camera: camera, width: width)
    }

    private static func name(in container: KeyedDecodingContainer<CodingKeys>) throws -> Request.Name {
        let known = Request.Name.allCases.map(\.rawValue)
        guard try !isAbsent(.name, in: container) else {
            throw RequestError(.badRequest, "`do` is missing: say what to do, one of \(listed(known))")
        }
        guard let text = try? container.decode(String.self, forKey: .name) else {
            throw RequestError(.badRequest, "`do` is a text, one of \(listed(known))")
        }
        guard let name = Request.Name(rawValue: text) else {
            throw RequestError(.unknownRequest, "no request is called \(unknown(text, among: known))")
        }
        return name
    }

    private static func kinds(in container: KeyedDecodingContainer<CodingKeys>) throws -> Set<EventLine.Kind>? {
        guard let texts = try names(.kinds, in: container) else { return nil }
        var kinds: Set<EventLine.Kind> = []
        for text in texts.sorted() {
            guard let kind = EventLine.Kind(rawValue: text) else {
                let known = EventLine.Kind.allCases.map(\.rawValue)
                throw RequestError(.badRequest, "`kinds` has no \(unknown(text, among: known))")
            }
            kinds.insert(kind)
        }
        return kinds
    }

    static func names(
        _ key: CodingKeys,
        in container: KeyedDecodingContainer<CodingKeys>
    ) throws -> Set<String>? {
        guard try !isAbsent(key, in: container) else { return nil }
        guard let texts = try? container.decode([String].self, forKey: key) else {
            throw RequestError(.badRequest, "`\(key.rawValue)` is a list of texts")
        }
        guard !texts.isEmpty else {
            throw RequestError(
                .badRequest,
                "`\(key.rawValue)` is empty and would let nothing pass; leave it out for all"
            )
        }
        return Set(texts)
    }

    static func isAbsent(
        _ key: CodingKeys,
        in container: KeyedDecodingContainer<CodingKeys>
    ) throws -> Bool {
        guard container.contains(key) else { return true }
        return try container.decodeNil(forKey: key)
    }

    private static func unknown(_ text: String, among known: [String]) -> String {
        let quoted = "“\(text.prefix(64))”"
        guard let meant = nearest(to: text, among: known) else { return "\(quoted); known are \(listed(known))" }
        return "\(quoted); did you mean “\(meant)”?"
    }

    private static func listed(_ names: [String]) -> String {
        names.map { "“\($0)”" }.joined(separator: ", ")
    }
}
