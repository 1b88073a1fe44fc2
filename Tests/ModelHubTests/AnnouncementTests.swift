import ModelHub
import Testing

@Suite("What servers say of a file")
struct AnnouncementTests {
    private let digest = String(repeating: "ab", count: 32)

    private func heads(_ text: String) throws -> [ResponseHead] {
        var parser = ResponseHead.Parser()
        return try text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
            try parser.take(Array("\(line)\r\n".utf8))
        }
    }

    @Test("heads are put together from lines: names in any case, the last of two, and one after the other")
    func parsing() throws {
        let heads = try heads(
            """
            HTTP/1.1 302 Found
            Location: https://cdn.example/x
            X-Linked-ETag: "\(digest)"
            X-Linked-Size:   1000
            x-linked-size: 1001
            no field

            HTTP/2 200
            content-length: 1001
            ETag: "s3-tag"

            """
        )
        #expect(heads.count == 2)
        #expect(heads[0].status == 302 && heads[0].isRedirection)
        #expect(heads[0].fields["x-linked-size"] == "1001")
        #expect(heads[1] == ResponseHead(status: 200, fields: ["Content-Length": "1001", "etag": "\"s3-tag\""]))
        #expect(!heads[1].isRedirection && !ResponseHead(status: 302).isRedirection)
    }

    @Test("what is no HTTP, or has no end of headers, is refused")
    func refusals() throws {
        var parser = ResponseHead.Parser()
        #expect(throws: DownloadFailure.self) { try parser.take(Array("HTTP/1.1 abc\r\n".utf8)) }
        #expect(throws: DownloadFailure.self) { try parser.take(Array("HTTP/1.1\r\n".utf8)) }
        #expect(throws: DownloadFailure("the server's answer begins with too many headers")) {
            var parser = ResponseHead.Parser()
            for _ in 0..<10_000 { _ = try parser.take(Array("X: \(String(repeating: "y", count: 100))\r\n".utf8)) }
        }
    }

    @Test("the hub's digest and size are learned where it redirects, the tag where the bytes are")
    func linked() throws {
        let hub = ResponseHead(
            status: 302,
            fields: [
                "Location": "x", "X-Linked-Size": "1000", "X-Linked-Etag": "\"\(digest.uppercased())\"",
                "ETag": "\"h\"",
            ]
        )
        let store = ResponseHead(status: 200, fields: ["Content-Length": "1000", "ETag": "\"tag\""])
        let announced = try Announcement([hub, store])
        #expect(announced == Announcement(size: 1000, digest: digest, validator: "\"tag\""))
        let rest = ResponseHead(status: 206, fields: ["Content-Length": "10", "Content-Range": "bytes 990-999/1000"])
        #expect(try Announcement([hub, rest]) == Announcement(size: 1000, digest: digest, validator: nil))
        #expect(try Announcement([]) == Announcement(size: nil, digest: nil, validator: nil))
    }

    @Test("a digest may be the tag itself or Artifactory's own header; git's and weak tags are none")
    func digests() throws {
        let of = { (fields: [String: String]) in try Announcement([ResponseHead(status: 200, fields: fields)]) }
        #expect(try of(["ETag": "\"\(digest)\""]).digest == digest)
        #expect(try of(["X-Checksum-Sha256": digest]).digest == digest)
        #expect(try of(["ETag": "\"a1b2\""]).digest == nil)
        #expect(try of(["ETag": "W/\"abc\""]).validator == nil)
        #expect(try of(["ETag": "\"\""]).validator == nil)
        #expect(Announcement.digest(String(repeating: "g", count: 64)) == nil)
    }

    @Test("two that contradict each other are refused")
    func contradictions() {
        let fields = ["Location": "x", "X-Linked-Size": "1000", "X-Linked-Etag": digest]
        let hub = ResponseHead(status: 302, fields: fields)
        #expect(throws: DownloadFailure("the hub announces 1000 bytes, and the server has 999")) {
            try Announcement([hub, ResponseHead(status: 200, fields: ["Content-Length": "999"])])
        }
        #expect(throws: DownloadFailure("the hub announces 1000 bytes, and the server has 2000")) {
            try Announcement([hub, ResponseHead(status: 206, fields: ["Content-Range": "bytes 5-9/2000"])])
        }
        let other = String(repeating: "0", count: 64)
        #expect(throws: DownloadFailure("two digests are announced, \(digest) and \(other)")) {
            try Announcement([hub, ResponseHead(status: 200, fields: ["X-Checksum-Sha256": other])])
        }
    }

    @Test("ranges")
    func ranges() {
        let range = { (text: String) in ContentRange(ResponseHead(status: 206, fields: ["Content-Range": text])) }
        #expect(range("bytes 100-199/1000")?.start == 100 && range("bytes 100-199/1000")?.total == 1000)
        #expect(range("bytes */1000")?.start == nil && range("bytes */1000")?.total == 1000)
        #expect(range("bytes 5-9/*")?.start == 5 && range("bytes 5-9/*")?.total == nil)
        #expect(range("lines 1-2/3") == nil && range("bytes 1-2") == nil)
    }

    @Test("addresses and sizes in words")
    func words() {
        #expect(
            ModelHub.address(base: "https://mirror.example/hub//", repository: "apple/X", file: "x.pt")
                == "https://mirror.example/hub/apple/X/resolve/main/x.pt"
        )
        let sizes = [5, 2999, 1_500_000, 215_000_000, 1_780_000_000, 20_000_000_000].map { "\(ByteCount($0))" }
        #expect(sizes == ["5 bytes", "2 kB", "1.5 MB", "215 MB", "1.8 GB", "20 GB"])
    }

    @Test("a lost connection is tried again ever later, and anew after every byte that came")
    func retries() {
        var rule = RetryRule()
        var pauses: [Duration] = []
        while let pause = rule.pause(hasProgressed: false) { pauses.append(pause) }
        #expect(pauses.count == 4 && pauses == pauses.sorted())
        #expect(rule.pause(hasProgressed: true) == pauses[0])
    }
}
