import EventSocket
import Foundation
import NIOCore
import Testing

/// Requests that change something, and what is said of states, over real sockets.
@Suite(.timeLimit(.minutes(2))) struct ChangeTests {
    @Test func theClientHearsWhatCameOfIt() async throws {
        let backend = FakeBackend()
        backend.update { values in
            values.change = { change in
                switch change {
                case .reload: .success(ChangeReport(message: "nothing has changed"))
                case .addPrompts: .success(ChangeReport(message: "parcel-left is watched for", seq: 7))
                case .removePrompts(let name): .failure(RequestError(.badRequest, "no trigger is called “\(name)”"))
                }
            }
        }
        try await withServer(backend) { _, path in
            try await EventSocketClient.withConnection(to: path) { client async throws in
                #expect(try await client.change(.reload) == ChangeReport(message: "nothing has changed"))
                let settings = #"{"name":"parcel-left","prompt":["a parcel"]}"#
                #expect(try await client.change(.addPrompts(trigger: settings)).seq == 7)
                await #expect(throws: RequestError(.badRequest, "no trigger is called “x”")) {
                    try await client.change(.removePrompts(trigger: "x"))
                }
                #expect(
                    backend.changes == [.reload, .addPrompts(trigger: settings), .removePrompts(trigger: "x")]
                )
            }
        }
    }

    @Test func aDaemonThatSaysNothingOfChangesRefusesThem() async throws {
        try await withServer { _, path in
            try await Peer.connect(path) { peer async throws in
                #expect(try code(try await peer.ask(#"{"do":"reload"}"#)) == "not-supported")
                #expect(try code(try await peer.ask(#"{"do":"prompts add","trigger":{}}"#)) == "not-supported")
                #expect(try code(try await peer.ask(#"{"do":"prompts remove","trigger":"a"}"#)) == "not-supported")
            }
        }
    }

    @Test func requestsBehindAChangeWaitAndLinesDoNot() async throws {
        let backend = FakeBackend()
        backend.update { $0.change = { _ in nil } }
        try await withServer(backend) { server, path in
            try await Peer.connect(path) { peer async throws in
                _ = try await peer.ask(#"{"do":"subscribe"}"#)
                try await peer.send(#"{"id":1,"do":"reload"}"# + "\n" + #"{"id":2,"do":"prompts list"}"#)
                try await until { !backend.changes.isEmpty }
                server.publish(Sample.started(5))
                #expect(try await peer.event().seq == 5)
            }
        }
    }

    @Test func statesAreToldWithoutSubscribing() async throws {
        let backend = FakeBackend()
        backend.update { $0.hello.seq = 41 }
        try await withServer(backend) { server, path in
            try await EventSocketClient.withConnection(to: path) { client async throws in
                #expect(try await client.triggers() == SubscriptionStart(seq: 41, states: Sample.states))
                let filter = SubscriptionFilter(triggers: ["parcel-left"], cameras: ["back-door", "garden"])
                #expect(try await client.triggers(filter).states == [Sample.states[1]])
                #expect(server.subscribers == 0)
            }
        }
    }
}
