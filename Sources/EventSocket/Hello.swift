/// What the server says first on every connection: `{"hello":{…}}`.
public struct Hello: Codable, Sendable, Equatable {
    /// The version of the protocol: ``EventProtocol/version``.
    public var protocolVersion: Int
    /// The version of the daemon.
    public var version: String
    /// A UUID drawn when the daemon starts. A client that sees it change has met a restart.
    public var boot: String
    /// The sequence number of the latest message, 0 when there has been none.
    public var seq: Int

    private enum CodingKeys: String, CodingKey {
        case protocolVersion = "protocol"
        case version, boot, seq
    }

    /// Creates the greeting of a daemon.
    public init(version: String, boot: String, seq: Int, protocolVersion: Int = EventProtocol.version) {
        self.protocolVersion = protocolVersion
        self.version = version
        self.boot = boot
        self.seq = seq
    }
}
