import EventSocket
import Foundation
import NIOCore
import Testing

/// The examples of `Docs/Protocol.md` are what the server says, to the byte.
@Suite(.timeLimit(.minutes(2))) struct ProtocolDocumentTests {
    private let text: String

    init() throws {
        text = try String(contentsOf: packageRoot.appending(path: "Docs/Protocol.md"), encoding: .utf8)
    }

    /// The lines of all JSON blocks.
    var examples: [String] {
        var examples: [String] = []
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```json"
            } else if isInside {
                examples.append(String(line))
            }
        }
        return examples
    }

    private var messages: [EventLine] {
        examples.compactMap { try? Wire.message(EventLine.self, from: ByteBuffer(string: $0)) }
    }

    private func payload<Payload: Codable & Sendable>(_ type: Payload.Type, of line: String) -> Payload? {
        try? Wire.message(Reply<Payload>.self, from: ByteBuffer(string: line)).ok
    }

    /// A daemon that is as the document's answers say.
    private func documentedBackend() throws -> FakeBackend {
        var values = FakeBackend.Values()
        let hello = try #require(examples.first { $0.hasPrefix("{\"hello\"") })
        values.hello = try Wire.message(Greeting.self, from: ByteBuffer(string: hello)).hello
        values.states = try #require(examples.compactMap { payload(SubscriptionStart.self, of: $0) }.first).states
        values.prompts = try #require(examples.compactMap { payload(PromptList.self, of: $0) }.first).prompts
        values.status = try #require(examples.compactMap { payload(StatusReport.self, of: $0) }.first)
        values.status.subscribers = -1
        let snapshot = try #require(examples.compactMap { payload(Snapshot.self, of: $0) }.first)
        values.snapshots = [snapshot.camera: snapshot]
        values.journal = messages.filter { $0.seq <= values.hello.seq }
        let changes = documentedChanges
        values.change = { change in changes.first { $0.change == change }?.result }
        let questions = documentedQuestions
        values.say = { question in questions.first { $0.question == question }?.result }
        return FakeBackend(values)
    }

    /// The changes that are asked for, and what comes of each.
    private var documentedChanges: [(change: Change, result: Result<ChangeReport, RequestError>)] {
        zip(examples, examples.dropFirst()).compactMap { request, answer in
            guard let parsed = ParsedRequest(line: ByteBuffer(string: request)),
                case .success(.change(let change)) = parsed.request
            else { return nil }
            if let report = payload(ChangeReport.self, of: answer) { return (change, .success(report)) }
            let refusal = try? Wire.message(Refusal.self, from: ByteBuffer(string: answer))
            return refusal.map { (change, .failure($0.error)) }
        }
    }

    /// The questions that are asked, and what is said to each.
    private var documentedQuestions: [(question: Question, result: Result<JSONValue, RequestError>)] {
        zip(examples, examples.dropFirst()).compactMap { request, answer in
            guard let parsed = ParsedRequest(line: ByteBuffer(string: request)),
                case .success(.question(let question)) = parsed.request,
                let said = payload(JSONValue.self, of: answer)
            else { return nil }
            return (question, .success(said))
        }
    }

    /// Requests are sent, and the lines behind them are what comes: answers, and the past up to the hello's number. What
    /// happens after that is published, and received by a subscriber to everything.
    @Test func everyExampleIsTrue() async throws {
        let examples = examples
        let backend = try documentedBackend()
        let now = backend.hello().seq
        try await withServer(backend, now: Sample.time) { server, path in
            try await Peer.connect(path, readingHello: false) { peer async throws in
                var requests = 0
                for example in examples {
                    let bytes = ByteBuffer(string: example)
                    if example.contains(#""do":"#) {
                        try await peer.send(example)
                        requests += 1
                    } else if let event = try? Wire.message(EventLine.self, from: bytes), event.seq > now {
                        continue
                    } else if let notice = try? Wire.message(LagNotice.self, from: bytes) {
                        #expect(String(buffer: try Wire.line(notice)) == example + "\n")
                    } else if let notice = try? Wire.message(HeartbeatNotice.self, from: bytes) {
                        #expect(String(buffer: try Wire.line(notice)) == example + "\n")
                    } else {
                        #expect(try await peer.line() == example)
                    }
                }
                #expect(requests == 19)
                #expect(backend.changes == documentedChanges.map { $0.change })
            }
            try await Peer.connect(path) { peer async throws in
                _ = try await peer.ask(#"{"do":"subscribe"}"#)
                for event in messages where event.seq > now {
                    server.publish(event)
                    let line = try #require(try await peer.line())
                    #expect(examples.contains(line))
                }
            }
            #expect(Set(messages.map(\.kind)) == Set(EventLine.Kind.allCases))
        }
    }

    @Test func everyNameIsDocumented() {
        for code in RequestError.Code.allCases { #expect(text.contains("| `\(code.rawValue)` |")) }
        for kind in EventLine.Kind.allCases { #expect(text.contains("`\(kind.rawValue)`")) }
        for reason in EventLine.EndReason.allCases { #expect(text.contains("`\(reason.rawValue)`")) }
        for state in TriggerState.State.allCases { #expect(text.contains("`\(state.rawValue)`")) }
        let headings = text.split(separator: "\n").filter { $0.hasPrefix("### ") }
            .flatMap { $0.dropFirst(4).components(separatedBy: ", ") }
        #expect(Set(headings) == Set(Request.Name.allCases.map(\.rawValue)))
        #expect(text.contains("1 MiB") && EventProtocol.longestLine == 1 << 20)
        #expect(text.contains("1,024 lines") && EventProtocol.linesPerSubscriber == 1_024)
        #expect(text.contains("at most 256 messages ahead") && EventProtocol.linesPerPage == 256)
        #expect(text.contains("from `1s` to `1h`") && Heartbeat.intervals == .seconds(1)...(.seconds(3_600)))
        #expect(text.contains("at most 64 KiB") && Change.longestTrigger == 1 << 16)
        #expect(text.contains("After 30 seconds") && Change.patience == 30)
        #expect(text.contains("256 connections") && EventProtocol.connections == 256)
        #expect(text.contains("64 that are not served") && EventProtocol.refusals == 64)
        #expect(text.contains("700,000 bytes") && Snapshot.mostBytes == 700_000)
        #expect(text.contains("16 to 1280") && Snapshot.widths == 16...1280)
        #expect(text.contains("160, 320, 640 or 1280") && Snapshot.sizes == [160, 320, 640, 1280])
        #expect(text.contains("for 5 seconds") && Snapshot.patience == 5)
        #expect(text.contains("nest 64 deep") && EventProtocol.deepestNesting == 64)
        #expect(text.contains("4,096 values") && EventProtocol.valuesPerRequest == 4_096)
    }
}
