import EventSocket
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct PeerAccessTests {
    /// Everybody there can be, for every rule there can be: with three users and three groups nothing is left out.
    @Test func everyPeerUnderEveryRule() {
        let users: [uid_t] = [0, 7, 1_000]
        let groups: [gid_t] = [0, 7, 1_000]
        let subsets: [Set<UInt32>] = [[], [0], [7], [1_000], [0, 7], [0, 1_000], [7, 1_000], [0, 7, 1_000]]
        for owner in users {
            for socketGroup in groups {
                for operators in subsets {
                    let rule = PeerRule(owner: owner, group: socketGroup, operators: operators)
                    #expect(rule.access(of: nil) == .none)
                    for user in users {
                        for group in groups {
                            for others in subsets {
                                let peer = PeerCredentials(user: user, group: group, supplementaryGroups: others)
                                let access = rule.access(of: peer)
                                let isTrusted = user == 0 || user == owner || operators.contains(user)
                                let isMember = group == socketGroup || others.contains(socketGroup)
                                #expect((access == .writing) == isTrusted)
                                #expect((access == .none) == (!isTrusted && !isMember))
                            }
                        }
                    }
                }
            }
        }
    }

    @Test func whoMayWriteMayRead() {
        #expect(PeerAccess.none < .reading)
        #expect(PeerAccess.reading < .writing)
        #expect(Request.status.requiredAccess == .reading)
        #expect(Request.subscribe(Subscription()).requiredAccess == .reading)
        for change in [Change.reload, .addPrompts(trigger: "{}"), .removePrompts(trigger: "a")] {
            #expect(Request.change(change).requiredAccess == .writing)
        }
    }

    @Test func refusalsSayWhoAndWhoElse() {
        let rule = PeerRule(owner: 990, group: 44, operators: [])
        #expect(
            rule.refusal(of: PeerCredentials(user: 1_000, group: 1_000))
                == RequestError(
                    .notAllowed,
                    "user 1000 may not use this socket: it is for root, user 990, operators and members of group 44"
                )
        )
        #expect(rule.refusal(of: nil).message.hasPrefix("an unknown user may not"))
        #expect(rule.refusalToWrite().code == "not-allowed")
    }

    @Test func theKernelTellsWhoWeAre() throws {
        var ends: [CInt] = [0, 0]
        try #require(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { for end in ends { close(end) } }
        let peer = try #require(PeerCredentials(ofPeerAt: ends[0]))
        #expect(peer.user == geteuid())
        #expect(peer.group == getegid())
        var groups = [gid_t](repeating: 0, count: Int(max(0, getgroups(0, nil))))
        let count = getgroups(CInt(groups.count), &groups)
        #expect(peer.supplementaryGroups == Set(groups.prefix(Int(max(0, count)))))
        #expect(PeerCredentials(ofPeerAt: -1) == nil)
        let file = open("/dev/null", O_RDONLY)
        defer { close(file) }
        #expect(PeerCredentials(ofPeerAt: file) == nil)
    }
}

/// The rule on real users. The socket lets everybody connect, and is given to a group after the server has started.
@Suite(
    .timeLimit(.minutes(2)),
    .enabled(
        if: geteuid() == 0 && isInstalled("setpriv", "socat"),
        "only root can become somebody else, with setpriv and socat"
    )
)
struct PeerUserTests {
    static let group: gid_t = 54_321
    static let user: uid_t = 54_322
    static let `operator`: uid_t = 54_323

