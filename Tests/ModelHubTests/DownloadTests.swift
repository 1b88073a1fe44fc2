import Crypto
import Foundation
import ModelHub
import Testing

/// The rules of going on, beginning again and giving up, on a server that is played.
@Suite("Downloads")
struct DownloadTests {
    /// What a played server does when it is asked.
    private enum Answer {
        case lost
        /// The head, the bytes of the file that come, and whether the connection is lost after them.
        case sends(ResponseHead, Range<Int>, isLost: Bool = false)
    }

    private final class PlayedServer: Transport {
        let content: [UInt8]
        var answers: [Answer]
        var asked: [TransportRequest] = []

        init(_ content: [UInt8], _ answers: [Answer]) {
            self.content = content
            self.answers = answers
        }

        func fetch(_ request: TransportRequest, into receiver: any TransportReceiver) throws -> String? {
            asked.append(request)
            switch answers.isEmpty ? .lost : answers.removeFirst() {
            case .lost: return "no route to host"
            case .sends(let head, let range, let isLost):
                try receiver.take(head: head)
                // In two pieces, as a network would.
                let middle = (range.lowerBound + range.upperBound) / 2
                for piece in [content[range.lowerBound..<middle], content[middle..<range.upperBound]] {
                    try Array(piece).withUnsafeBytes { try receiver.take(body: $0) }
                }
                return isLost ? "connection reset" : nil
            }
        }
    }

