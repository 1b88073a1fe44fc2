import Glibc
import NIOCore

/// Who is at the other end of a Unix socket, as the kernel knew it when the peer connected (unix(7)).
package struct PeerCredentials: Sendable, Equatable {
    /// The effective user.
    package var user: uid_t
    /// The effective group.
    package var group: gid_t
    /// The other groups that it is in.
    package var supplementaryGroups: Set<gid_t>

    /// Creates credentials.
    package init(user: uid_t, group: gid_t, supplementaryGroups: Set<gid_t> = []) {
        self.user = user
        self.group = group
        self.supplementaryGroups = supplementaryGroups
    }

    /// Reads those of the peer of a connected socket; nil when the kernel does not tell.
    package init?(ofPeerAt descriptor: CInt) {
        // `struct ucred`, which Swift does not import: pid, uid, gid.
        var words: [UInt32] = [0, 0, 0]
        guard Self.read(SO_PEERCRED, of: descriptor, into: &words) == words.count else { return nil }
        var groups = [UInt32](repeating: 0, count: 64)
        var count = Self.read(SO_PEERGROUPS, of: descriptor, into: &groups)
        if let needed = count, needed > groups.count {
            groups = [UInt32](repeating: 0, count: needed)
            count = Self.read(SO_PEERGROUPS, of: descriptor, into: &groups)
        }
        // Kernels before 4.13 do not tell: then the peer is in its own group alone.
        self.init(
            user: words[1],
            group: words[2],
            supplementaryGroups: Set(groups.prefix(count ?? 0))
        )
    }

    /// How many words the option has, also when there are more than there is room for; nil when it cannot be read.
    private static func read(_ option: CInt, of descriptor: CInt, into words: inout [UInt32]) -> Int? {
        let width = MemoryLayout<UInt32>.size
        var length = socklen_t(words.count * width)
        let status = words.withUnsafeMutableBytes {
            getsockopt(descriptor, SOL_SOCKET, option, $0.baseAddress, &length)
        }
        guard status == 0 || errno == ERANGE else { return nil }
        return Int(length) / width
    }
}

extension ChannelHandlerContext {
    /// Who is at the other end; nil when that is not a socket, or the kernel does not tell.
    var peerCredentials: PeerCredentials? {
        try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
            PeerCredentials(ofPeerAt: $0)
        } ?? nil
    }
}
