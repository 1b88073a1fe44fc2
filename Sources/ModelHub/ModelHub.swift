/// The module `ModelHub` brings a file of a model hub onto this machine: over HTTP, or from a file, resumed where it broke
/// off, verified by the digest that the hub announces, and under its final name only when it is whole.
///
/// - `ResponseHead`, `Announcement`: what servers say, parsed; pure.
/// - `PartFile`: what has come so far, and of what.
/// - `Download`: when to go on, begin again or give up. `HTTPTransport` is libcurl behind it.
///
/// It knows nothing of models: whether a file is one is for whoever asked for it, before it gets its name.
///
/// The hub's headers: <https://huggingface.co/docs/hub/api>; resuming: RFC 9110, sections 13.1.5 and 14.
public enum ModelHub {
    /// The publisher's hub.
    public static let standardBase = "https://huggingface.co"

    /// The address of a file in a repository of a hub.
    ///
    /// - Parameters:
    ///   - base: the hub's or a mirror's, such as ``standardBase``; a slash at its end is none too many.
    ///   - repository: `owner/name`.
    public static func address(base: String, repository: String, file: String) -> String {
        var base = base
        while base.hasSuffix("/") { base.removeLast() }
        return "\(base)/\(repository)/resolve/main/\(file)"
    }
}

/// Why a file could not be had, in words for a person.
public struct DownloadFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What happened and, where there is something to do, what to do.
    public let description: String

    /// A failure in words.
    public init(_ description: String) {
        self.description = description
    }
}
