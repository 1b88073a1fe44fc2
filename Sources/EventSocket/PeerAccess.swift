import Glibc

/// What a peer may do on the socket.
package enum PeerAccess: Int, Sendable, Comparable, CaseIterable {
    /// Nothing: it is told so, and the connection is closed.
    case none
    /// Ask and subscribe.
    case reading
    /// Change something, too.
    case writing

    package static func < (left: PeerAccess, right: PeerAccess) -> Bool { left.rawValue < right.rawValue }
}

/// Who may do what. The permissions of the socket decide who can connect; this decides what for. Pure.
package struct PeerRule: Sendable {
    /// The daemon's own user.
    private let owner: uid_t
    /// The socket's group.
    private let group: gid_t
    /// Users who may change something, as root and the owner may.
    private let operators: Set<uid_t>

    /// Creates the rule of a socket.
    package init(owner: uid_t, group: gid_t, operators: Set<uid_t>) {
        self.owner = owner
        self.group = group
        self.operators = operators
    }

    /// What a peer may do; nothing when nobody knows who it is.
    package func access(of peer: PeerCredentials?) -> PeerAccess {
        guard let peer else { return .none }
        if peer.user == 0 || peer.user == owner || operators.contains(peer.user) { return .writing }
        if peer.group == group || peer.supplementaryGroups.contains(group) { return .reading }
        return .none
    }

    /// Why a peer may not use the socket at all.
    package func refusal(of peer: PeerCredentials?) -> RequestError {
        let who = peer.map { "user \($0.user)" } ?? "an unknown user"
        return RequestError(
            .notAllowed,
            "\(who) may not use this socket: it is for root, user \(owner), operators and members of group \(group)"
        )
    }

    /// Why a peer that may read may not change anything.
    package func refusalToWrite() -> RequestError {
        RequestError(.notAllowed, "only root, user \(owner) and operators may ask for that")
    }
}
