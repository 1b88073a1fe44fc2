import Foundation

/// One file that is brought here.
public struct Download {
    /// What to do while it comes.
    public struct Observation {
        /// Told how many bytes are there, and of how many, as far as that is known.
        public var progress: (_ done: Int, _ size: Int?) -> Void
        /// Asked at least once a second: throws where it is enough.
        public var checkCancellation: () throws -> Void
        /// Waits before another try.
        public var wait: (Duration) throws -> Void

        /// What is done.
        public init(
            progress: @escaping (_ done: Int, _ size: Int?) -> Void,
            checkCancellation: @escaping () throws -> Void,
            wait: @escaping (Duration) throws -> Void
        ) {
            self.progress = progress
            self.checkCancellation = checkCancellation
            self.wait = wait
        }
    }

    /// What has come.
    public struct Outcome: Sendable, Equatable {
        /// In bytes.
        public let size: Int
        /// Its SHA-256, in 64 digits.
        public let digest: String
        /// Whether a digest was asked for or announced, and was this one.
        public let isVerified: Bool

        /// Takes values as they are.
        package init(size: Int, digest: String, isVerified: Bool) {
            self.size = size
            self.digest = digest
            self.isVerified = isVerified
        }
    }

    private let address: String
    private let digest: String?
    private let observation: Observation

    /// - Parameters:
    ///   - address: `https://…` or `http://…`.
    ///   - digest: the SHA-256 that it must have; nil for that which is announced, if any is.
    public init(address: String, digest: String?, observing observation: Observation) {
        self.address = address
        self.digest = digest?.lowercased()
        self.observation = observation
    }

    /// Brings the whole file into `part`, going on where an earlier run broke off.
    ///
    /// - Throws: `DownloadFailure` where it cannot be had, or is not what was announced, in which case nothing is left of
    ///   it; what the observation throws, in which case what has come is kept.
    public func run(into part: PartFile, over transport: some Transport) throws -> Outcome {
        var known = try part.origin(address: address)
        var retries = RetryRule()
        while true {
            let attempt = Attempt(part: part, known: known, address: address, digest: digest, observation: observation)
            let before = part.length
            var request = TransportRequest(address: address)
            (request.offset, request.validator) = (before, known?.validator)
            let lost: String?
            do {
                lost = try transport.fetch(request, into: attempt)
            } catch is Attempt.Stale {
                try part.empty()
                known = nil
                continue
            }
            known = attempt.announced ?? known
            if let words = lost ?? attempt.setback(size: known?.size) {
                let hasProgressed = attempt.received > 0
                guard let pause = retries.pause(hasProgressed: hasProgressed) else {
                    let kept = "\(ByteCount(part.length)) are kept, and another try goes on there"
                    throw DownloadFailure("\(address): \(words)" + (part.length > 0 ? "; \(kept)" : ""))
                }
                try observation.wait(pause)
                continue
            }
            return try verified(part, known)
        }
    }

    private func verified(_ part: PartFile, _ announced: Announcement?) throws(DownloadFailure) -> Outcome {
        let (found, wanted) = (part.digest, digest ?? announced?.digest)
        guard wanted == nil || wanted == found else {
            part.remove()
            throw DownloadFailure(
                "\(address): what came has the SHA-256 \(found), not \(wanted ?? ""), and was removed; try again, and if it "
                    + "stays so, the server or the line to it is not to be trusted"
            )
        }
        return Outcome(size: part.length, digest: found, isVerified: wanted != nil)
    }
}

extension Download {
    /// Takes a file of this machine in place of an address.
    ///
    /// - Throws: `DownloadFailure` where it cannot be read or has another digest; what the observation throws. Nothing is
    ///   left of it then.
    public static func copy(
        _ path: String,
        digest: String?,
        into part: PartFile,
        observing observation: Observation
    ) throws -> Outcome {
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else {
            throw DownloadFailure("\(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        defer { close(source) }
        var status = stat()
        guard fstat(source, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw DownloadFailure("\(path) is no regular file")
        }
        do {
            try part.empty()
            var block = [UInt8](repeating: 0, count: 1 << 20)
            while true {
                try observation.checkCancellation()
                let count = read(source, &block, block.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else {
                    throw DownloadFailure("\(path) cannot be read: \(String(cString: strerror(errno)))")
                }
                guard count > 0 else { break }
                try block.withUnsafeBytes { try part.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
                observation.progress(part.length, Int(status.st_size))
            }
            let found = part.digest
            guard digest == nil || digest?.lowercased() == found else {
                throw DownloadFailure("\(path) has the SHA-256 \(found), not \(digest ?? "")")
            }
            return Outcome(size: part.length, digest: found, isVerified: digest != nil)
        } catch {
            part.remove()
            throw error
        }
    }
}
