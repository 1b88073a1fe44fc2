import EventSocket
import NIOCore
import Testing

@Suite struct RequestTests {
    private func parse(_ text: String) -> ParsedRequest? {
        ParsedRequest(line: ByteBuffer(string: text))
    }

    private func refusal(_ text: String) -> RequestError? {
        guard case .failure(let error) = parse(text)?.request else { return nil }
        return error
    }

    @Test(arguments: ["", " ", "\t\r", "#", "# {\"do\":\"status\"}", "   # note"])
    func blankLinesAndCommentsAreNothing(text: String) {
        #expect(parse(text) == nil)
    }

    @Test func theRequestsThatThereAre() throws {
        let wanted: [(String, Request)] = [
            (#"{"do":"status"}"#, .status),
            (#"  {"do" : "status", "unknown": [1, {"x": null}]} "#, .status),
            (#"{"do":"ping"}"#, .ping),
            (#"{"do":"triggers","kinds":7}"#, .triggers(SubscriptionFilter())),
            (
                #"{"do":"triggers","triggers":["a"],"cameras":["b"]}"#,
                .triggers(SubscriptionFilter(triggers: ["a"], cameras: ["b"]))
            ),
            (#"{"do":"reload"}"#, .change(.reload)),
            (#"{"do":"prompts remove","trigger":"a"}"#, .change(.removePrompts(trigger: "a"))),
            (
                #"{"do":"prompts add","trigger":{"name":"a","prompt":[ "b" ],"x":{"y":[1.50,null]}}}"#,
                .change(.addPrompts(trigger: #"{"name":"a","prompt":["b"],"x":{"y":[1.5,null]}}"#))
            ),
            (#"{"do":"prompts list"}"#, .promptsList),
            (#"{"do":"subscribe","heartbeat":"1s"}"#, .subscribe(Subscription(heartbeat: .seconds(1)))),
            (#"{"do":"subscribe","heartbeat":"1h"}"#, .subscribe(Subscription(heartbeat: .seconds(3_600)))),
            (#"{"do":"subscribe","heartbeat":"1500ms"}"#, .subscribe(Subscription(heartbeat: .milliseconds(1_500)))),
            (#"{"do":"subscribe","heartbeat":null}"#, .subscribe(Subscription())),
            (#"{"do":"snapshot","camera":"a"}"#, .snapshot(SnapshotRequest(camera: "a", width: 1280))),
            (#"{"do":"snapshot","camera":"a","width":null}"#, .snapshot(SnapshotRequest(camera: "a"))),
            (#"{"do":"snapshot","camera":"a","width":16}"#, .snapshot(SnapshotRequest(camera: "a", width: 16))),
            (#"{"do":"subscribe"}"#, .subscribe(Subscription())),
            (#"{"do":"subscribe","since":0}"#, .subscribe(Subscription(since: .sequence(0)))),
            (#"{"do":"subscribe","since":1800}"#, .subscribe(Subscription(since: .sequence(1800)))),
            (
                #"{"do":"subscribe","since":"2026-11-23T08:14:03.218Z"}"#,
                .subscribe(Subscription(since: .time(Sample.time)))
            ),
            (
                #"{"do":"subscribe","since":null,"triggers":null,"cameras":null,"kinds":null}"#,
                .subscribe(Subscription())
            ),
            (
                #"{"do":"subscribe","triggers":["a","b"],"cameras":["ü"],"kinds":["event.ended","camera.lost"]}"#,
                .subscribe(
                    Subscription(
                        filter: SubscriptionFilter(
                            triggers: ["a", "b"],
                            cameras: ["ü"],
                            kinds: [.eventEnded, .cameraLost]
                        )
                    )
                )
            ),
        ]
        for (text, request) in wanted {
            #expect(try parse(text)?.request.get() == request)
        }
    }

    @Test(arguments: [
        ("{", "bad-json"), ("x", "bad-json"), (#"{"do":"status"} {}"#, "bad-json"), (#"{"do":}"#, "bad-json"),
        ("\u{0}", "bad-json"), (#"{"do":"status""#, "bad-json"), ("[1,", "bad-json"), (#"{"do":"\u{1}"}"#, "bad-json"),
        ("[]", "bad-request"), ("1", "bad-request"), ("null", "bad-request"), (#""status""#, "bad-request"),
        ("{}", "bad-request"), (#"{"do":null}"#, "bad-request"), (#"{"do":7}"#, "bad-request"),
        (#"{"do":["status"]}"#, "bad-request"),
        (#"{"do":"subscribe","triggers":"a"}"#, "bad-request"),
        (#"{"do":"subscribe","triggers":[1]}"#, "bad-request"),
        (#"{"do":"subscribe","triggers":[null]}"#, "bad-request"),
        (#"{"do":"subscribe","cameras":{}}"#, "bad-request"),
        (#"{"do":"subscribe","cameras":[]}"#, "bad-request"),
        (#"{"do":"subscribe","kinds":["event.start"]}"#, "bad-request"),
        (#"{"do":"subscribe","kinds":true}"#, "bad-request"),
        (#"{"do":"snapshot"}"#, "bad-request"), (#"{"do":"snapshot","camera":1}"#, "bad-request"),
        (#"{"do":"snapshot","camera":null}"#, "bad-request"),
        (#"{"do":"snapshot","camera":"a","width":15}"#, "bad-request"),
        (#"{"do":"snapshot","camera":"a","width":1281}"#, "bad-request"),
        (#"{"do":"snapshot","camera":"a","width":99.5}"#, "bad-request"),
        (#"{"do":"snapshot","camera":"a","width":"99"}"#, "bad-request"),
        (#"{"do":"prompts add"}"#, "bad-request"), (#"{"do":"prompts add","trigger":"a"}"#, "bad-request"),
        (#"{"do":"prompts add","trigger":null}"#, "bad-request"),
        (#"{"do":"prompts add","trigger":[{}]}"#, "bad-request"),
        (#"{"do":"prompts remove"}"#, "bad-request"), (#"{"do":"prompts remove","trigger":{}}"#, "bad-request"),
        (#"{"do":"triggers","triggers":[]}"#, "bad-request"),
        (#"{"do":"subscribe","heartbeat":"999ms"}"#, "bad-request"),
        (#"{"do":"subscribe","heartbeat":"61m"}"#, "bad-request"),
        (#"{"do":"subscribe","heartbeat":"30"}"#, "bad-request"),
        (#"{"do":"subscribe","heartbeat":30}"#, "bad-request"),
        (#"{"do":"subscribe","heartbeat":""}"#, "bad-request"),
        (#"{"do":"subscribe","since":-1}"#, "bad-request"), (#"{"do":"subscribe","since":1.5}"#, "bad-request"),
        (#"{"do":"subscribe","since":"7d"}"#, "bad-request"), (#"{"do":"subscribe","since":"1800"}"#, "bad-request"),
        (#"{"do":"subscribe","since":true}"#, "bad-request"), (#"{"do":"subscribe","since":[1]}"#, "bad-request"),
        (#"{"do":"subscribe","since":9223372036854775808}"#, "bad-request"),
        (#"{"do":""}"#, "unknown-request"), (#"{"do":"STATUS"}"#, "unknown-request"),
        (#"{"do":"prompts"}"#, "unknown-request"), (#"{"do":"prompts  list"}"#, "unknown-request"),
    ])
    func whatIsRefused(text: String, code: String) {
        #expect(refusal(text)?.code == code)
        #expect(refusal(text)?.message.isEmpty == false)
    }

    @Test func aRefusalKeepsTheId() throws {
        for text in [#"{"id":[1],"do":"satus"}"#, #"{"do":7,"id":[1]}"#, #"{"id":[1],"do":"subscribe","since":-1}"#] {
            #expect(parse(text)?.id == .array([.number(1)]))
        }
        #expect(parse(#"{"do":"status"}"#)?.id == nil)
        #expect(parse(#"{"id":null,"do":"status"}"#)?.id == .null)
    }

    @Test func whatIsUnknownIsNearToSomething() {
        #expect(refusal(#"{"do":"subscirbe"}"#)?.message.contains("did you mean “subscribe”") == true)
        #expect(refusal(#"{"do":"Status"}"#)?.message.contains("did you mean “status”") == true)
        #expect(refusal(#"{"do":"explode"}"#)?.message.contains("“prompts list”") == true)
        #expect(refusal(#"{"do":"subscribe","kinds":["camera.loss"]}"#)?.message.contains("“camera.lost”") == true)
    }

    @Test func invalidUTF8IsSaid() throws {
        for bytes: [UInt8] in [[0xFF], [0x22, 0xC3, 0x22], [0xED, 0xA0, 0x80], [0xC0, 0x80]] {
            guard case .failure(let error) = ParsedRequest(line: ByteBuffer(bytes: bytes))?.request else {
                Issue.record("\(bytes) was taken")
                continue
            }
            #expect(error.code == "not-utf8")
        }
    }

    @Test func nestingAndSizeAreLimitedBeforeDecoding() {
        func nested(_ depth: Int) -> String {
            let inner = depth - 1
            return #"{"id":"# + String(repeating: "[", count: inner) + String(repeating: "]", count: inner)
                + #","do":"status"}"#
        }
        #expect(refusal(nested(64)) == nil)
        #expect(refusal(nested(65))?.code == "bad-request")
        #expect(refusal(String(repeating: "[", count: 1_000_000))?.code == "bad-request")
        #expect(refusal(String(repeating: #"{"a":"#, count: 100_000))?.code == "bad-request")
        let many = (0..<5_000).map { "\($0)" }.joined(separator: ",")
        #expect(refusal(#"{"do":"status","id":[\#(many)]}"#)?.code == "bad-request")
    }

    @Test func aTriggerHas64KiBAndNoMore() {
        func adding(_ count: Int) -> String {
            let fill = String(repeating: "x", count: count - #"{"a":""}"#.utf8.count)
            return #"{"do":"prompts add","trigger":{"a":"\#(fill)"}}"#
        }
        #expect(refusal(adding(65_536)) == nil)
        #expect(refusal(adding(65_537))?.code == "bad-request")
    }

    @Test func randomBytesAreNeverTaken() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 1...80, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if case .success = ParsedRequest(line: ByteBuffer(bytes: bytes))?.request {
                Issue.record("\(bytes) was taken")
            }
        }
    }
}
