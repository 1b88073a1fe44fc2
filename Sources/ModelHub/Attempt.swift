import Foundation

/// One try at a download: takes what the servers answer, and puts the bytes where they belong.
final class Attempt: TransportReceiver {
    /// What is there is not a part of what the server has: the file is to be begun again.
    struct Stale: Error {}

    /// What was said of the file before its bytes came.
    private(set) var announced: Announcement?
    /// How many bytes this try brought.
    private(set) var received = 0

    private let part: PartFile
    private let known: Announcement?
    private let address: String
    private let digest: String?
    private let observation: Download.Observation
    private var heads: [ResponseHead] = []
    private var isTaking = false
    /// What was wrong, where another try may help.
    private var trouble: String?

    init(
        part: PartFile,
        known: Announcement?,
        address: String,
        digest: String?,
        observation: Download.Observation
    ) {
        self.part = part
        self.known = known
        self.address = address
        self.digest = digest
        self.observation = observation
    }

    /// In words why the file is not whole, though the server had nothing more to say; nil where it is.
    func setback(size: Int?) -> String? {
        if let trouble { return trouble }
        guard let size, part.length < size else { return nil }
        return "the connection ended after \(ByteCount(part.length)) of \(ByteCount(size))"
    }

    func checkCancellation() throws { try observation.checkCancellation() }

    func take(head: ResponseHead) throws {
        try observation.checkCancellation()
        guard head.status >= 200 else { return }
        heads.append(head)
        guard !head.isRedirection else { return }
        switch head.status {
        case 200: try begin()
        case 206: try goOn(head)
        case 416: try judge(ContentRange(head))
        case 408, 425, 429, 500...: trouble = "the server answers \(head.status)"
        case 401, 403: throw DownloadFailure("\(address): the server does not give it to everybody (\(head.status))")
        case 404, 410: throw DownloadFailure("\(address): there is no such file (\(head.status))")
        default: throw DownloadFailure("\(address): the server answers \(head.status)")
        }
    }

    /// The whole comes, whatever was asked for.
    private func begin() throws {
        let announced = try announcement()
        if let size = announced.size, let room = part.room, room + part.length < size {
            let space = ByteCount(room + part.length)
            part.remove()
            throw DownloadFailure("\(address): it has \(ByteCount(size)), and there is room for \(space)")
        }
        try part.begin(address: address, announced)
        self.announced = announced
        isTaking = true
    }

    /// The rest comes.
    private func goOn(_ head: ResponseHead) throws {
        let announced = try announcement()
        guard let range = ContentRange(head), range.start == part.length, part.length > 0, isSame(announced) else {
            guard part.length > 0 else {
                throw DownloadFailure("\(address): the server sends a part of what was asked")
            }
            throw Stale()
        }
        // What was known stays known, also where this answer does not say it.
        var joined = announced
        joined.size = announced.size ?? known?.size
        joined.digest = announced.digest ?? known?.digest
        joined.validator = announced.validator ?? known?.validator
        self.announced = joined
        isTaking = true
    }

    /// There is nothing from there on: all is here already, or it is another file.
    private func judge(_ range: ContentRange?) throws {
        guard let known, part.length > 0, let size = known.size ?? range?.total, size == part.length else {
            guard part.length > 0 else { throw DownloadFailure("\(address): the server answers 416") }
            throw Stale()
        }
        announced = known
    }

    private func announcement() throws -> Announcement {
        let announced: Announcement
        do throws(DownloadFailure) {
            announced = try Announcement(heads)
        } catch {
            part.remove()
            throw DownloadFailure("\(address): \(error)")
        }
        if let digest, let other = announced.digest, digest != other {
            throw DownloadFailure("\(address): it has the SHA-256 \(other), not \(digest)")
        }
        return announced
    }

    private func isSame(_ announced: Announcement) -> Bool {
        guard let known else { return false }
        func agree<Value: Equatable>(_ one: Value?, _ other: Value?) -> Bool {
            one == nil || other == nil || one == other
        }
        return agree(known.size, announced.size) && agree(known.digest, announced.digest)
            && agree(known.validator, announced.validator)
    }

    func take(body: UnsafeRawBufferPointer) throws {
        try observation.checkCancellation()
        guard isTaking else { return }
        if let size = announced?.size, part.length + body.count > size {
            part.remove()
            throw DownloadFailure("\(address): more comes than the announced \(size) bytes; it was removed")
        }
        try part.append(body)
        received += body.count
        observation.progress(part.length, announced?.size)
    }
}
