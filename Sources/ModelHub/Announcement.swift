/// What is said of a file before its bytes come: by the hub, where it redirects, and by the server that has it.
package struct Announcement: Sendable, Equatable {
    /// In bytes.
    package var size: Int?
    /// SHA-256 in 64 lower-case digits.
    package var digest: String?
    /// The strong entity tag of the answer that has the bytes, with its quotes: a part with another tag is of another
    /// file.
    package var validator: String?

    /// Takes values as they are.
    package init(size: Int? = nil, digest: String? = nil, validator: String? = nil) {
        self.size = size
        self.digest = digest
        self.validator = validator
    }
}

extension Announcement {
    /// - Parameter heads: of all answers, in the order in which they came; the last is that with the bytes.
    /// - Throws: where two of them say different things of one file.
    package init(_ heads: [ResponseHead]) throws(DownloadFailure) {
        for head in heads {
            // Hugging Face says them where it redirects to its store; Artifactory, a common mirror, where it delivers.
            try learn(size: head.fields["x-linked-size"].flatMap { Int($0) })
            try learn(digest: head.fields["x-linked-etag"].flatMap(Self.digest))
            try learn(digest: head.fields["x-checksum-sha256"].flatMap(Self.digest))
        }
        guard let last = heads.last else { return }
        switch last.status {
        case 206: try learn(size: ContentRange(last)?.total)
        case 200: try learn(size: last.fields["content-length"].flatMap { Int($0) })
        default: break
        }
        if let tag = last.fields["etag"] {
            if digest == nil { digest = Self.digest(tag) }
            // A weak tag names files that mean the same, not those with the same bytes.
            if tag.hasPrefix("\""), tag.hasSuffix("\""), tag.count > 2 { validator = tag }
        }
    }

    private mutating func learn(size new: Int?) throws(DownloadFailure) {
        guard let new, new >= 0 else { return }
        guard size == nil || size == new else {
            throw DownloadFailure("the hub announces \(size ?? 0) bytes, and the server has \(new)")
        }
        size = new
    }

    private mutating func learn(digest new: String?) throws(DownloadFailure) {
        guard let new else { return }
        guard digest == nil || digest == new else {
            throw DownloadFailure("two digests are announced, \(digest ?? "") and \(new)")
        }
        digest = new
    }

    /// A SHA-256 out of an entity tag; nil where it is something else, as of small files, which have git's own.
    package static func digest(_ tag: String) -> String? {
        var tag = tag.lowercased()
        if tag.hasPrefix("w/") { tag.removeFirst(2) }
        tag = tag.filter { $0 != "\"" }
        guard tag.utf8.count == 64, tag.utf8.allSatisfy({ isHexadecimal($0) }) else { return nil }
        return tag
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

/// `Content-Range: bytes 100-199/1000`, or `bytes */1000`.
package struct ContentRange: Sendable, Equatable {
    /// Where the bytes of the answer begin; nil where it has none.
    package let start: Int?
    /// The size of the whole; nil where the server does not know it.
    package let total: Int?

    package init?(_ head: ResponseHead) {
        guard let field = head.fields["content-range"], field.lowercased().hasPrefix("bytes") else { return nil }
        let halves = field.dropFirst(5).split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        start = halves[0].split(separator: "-").first.flatMap { Int(String($0).trimmed) }
        total = Int(String(halves[1]).trimmed)
    }
}