    private func withOpenServer(
        _ backend: FakeBackend = FakeBackend(),
        _ body: (String) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let path = folder + "/s"
            let server = makeServer(path, mode: 0o666, backend, operators: [Self.operator])
            try await server.start()
            try #require(chmod(folder, 0o755) == 0 && chown(path, 0, Self.group) == 0)
            do {
                try await body(path)
            } catch {
                await server.stop()
                throw error
            }
            await server.stop()
        }
    }

    /// What the server says to a user who sends one line.
    private func lines(_ line: String, to path: String, user: uid_t, _ groups: [String]) async throws -> [String] {
        let program = try Program(
            "/usr/bin/setpriv",
            ["--reuid=\(user)"] + groups + [
                "sh", "-c", #"echo "$1" | exec socat -t 60 - "UNIX-CONNECT:$2""#, "sh", line, path,
            ]
        )
        var lines: [String] = []
        for await line in program.lines { lines.append(line) }
        return lines
    }

    private func isServed(_ path: String, user: uid_t, _ groups: [String]) async throws -> Bool {
        let said = try await lines(#"{"do":"ping"}"#, to: path, user: user, groups)
        if said.count == 2, said[0].hasPrefix(#"{"hello":"#), said[1].hasPrefix(#"{"ok":"#) { return true }
        #expect(said.count == 1)
        #expect(try code(said.first ?? "") == "not-allowed")
        return false
    }

    @Test func membersAreServedAndOthersAreNot() async throws {
        try await withOpenServer { path async throws in
            let many = (100...200).map(String.init).joined(separator: ",")
            let (user, group, other) = (Self.user, Self.group, Self.group + 7)
            #expect(try await isServed(path, user: 0, ["--regid=\(other)", "--clear-groups"]))
            #expect(try await isServed(path, user: user, ["--regid=\(group)", "--clear-groups"]))
            #expect(try await isServed(path, user: user, ["--regid=\(other)", "--groups=\(group)"]))
            #expect(try await isServed(path, user: user, ["--regid=\(other)", "--groups=\(many),\(group)"]))
            #expect(try await !isServed(path, user: user, ["--regid=\(other)", "--groups=\(many)"]))
            #expect(try await !isServed(path, user: user, ["--regid=\(other)", "--clear-groups"]))
            #expect(try await isServed(path, user: Self.operator, ["--regid=\(other)", "--clear-groups"]))
        }
    }

    @Test func membersChangeNothingAndOperatorsMay() async throws {
        let backend = FakeBackend()
        backend.update { values in values.change = { _ in .success(ChangeReport(message: "done", seq: 1)) } }
        try await withOpenServer(backend) { path async throws in
            let member = ["--regid=\(Self.group)", "--clear-groups"]
            for request in [
                #"{"id":1,"do":"reload"}"#, #"{"id":1,"do":"prompts add","trigger":{"name":"a"}}"#,
                #"{"id":1,"do":"prompts remove","trigger":"a"}"#,
            ] {
                let refused = try await lines(request, to: path, user: Self.user, member)
                #expect(try code(refused.last ?? "") == "not-allowed")
                #expect(refused.last?.contains(#""id":1"#) == true)
                let done = try await lines(request, to: path, user: Self.operator, ["--regid=7", "--clear-groups"])
                #expect(done.last == #"{"id":1,"ok":{"message":"done","seq":1}}"#)
            }
        }
        #expect(
            backend.changes == [.reload, .addPrompts(trigger: #"{"name":"a"}"#), .removePrompts(trigger: "a")]
        )
    }

    /// Who is an operator no more may ask for no change on a connection that is open.
    @Test func operatorsComeAndGo() async throws {
        let backend = FakeBackend()
        backend.update { values in values.change = { _ in .success(ChangeReport(message: "done")) } }
        try await withFolder { folder in
            let path = folder + "/s"
            let server = makeServer(path, mode: 0o666, backend)
            try await server.start()
            try #require(chmod(folder, 0o777) == 0 && chown(path, 0, Self.group) == 0)
            server.setOperators([Self.operator])
            let script =
                #"(echo "$1"; while [ ! -e "$3" ]; do sleep 0.05; done; echo "$1") | socat -t 60 - "UNIX-CONNECT:$2""#
            let program = try Program(
                "/usr/bin/setpriv",
                ["--reuid=\(Self.operator)", "--regid=\(Self.group)", "--clear-groups"]
                    + ["sh", "-c", script, "sh", #"{"do":"reload"}"#, path, folder + "/go"]
            )
            var lines = program.lines.makeAsyncIterator()
            #expect(await lines.next()?.hasPrefix(#"{"hello":"#) == true)
            #expect(await lines.next() == #"{"ok":{"message":"done"}}"#)
            server.setOperators([])
            try Data().write(to: URL(fileURLWithPath: folder + "/go"))
            #expect(try code(await lines.next() ?? "") == "not-allowed")
            await server.stop()
        }
        #expect(backend.changes == [.reload])
    }
}
