import EventSocket
import Foundation
import NIOCore
import Testing

/// Requests over real sockets.
@Suite(.timeLimit(.minutes(2))) struct ServerTests {
    @Test func theHelloComesFirst() async throws {
        let backend = FakeBackend()
        backend.update { $0.hello.seq = 1_841 }
        try await withServer(backend) { _, path in
            try await Peer.connect(path, readingHello: false) { peer async throws in
                #expect(
                    try await peer.line()
                        == #"{"hello":{"boot":"7f7ce5a2-0f0b-4d1c-9f1e-5a8d1b1c3f60","protocol":1,"seq":1841,"#
                        + #""version":"0.1.0"}}"#
                )
            }
        }
    }

    @Test func statusAndPrompts() async throws {
        try await withServer { _, path in
            try await Peer.connect(path) { peer async throws in
                let status = try await peer.ask(#"{"id":1,"do":"status"}"#)
                #expect(
                    try Wire.message(Reply<StatusReport>.self, from: ByteBuffer(string: status)).ok == Sample.status
                )
                let prompts = try await peer.ask(#"{"id":2,"do":"prompts list"}"#)
                #expect(
                    try Wire.message(Reply<PromptList>.self, from: ByteBuffer(string: prompts)).ok.prompts
                        == Sample.prompts
                )
            }
        }
    }

    @Test(arguments: [
        "null", "true", "false", "0", "-7", "1.5", "1e3", "9223372036854775807", "18446744073709551615",
        "12345678901234567890123456789012345678", "0.1", #""""#, #""a \"b\" \\ \u00e9 / \u0000""#, #""日本""#, "[]", "{}",
        #"[1,[2,{"a":null}],"x",true]"#, #"{"a":{"b":[1.25,false]},"":"empty key"}"#,
    ])
    func anIdOfAnyKindComesBack(id: String) async throws {
        try await withServer { _, path in
            try await Peer.connect(path) { peer async throws in
                for request in [#""do":"prompts list""#, #""do":"nothing""#, #""do":5"#] {
                    let answer = try json(try await peer.ask(#"{"id":\#(id),\#(request)}"#))
                    guard case .object(let members) = answer else {
                        Issue.record("\(answer) is no object")
                        return
                    }
                    #expect(members["id"] == (try json(id)))
                    // Exactness does not come from reading both with the same rounding.
                    if id.allSatisfy(\.isNumber) {
                        let line = try await peer.ask(#"{"id":\#(id),\#(request)}"#)
                        #expect(line.contains("\"id\":\(id)}") || line.contains("\"id\":\(id),"))
                    }
                }
            }
        }
    }

    @Test func withoutIdTheAnswerHasNone() async throws {
        try await withServer { _, path in
            try await Peer.connect(path) { peer async throws in
                #expect(try await peer.ask(#"{"do":"prompts list"}"#).hasPrefix(#"{"ok":"#))
                #expect(try await !peer.ask(#"{"do":"x"}"#).contains(#""id""#))
            }
        }
    }

    @Test func badLinesAreAnsweredAndTheConnectionGoesOn() async throws {
        try await withServer { _, path in
            try await Peer.connect(path) { peer async throws in
                #expect(try code(try await peer.ask("{not json")) == "bad-json")
                try await peer.send(bytes: [0x7B, 0xFF, 0xFE, 0x7D, 0x0A])
                #expect(try code(try #require(try await peer.line())) == "not-utf8")
                #expect(try code(try await peer.ask(String(repeating: "[", count: 900_000))) == "bad-request")
                #expect(try code(try await peer.ask(#"{"do":"dance"}"#)) == "unknown-request")
                #expect(try code(try await peer.ask(#"{"do":"subscribe","since":-4}"#)) == "bad-request")
                try await peer.send("\n   \n# a remark\n\r")
                #expect(try await peer.ask("{\"do\":\"status\"}\r").hasPrefix(#"{"ok":"#))
            }
        }
    }

    @Test func garbageDoesNoHarm() async throws {
        try await withServer { _, path in
            try await Peer.connect(path) { peer async throws in
                var random = SystemRandomNumberGenerator()
                for _ in 0..<20 {
                    let garbage = (0..<5_000).map { _ in UInt8.random(in: 0...255, using: &random) }
                    try await peer.send(bytes: garbage)
                }
                try await peer.send(bytes: Array("\n{\"id\":\"end\",\"do\":\"status\"}\n".utf8))
                while let line = try await peer.line() {
                    if line.contains(#""id":"end""#) { break }
                    let said = try code(line)
                    #expect(["bad-json", "not-utf8", "bad-request"].contains(said))
                }
            }
            try await Peer.connect(path) { peer async throws in
                #expect(try await peer.ask(#"{"do":"status"}"#).hasPrefix(#"{"ok":"#))
            }
        }
    }

    @Test func aLineOfAMebibyteIsReadAndOneOfTwoEndsTheConnection() async throws {
        try await withServer { _, path in
            try await Peer.connect(path) { peer async throws in
                let head = #"{"do":"prompts list","x":""#
                let fill = String(repeating: "x", count: EventProtocol.longestLine - head.utf8.count - 2)
                #expect(try await peer.ask(head + fill + "\"}").hasPrefix(#"{"ok":"#))
                try await peer.send(String(repeating: "x", count: 2 << 20))
                #expect(try code(try #require(try await peer.line())) == "too-long")
                #expect(try await peer.line() == nil)
            }
        }
    }

    @Test func aClientThatClosedItsSideHearsWhyItsLineWasTooLong() async throws {
        try await withServer { _, path in
            try await Peer.connect(path) { peer in
                for _ in 0..<500 { try await peer.send(#"{"do":"status"}"#) }
                try await peer.send(bytes: repeatElement(UInt8(ascii: "x"), count: 2 << 20))
                peer.finish()
                for _ in 0..<500 { #expect(try await peer.line()?.hasPrefix(#"{"ok":"#) == true) }
                #expect(try code(try #require(try await peer.line())) == "too-long")
                #expect(try await peer.line() == nil)
            }
        }
    }

    @Test func anAnswerLongerThanALineIsRefused() async throws {
        let backend = FakeBackend()
        backend.update { $0.prompts[0].against = [String(repeating: "x", count: EventProtocol.longestLine)] }
        try await withServer(backend) { _, path in
            try await Peer.connect(path) { peer async throws in
                let answer = try await peer.ask(#"{"id":8,"do":"prompts list"}"#)
                #expect(try code(answer) == "too-long")
                #expect(answer.contains(#""id":8"#))
                #expect(try await peer.ask(#"{"do":"status"}"#).hasPrefix(#"{"ok":"#))
            }
        }
    }

    @Test func requestsAreAnsweredInOrderAfterTheClientClosedItsSide() async throws {
        try await withServer { _, path in
            try await Peer.connect(path) { peer async throws in
                let requests = (0..<2_000).map { #"{"id":\#($0),"do":"status"}"# }
                // The last one has no line feed; and nobody reads until all are sent.
                try await peer.send(bytes: Array(requests.joined(separator: "\n").utf8))
                peer.finish()
                for id in 0..<2_000 {
                    #expect(try await peer.line()?.hasPrefix(#"{"id":\#(id),"ok":"#) == true)
                }
                #expect(try await peer.line() == nil)
            }
        }
    }

    @Test func aClientThatSaysNothingIsLetGo() async throws {
        try await withServer { _, path in
            try await Peer.connect(path) { peer async throws in
                peer.finish()
                #expect(try await peer.line() == nil)
            }
        }
    }

    @Test func tooManyConnections() async throws {
        try await withServer { _, path in
            try await withConnections(EventProtocol.connections, to: path) {
                try await Peer.connect(path, readingHello: false) { peer async throws in
                    #expect(try code(try #require(try await peer.line())) == "too-many-connections")
                    #expect(try await peer.line() == nil)
                }
            }
            // Those that went make room.
            var isServed = false
            while !isServed {
                isServed = try await Peer.connect(path, readingHello: false) { peer async throws in
                    try await peer.line()?.hasPrefix(#"{"hello""#) == true
                }
            }
        }
    }

    @Test func aCrowdThatIsNotServedIsClosed() async throws {
        try await withServer { _, path in
            try await withConnections(EventProtocol.connections, to: path) {
                let start = ContinuousClock.now
                try await withRefusals(EventProtocol.refusals, to: path) {
                    let isServed = try await Peer.connect(path, readingHello: false) { try await $0.line() != nil }
                    // On a machine so slow that the first of them have been let go meanwhile, there is room again.
                    #expect(!isServed || start.duration(to: .now) > .seconds(5))
                }
                // Those that went make room.
                var isTold = false
                while !isTold {
                    isTold = try await Peer.connect(path, readingHello: false) { try await $0.line() != nil }
                }
            }
        }
    }

    /// Calls with so many connections that are being told why they are not served: they do not go.
    private func withRefusals(_ count: Int, to path: String, _ body: () async throws -> Void) async throws {
        guard count > 0 else { return try await body() }
        try await Peer.connect(path, readingHello: false, clinging: true) { peer async throws in
            #expect(try code(try #require(try await peer.line())) == "too-many-connections")
            try await withRefusals(count - 1, to: path, body)
        }
    }

    private func withConnections(_ count: Int, to path: String, _ body: () async throws -> Void) async throws {
        guard count > 0 else { return try await body() }
        try await Peer.connect(path) { _ in
            try await withConnections(count - 1, to: path, body)
        }
    }
}
