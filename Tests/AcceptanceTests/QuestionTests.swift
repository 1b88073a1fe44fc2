import EventSocket
import Foundation
import Journal
import Testing

extension Acceptance {
    /// What the socket says of the past.
    @Suite("Questions")
    struct QuestionTests {
        private func json(_ text: String) throws -> JSONValue {
            try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        }

        /// Without what it took, and how far the sketch had come.
        private func lasting(_ value: JSONValue) -> JSONValue {
            guard case .object(var members) = value else { return value }
            members["milliseconds"] = nil
            members["unsketched"] = nil
            return .object(members)
        }

        private func answer(_ request: String, _ socket: RawSocket) async throws -> JSONValue {
            try await socket.send(request)
            let line = try json(try #require(try await socket.line()))
            guard case .object(let members) = line, let ok = members["ok"] else {
                Issue.record("\(request) is refused: \(line)")
                return .null
            }
            return ok
        }

        @Test("search, backtest and explain say what the commands print")
        func likeTheCommands() async throws {
            try await Workplace.with { place in
                let (files, daemon) = (place.demoFiles, try await place.playDemo())
                let reader = try JournalReader(path: place.journal)
                try await eventually("all looks in the journal") {
                    (try? reader.looks(limit: 1).first?.look.sequence) == 299
                }
                let event = try #require(try reader.events(limit: .max).first { $0.start.trigger == "ladder" })
                let last = try #require(try reader.looks(limit: 1).first?.id)
                reader.close()
                let socket = try RawSocket(place.socket)
                _ = try await socket.line()

                let id = event.start.id.description
                let definition = """
                    {"name":"ladders","prompt":["a ladder in front of a house"],"against":["an empty doorstep"],\
                    "when":"probability >= 0.5","clear":"probability < 0.3","hold":"1s","release":"2s"}
                    """
                let questions: [(String, [String])] = [
                    (#"{"do":"search","text":"a ladder","limit":5}"#, ["search", "a ladder", "--limit", "5"]),
                    (#"{"do":"search","like":\#(last),"limit":5}"#, ["search", "--like", "\(last)", "--limit", "5"]),
                    (#"{"do":"backtest"}"#, ["backtest"]),
                    (
                        #"{"do":"backtest","triggers":["dog","rain"],"cameras":["doorstep"]}"#,
                        ["backtest", "--trigger", "dog", "--trigger", "rain"]
                    ),
                    (#"{"do":"explain","event":"\#(id)"}"#, ["explain", id]),
                ]
                for (request, command) in questions {
                    let said = try await answer(request, socket)
                    let outcome = try await place.run(Programs.client, command + ["--json"] + files)
                    #expect(outcome.status == 0, "\(outcome.errors)")
                    #expect(lasting(said) == lasting(try json(outcome.output)), "\(request)")
                }
                let judged = try await answer(#"{"do":"backtest","trigger":\#(definition)}"#, socket)
                #expect("\(judged)".contains("ladders") && "\(judged)".contains("cleared"))

                for (request, code) in [
                    (#"{"do":"search","like":999999}"#, "not-found"),
                    (#"{"do":"explain","event":"7ZZZZZZZZZZZZZZZZZZZZZZZZZ"}"#, "not-found"),
                    (#"{"do":"backtest","triggers":["doog"]}"#, "not-found"),
                    (#"{"do":"search","text":"a dog","cameras":["door"]}"#, "unknown-camera"),
                    (#"{"do":"backtest","trigger":{"name":"a"}}"#, "invalid-configuration"),
                ] {
                    try await socket.send(request)
                    let line = try #require(try await socket.line())
                    #expect(line.contains(#""code":"\#(code)""#), "\(request): \(line)")
                }
                try await place.stop(daemon)
            }
        }

        @Test("a crowd that asks at once is answered or told to come back, and nothing else waits for it")
        func crowd() async throws {
            try await Workplace.with { place in
                let daemon = try place.start(Programs.daemon, place.demoFiles + ["--socket", place.socket])
                try await eventually("looks; the daemon said \(daemon.errors)") {
                    (try? await place.status().cameras.first?.looks ?? 0) ?? 0 > 4
                }
                let crowd = try (0..<40).map { _ in try RawSocket(place.socket) }
                for socket in crowd {
                    _ = try await socket.line()
                    try await socket.send(#"{"do":"search","text":"a dog on the doorstep"}"#)
                }
                var (answered, busy) = (0, 0)
                for socket in crowd {
                    let line = try #require(try await socket.line(within: .seconds(110)))
                    if line.contains(#""ok""#) { answered += 1 } else if line.contains(#""busy""#) { busy += 1 }
                }
                #expect(answered >= 1 && answered + busy == crowd.count, "\(answered) answered, \(busy) sent away")
                let before = try await place.status().camera("doorstep").looks
                try await eventually("looks that go on") {
                    (try? await place.status().cameras.first?.looks ?? 0) ?? 0 > before
                }
                try await place.stop(daemon)
            }
        }
    }
}
