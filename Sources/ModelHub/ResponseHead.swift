/// The head of one answer of an HTTP server.
public struct ResponseHead: Sendable, Equatable {
    /// 200, 302, …
    public let status: Int
    /// The fields by their names in lower case; of one that comes twice, the last.
    public let fields: [String: String]

    /// A head of the given parts; names in any case.
    public init(status: Int, fields: [String: String] = [:]) {
        self.status = status
        self.fields = Dictionary(fields.map { ($0.key.lowercased(), $0.value) }) { $1 }
    }

    /// Whether another answer follows in its place.
    package var isRedirection: Bool { [301, 302, 303, 307, 308].contains(status) && fields["location"] != nil }
}

extension ResponseHead {
    /// Puts heads together from their lines, one after the other as they come.
    package struct Parser {
        private var status: Int?
        private var fields: [String: String] = [:]
        private var size = 0

        /// Nothing has come yet.
        package init() {}

        /// No server needs more; one that sends more is up to something.
        package static let mostBytes = 256 << 10

        /// Takes a line with its line break.
        ///
        /// - Returns: the head, when the line ends one.
        /// - Throws: where the lines are no HTTP.
        package mutating func take(_ line: some Collection<UInt8>) throws(DownloadFailure) -> ResponseHead? {
            size += line.count
            guard size <= Self.mostBytes else {
                throw DownloadFailure("the server's answer begins with too many headers")
            }
            let text = String(decoding: line, as: UTF8.self).trimmed
            if text.isEmpty {
                guard let status else { return nil }
                let head = ResponseHead(status: status, fields: fields)
                self = Parser()
                return head
            }
            if text.hasPrefix("HTTP/") {
                let parts = text.split(separator: " ", maxSplits: 2)
                guard parts.count >= 2, let status = Int(parts[1]), (100...999).contains(status) else {
                    throw DownloadFailure("the server does not answer in HTTP")
                }
                (self.status, fields) = (status, [:])
            } else if let colon = text.firstIndex(of: ":") {
                fields[text[..<colon].lowercased()] = String(text[text.index(after: colon)...]).trimmed
            }
            return nil
        }
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