    private static let address = "https://hub.example/file"
    private let content = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 / 256) }
    private let folder: String

    init() {
        folder = NSTemporaryDirectory() + "model-hub-\(UUID().uuidString)"
    }

    private var digest: String { SHA256.hash(data: content).map { String(format: "%02x", $0) }.joined() }

    private func whole(_ fields: [String: String] = [:]) -> ResponseHead {
        ResponseHead(status: 200, fields: ["Content-Length": "1000", "ETag": "\"one\""].merging(fields) { $1 })
    }

    private func rest(from start: Int, of total: Int = 1000, tag: String = "\"one\"") -> ResponseHead {
        ResponseHead(status: 206, fields: ["Content-Range": "bytes \(start)-999/\(total)", "ETag": tag])
    }

    private func observation(
        waits: @escaping (Duration) -> Void = { _ in },
        check: @escaping () throws -> Void = {}
    ) -> Download.Observation {
        Download.Observation(progress: { _, _ in }, checkCancellation: check, wait: waits)
    }

    /// Runs a download in a folder of its own, which is removed at the end.
    private func with(_ body: (PartFile) throws -> Void) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(PartFile(folder: folder, name: "file"))
    }

    private func run(_ part: PartFile, _ server: PlayedServer, digest: String? = nil) throws -> Download.Outcome {
        try Download(address: Self.address, digest: digest, observing: observation()).run(into: part, over: server)
    }

    private func bytes(_ path: String) -> [UInt8]? { FileManager.default.contents(atPath: path).map(Array.init) }

    @Test("a connection that breaks off goes on where it was, with the tag of what is there")
    func goesOn() throws {
        try with { part throws in
            let server = PlayedServer(
                content,
                [
                    .lost, .sends(whole(), 0..<300, isLost: true), .lost,
                    .sends(rest(from: 300), 300..<700, isLost: true), .sends(rest(from: 700), 700..<1000),
                ]
            )
            let outcome = try run(part, server)
            #expect(outcome == Download.Outcome(size: 1000, digest: digest, isVerified: false))
            #expect(server.asked.map(\.offset) == [0, 0, 300, 300, 700])
            #expect(server.asked.map(\.validator) == [nil, nil, "\"one\"", "\"one\"", "\"one\""])
            #expect(bytes(part.path) == content)
            let path = try part.finish(ending: ".pt")
            #expect(path == folder + "/file.pt" && bytes(path) == content)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file.pt"])
        }
    }

    @Test("another run goes on where this one was, of the same address only")
    func anotherRun() throws {
        try with { part throws in
            let broken = PlayedServer(content, [.sends(whole(), 0..<400, isLost: true)])
            #expect(throws: DownloadFailure.self) { try run(part, broken) }
            #expect(broken.asked.count == 5, "four tries after the last byte")
        }
        #expect(bytes(folder) == nil)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            let part = try PartFile(folder: folder, name: "file")
            #expect(throws: DownloadFailure.self) {
                try run(part, PlayedServer(content, [.sends(whole(), 0..<400, isLost: true)]))
            }
            #expect(throws: DownloadFailure.self, "two at once") { try PartFile(folder: folder, name: "file") }
        }
        do {
            let part = try PartFile(folder: folder, name: "file")
            let server = PlayedServer(content, [.sends(rest(from: 400), 400..<600, isLost: true)])
            #expect(throws: DownloadFailure.self) { try run(part, server) }
            #expect(server.asked[0].offset == 400 && server.asked[0].validator == "\"one\"")
        }
        let part = try PartFile(folder: folder, name: "file")
        let other = PlayedServer(content, [.sends(whole(), 0..<1000)])
        _ = try Download(address: "https://other.example/file", digest: nil, observing: observation())
            .run(into: part, over: other)
        #expect(other.asked[0].offset == 0 && bytes(part.path) == content)
    }

    @Test("a server that ignores ranges, has another file, or knows nothing of the rest sends the whole")
    func beginsAgain() throws {
        let first = Answer.sends(whole(), 0..<300, isLost: true)
        for again: [Answer] in [
            [.sends(whole(), 0..<1000)],
            [.sends(rest(from: 300, tag: "\"two\""), 300..<1000), .sends(whole(["ETag": "\"two\""]), 0..<1000)],
            [.sends(rest(from: 300, of: 2000), 300..<1000), .sends(whole(), 0..<1000)],
            [.sends(rest(from: 200), 200..<1000), .sends(whole(), 0..<1000)],
            [.sends(ResponseHead(status: 416), 0..<0), .sends(whole(), 0..<1000)],
        ] {
            try with { part throws in
                let server = PlayedServer(content, [first] + again)
                #expect(try run(part, server).digest == digest)
                #expect(bytes(part.path) == content)
            }
        }
    }

    @Test("what was whole already is not asked for again")
    func nothingMore() throws {
        try with { part throws in
            let nothing = ResponseHead(status: 416, fields: ["Content-Range": "bytes */1000"])
            let server = PlayedServer(content, [.sends(whole(), 0..<1000, isLost: true), .sends(nothing, 0..<0)])
            #expect(try run(part, server).size == 1000)
        }
    }

    @Test("a digest that was announced or asked for must be that of the bytes; else nothing is left")
    func digests() throws {
        let linked = { (digest: String) in ["X-Linked-ETag": "\"\(digest)\""] }
        try with { part throws in
            let server = PlayedServer(content, [.sends(whole(linked(digest)), 0..<1000)])
            #expect(try run(part, server).isVerified)
        }
        let wrong = String(repeating: "0", count: 64)
        try with { part throws in
            let server = PlayedServer(content, [.sends(whole(linked(wrong)), 0..<1000)])
            let failure = #expect(throws: DownloadFailure.self) { try run(part, server) }
            #expect(failure?.description.contains(digest) == true && failure?.description.contains(wrong) == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
        try with { part throws in
            let server = PlayedServer(content, [.sends(whole(), 0..<1000)])
            #expect(throws: DownloadFailure.self) { try run(part, server, digest: wrong) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
        try with { part throws in
            let server = PlayedServer(content, [.sends(whole(linked(digest)), 0..<1000)])
            #expect(throws: DownloadFailure.self, "before a byte comes") { try run(part, server, digest: wrong) }
            #expect(part.length == 0)
        }
        // The digest of a part that another run began counts also where the answer with the rest does not say it.
        try with { part throws in
            let server = PlayedServer(
                content.map { $0 ^ 1 },
                [.sends(whole(linked(digest)), 0..<300, isLost: true), .sends(rest(from: 300), 300..<1000)]
            )
            #expect(throws: DownloadFailure.self) { try run(part, server) }
        }
    }

    @Test("more bytes than were announced are refused, fewer are waited for")
    func lengths() throws {
        try with { part throws in
            let server = PlayedServer(content, [.sends(whole(["Content-Length": "900"]), 0..<1000)])
            #expect(throws: DownloadFailure.self) { try run(part, server) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
        try with { part throws in
            let server = PlayedServer(content, [.sends(whole(), 0..<900), .sends(rest(from: 900), 900..<1000)])
            #expect(try run(part, server).digest == digest)
        }
        try with { part throws in
            let unknown = ResponseHead(status: 200)
            #expect(try run(part, PlayedServer(content, [.sends(unknown, 0..<1000)])).size == 1000)
        }
    }

    @Test("a busy server is asked again, an answer that will stay so is not")
    func statuses() throws {
        try with { part throws in
            let busy = Answer.sends(ResponseHead(status: 503), 0..<0)
            #expect(try run(part, PlayedServer(content, [busy, busy, .sends(whole(), 0..<1000)])).size == 1000)
        }
        for status in [400, 401, 403, 404, 302] {
            try with { part throws in
                let server = PlayedServer(content, [.sends(ResponseHead(status: status), 0..<500)])
                let failure = #expect(throws: DownloadFailure.self) { try run(part, server) }
                #expect(failure?.description.contains("\(status)") == true)
                #expect(server.asked.count == 1 && part.length == 0, "an error's page is no part of the file")
            }
        }
    }

    @Test("who has had enough keeps what has come")
    func cancelling() throws {
        try with { part throws in
            var checks = 0
            let enough = observation(check: {
                checks += 1
                if checks > 2 { throw CancellationError() }
            })
            let server = PlayedServer(content, [.sends(whole(), 0..<1000)])
            #expect(throws: CancellationError.self) {
                try Download(address: Self.address, digest: nil, observing: enough).run(into: part, over: server)
            }
            #expect(part.length == 500 && bytes(part.path) == Array(content[..<500]))
            #expect(FileManager.default.fileExists(atPath: part.path + ".json"))
        }
    }

    @Test("a file of this machine is taken the same way")
    func copying() throws {
        try with { part throws in
            let path = folder + "/source"
            try Data(content).write(to: URL(fileURLWithPath: path))
            let outcome = try Download.copy(path, digest: digest.uppercased(), into: part, observing: observation())
            #expect(outcome == Download.Outcome(size: 1000, digest: digest, isVerified: true))
            #expect(throws: DownloadFailure.self) {
                try Download.copy(path, digest: String(repeating: "0", count: 64), into: part, observing: observation())
            }
            for other in [folder, folder + "/missing"] {
                #expect(throws: DownloadFailure.self) {
                    try Download.copy(other, digest: nil, into: part, observing: observation())
                }
            }
        }
    }
}
