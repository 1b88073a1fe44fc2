import EventSocket
import Foundation
import NIOCore
import Testing

@Suite("Questions about the past", .timeLimit(.minutes(2)))
struct QuestionTests {
    private func parsed(_ line: String) throws -> Result<Request, RequestError> {
        try #require(ParsedRequest(line: ByteBuffer(string: line))).request
    }

    @Test("each is read with what it has")
    func reading() throws {
        let since = try #require(WireTime.date("2026-11-16T00:00:00.000Z"))
        let until = try #require(WireTime.date("2026-11-17T00:00:00.500Z"))
        let past = PastSpan(since: since, until: until, cameras: ["b", "a"])
        let times = #""since":"2026-11-16T00:00:00Z","until":"2026-11-17T00:00:00.500Z","cameras":["a","b"]"#
        let questions: [(String, Question)] = [
            (#"{"do":"search","text":"a van"}"#, .search(SearchQuestion(text: ["a van"]))),
            (
                #"{"do":"search","text":["a van","a truck"],"limit":3,\#(times)}"#,
                .search(SearchQuestion(text: ["a van", "a truck"], past: past, limit: 3))
            ),
            (#"{"do":"search","like":12,"text":null}"#, .search(SearchQuestion(like: 12))),
            (#"{"do":"backtest"}"#, .backtest(BacktestQuestion())),
            (
                #"{"do":"backtest","triggers":["x"],\#(times)}"#,
                .backtest(BacktestQuestion(triggers: ["x"], past: past))
            ),
            (
                #"{"do":"backtest","trigger":{"name":"x"}}"#,
                .backtest(BacktestQuestion(trigger: #"{"name":"x"}"#))
            ),
            (#"{"do":"explain","event":"last"}"#, .explain(event: "last")),
        ]
        for (line, question) in questions {
            #expect(try parsed(line).get() == .question(question), "\(line)")
        }
        #expect(Request.question(.explain(event: "x")).requiredAccess == .reading)
    }

    @Test(
        "what is wrong is said",
        arguments: [
            #"{"do":"search"}"#, #"{"do":"search","text":" "}"#, #"{"do":"search","text":[]}"#,
            #"{"do":"search","text":5}"#, #"{"do":"search","text":"a","like":1}"#, #"{"do":"search","like":"1"}"#,
            #"{"do":"search","text":"a","limit":0}"#, #"{"do":"search","text":"a","limit":1001}"#,
            #"{"do":"search","text":"a","since":5}"#, #"{"do":"search","text":"a","cameras":[]}"#,
            #"{"do":"search","text":"a","since":"2026-11-17T00:00:00Z","until":"2026-11-16T00:00:00Z"}"#,
            #"{"do":"backtest","trigger":"a"}"#, #"{"do":"backtest","trigger":{},"triggers":["a"]}"#,
            #"{"do":"explain"}"#, #"{"do":"explain","event":""}"#, #"{"do":"explain","event":5}"#,
        ]
    )
    func refusals(line: String) throws {
        do {
            _ = try parsed(line).get()
            Issue.record("\(line) is no question")
        } catch let error as RequestError {
            #expect(error.code == "bad-request")
        }
    }

    @Test("one that is not answered keeps what is behind it waiting, and messages come all the same")
    func waiting() async throws {
        let backend = FakeBackend()
        let isOpen = DispatchSemaphore(value: 0)
        backend.update { values in
            values.say = { question in
                if question == .explain(event: "slow") { isOpen.wait() }
                return .success(.object(["said": .string("\(question)")]))
            }
        }
        try await withServer(backend) { server, path in
            try await Peer.connect(path) { peer async throws in
                _ = try await peer.ask(#"{"do":"subscribe"}"#)
                try await peer.send(#"{"id":1,"do":"explain","event":"slow"}"#)
                try await peer.send(#"{"id":2,"do":"ping"}"#)
                server.publish(Sample.started(1))
                #expect(try await peer.line()?.contains("event.started") == true)
                isOpen.signal()
                #expect(try await peer.line()?.hasPrefix(#"{"id":1,"ok":{"said""#) == true)
                #expect(try await peer.line()?.hasPrefix(#"{"id":2"#) == true)
            }
        }
    }
}
