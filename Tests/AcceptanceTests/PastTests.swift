import Foundation
import Testing

extension Acceptance {
    @Suite("The past")
    struct PastTests {
        @Test("what was missed is told, also from before a restart, by number and by time")
        func past() async throws {
            try await Workplace.with { place in
                let scene = try await Scene(in: place)
                try place.configure(Scene.camera(in: place, count: 12), triggers: scene.yaml)
                var heard: [String] = []
                for run in 1...2 {
                    let daemon = try await place.startWatching()
                    let socket = try RawSocket(place.socket)
                    _ = try await socket.next()
                    try await socket.send(#"{"do":"subscribe","since":\#(heard.count)}"#)
                    _ = try await socket.next()
                    for _ in 0..<3 { heard.append(try #require(try await socket.line())) }
                    if run == 2 {
                        let again = try RawSocket(place.socket)
                        _ = try await again.next()
                        try await again.send(#"{"do":"subscribe","since":0}"#)
                        _ = try await again.next()
                        for line in heard { #expect(try await again.line() == line) }
                        let watch = try place.start(
                            Programs.client,
                            ["watch", "--json", "--since", "1", "--socket", place.socket]
                        )
                        let first = try #require(try SocketLine(heard[0]).at)
                        let sinceThen = try place.start(
                            Programs.client,
                            ["watch", "--json", "--since", first, "--socket", place.socket]
                        )
                        let words = try place.start(
                            Programs.client,
                            ["watch", "--since", "0", "--socket", place.socket]
                        )
                        try await eventually("the past") {
                            watch.lines.count >= heard.count - 1 && sinceThen.lines.count >= heard.count
                                && words.lines.count >= heard.count
                        }
                        #expect(Array(watch.lines.prefix(heard.count - 1)) == Array(heard.dropFirst()))
                        #expect(Array(sinceThen.lines.prefix(heard.count)) == heard)
                        #expect(words.lines.first?.contains(Scene.trigger) == true)
                    }
                    daemon.signal(SIGTERM)
                    while let line = try await socket.line() { heard.append(line) }
                    try await place.stop(daemon)
                }
                #expect(try heard.compactMap { try SocketLine($0).seq } == Array(1...heard.count))
                let wrong = try await place.client("watch", "--since", "yesterday", "--socket", place.socket)
                #expect(wrong.status == 64)
            }
        }
    }
}
