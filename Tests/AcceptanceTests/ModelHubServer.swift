import Foundation

/// A model hub of one's own, which gives one file and misbehaves as the path asks it to (model_hub.py).
struct ModelHubServer {
    /// What the store was asked for.
    struct Request: Decodable {
        let mode: String
        let range: String?
        let ifRange: String?
    }

    private let program: Program
    private let root: String

    /// Starts it, and waits until it listens.
    ///
    /// - Parameter certificate: with it, it is https; its key is in `key.pem` of the workplace.
    init(giving file: String, in place: Workplace, certificate: String? = nil) async throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("model_hub.py")
        let keys = certificate.map { [$0, place.path("key.pem")] } ?? []
        let program = try place.start("/usr/bin/env", ["python3", script.path, file] + keys)
        try await eventually("the hub's port; it said \(program.errors)") {
            if let ending = program.ending { throw Timeout(description: "the hub \(ending): \(program.errors)") }
            return !program.lines.isEmpty
        }
        self.program = program
        root = "\(certificate == nil ? "http" : "https")://127.0.0.1:\(program.lines[0])/"
    }

    /// The hub that misbehaves in one way.
    func base(_ mode: String) -> String { root + mode }

    /// A file of it.
    func address(_ mode: String) -> String { base(mode) + "/apple/Toy/resolve/main/toy.safetensors" }

    /// What the store was asked for in that way.
    func requests(_ mode: String) throws -> [Request] {
        try program.lines.dropFirst().map { try JSONDecoder().decode(Request.self, from: Data($0.utf8)) }
            .filter { $0.mode == mode }
    }
}
