import Foundation
import TestSupport
import Testing

extension Acceptance {
    /// `scenewatch model install`, `list` and `remove` against a hub that does what hubs and networks do.
    @Suite("Installing models")
    struct InstallTests {
        private let model = ReferenceData.configuration("models/smallworld.safetensors")

        private func content() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: model)) }

        private func files(_ place: Workplace, in folder: String = "models") -> [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: place.path(folder))) ?? []).sorted()
        }

        private func install(
            _ place: Workplace,
            from source: String,
            _ more: String...
        ) async throws -> Program.Outcome {
            let options = ["--from", source, "--folder", place.path("models")]
            return try await place.run(Programs.client, ["model", "install", "toy"] + options + more)
        }

        private func expectInstalled(
            _ place: Workplace,
            _ outcome: Program.Outcome,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let path = place.path("models/toy.safetensors")
            #expect(outcome.status == 0, "\(outcome.errors)", sourceLocation: sourceLocation)
            #expect(outcome.lines == [path], sourceLocation: sourceLocation)
            #expect(files(place) == ["toy.safetensors"], sourceLocation: sourceLocation)
            let installed = FileManager.default.contents(atPath: path)
            #expect(try installed == content(), sourceLocation: sourceLocation)
        }

        private func expectRefused(
            _ place: Workplace,
            _ outcome: Program.Outcome,
            _ words: String,
            leaving left: [String] = [],
            sourceLocation: SourceLocation = #_sourceLocation
        ) {
            #expect(outcome.status == 1 && outcome.output.isEmpty, sourceLocation: sourceLocation)
            #expect(outcome.errors.contains(words), "\(outcome.errors)", sourceLocation: sourceLocation)
            #expect(files(place) == left, sourceLocation: sourceLocation)
        }

        @Test("over redirections, past a busy hub, and without a word of size or digest")
        func good() async throws {
            try await Workplace.with { place in
                let hub = try await ModelHubServer(giving: model, in: place)
                let good = try await install(place, from: hub.address("good"))
                try expectInstalled(place, good)
                #expect(good.errors.contains("as announced"), "\(good.errors)")

                let again = try await install(place, from: hub.address("good"))
                #expect(again.status == 0 && again.errors.contains("installed already"))
                #expect(try hub.requests("good").count == 1)
                for mode in ["busy", "nodigest", "unannounced"] {
                    try expectInstalled(place, await install(place, from: hub.address(mode), "--replace"))
                }
            }
        }

        @Test("a connection that breaks off again and again goes on where it was")
        func drops() async throws {
            try await Workplace.with { place in
                let hub = try await ModelHubServer(giving: model, in: place)
                try expectInstalled(place, await install(place, from: hub.address("drop")))
                let requests = try hub.requests("drop")
                #expect(requests.count == 4 && requests[0].range == nil)
                let third = try content().count / 3
                for (index, request) in requests.enumerated().dropFirst() {
                    #expect(request.range == "bytes=\(index * third)-" && request.ifRange == "\"first\"")
                }
                // One that does not know ranges, and one whose file is another by then, send the whole.
                for mode in ["norange", "changed"] {
                    try expectInstalled(place, await install(place, from: hub.address(mode), "--replace"))
                    #expect(try hub.requests(mode).count == 2)
                }
            }
        }

        @Test(
            "what is not what was announced is refused in words, and nothing is left of it",
            arguments: [
                ("wrongdigest", "what came has the SHA-256"), ("shortannounced", "the hub announces"),
                ("longannounced", "the hub announces"), ("longlength", "the hub announces"),
                ("gone", "there is no such file (404)"), ("loop", "redirects"),
            ]
        )
        func lies(mode: String, words: String) async throws {
            try await Workplace.with { place in
                let hub = try await ModelHubServer(giving: model, in: place)
                expectRefused(place, try await install(place, from: hub.address(mode)), words)
                // What was there before stays.
                _ = try await install(place, from: model)
                let refused = try await install(place, from: hub.address(mode), "--replace")
                expectRefused(place, refused, words, leaving: ["toy.safetensors"])
                #expect(FileManager.default.contents(atPath: place.path("models/toy.safetensors")) == (try content()))
            }
        }

        @Test("https: with an authority that is trusted, not without, and never on to plain http")
        func secure() async throws {
            try await Workplace.with { place in
                let certificate = place.path("certificate.pem")
                let request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=hub"]
                let names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", place.path("key.pem")]
                let made = try await place.run("/usr/bin/env", ["openssl"] + request + names + ["-out", certificate])
                #expect(made.status == 0, "\(made.errors)")
                let hub = try await ModelHubServer(giving: model, in: place, certificate: certificate)
                expectRefused(place, try await install(place, from: hub.address("good")), "certificate")
                #expect(try hub.requests("good").isEmpty)

                let run = { (mode: String) in
                    let options = ["--from", hub.address(mode), "--folder", place.path("models")]
                    let program = try place.start(
                        Programs.client,
                        ["model", "install", "toy"] + options,
                        environment: ["SSL_CERT_FILE": certificate]
                    )
                    let ending = try await program.end()
                    return Program.Outcome(
                        status: ending == .exited(0) ? 0 : 1,
                        output: program.output,
                        errors: program.errors
                    )
                }
                expectRefused(place, try await run("downgrade"), "http")
                try expectInstalled(place, await run("drop"))
            }
        }

        @Test("on a terminal it asks whether the licence is accepted, and shows how far it is")
        func terminal() async throws {
            try await Workplace.with { place in
                let hub = try await ModelHubServer(giving: model, in: place)
                let command = "\(Programs.client) model install mobileclip_s0 --folder \(place.path("models")) --base "
                for answer in ["n\r", "\r"] {
                    let asked = try await place.runOnTerminal(command + hub.base("good"), typing: [("[y/N]", answer)])
                    #expect(asked.status == 1 && asked.output.contains("nothing was installed"), "\(asked.output)")
                }
                #expect(try hub.requests("good").isEmpty && files(place).isEmpty)

                // What comes is another model, and takes more than two seconds.
                let accepted = try await place.runOnTerminal(command + hub.base("slow"), typing: [("[y/N]", "yes\r")])
                #expect(accepted.status == 1 && accepted.output.contains("million parameters"), "\(accepted.output)")
                #expect(accepted.output.contains(/mobileclip_s0: .* of 2\.9 MB, .*B\/s  █/), "\(accepted.output)")
                #expect(try hub.requests("slow").count == 1 && files(place).isEmpty)
            }
        }

        @Test("what is no model, or another model, is refused after it came")
        func noModel() async throws {
            try await Workplace.with { place in
                try place.write(Data(count: 100_000), as: "zeros")
                expectRefused(place, try await install(place, from: place.path("zeros")), "what came is no toy")
                expectRefused(place, try await install(place, from: place.path("missing")), "No such file")
                let wrong = String(repeating: "0", count: 64)
                let refused = try await install(place, from: model, "--sha256", wrong)
                expectRefused(place, refused, "not \(wrong)")
                let hub = try await ModelHubServer(giving: model, in: place)
                let options = ["--yes", "--base", hub.base("good"), "--folder", place.path("models")]
                let other = try await place.run(Programs.client, ["model", "install", "MobileCLIP-S2"] + options)
                expectRefused(place, other, "million parameters, and mobileclip_s2 99.1")
                #expect(try hub.requests("good").count == 1)
            }
        }

        @Test("verify checks an installed model by its name, and says what it found")
        func verified() async throws {
            try await Workplace.with { place in
                let whole = try await place.client("model", "verify", "smallworld")
                #expect(whole.status == 0, "\(whole.errors)")
                #expect(whole.lines.count == 6 && whole.output.contains("text: fast = plain"), "\(whole.output)")
                let json = try await place.client("model", "verify", "--quick", "--json", model)
                #expect(json.status == 0 && json.output.contains("\"right\" : true"), "\(json.output)")

                var bytes = try content()
                bytes.replaceSubrange((bytes.count - 2)..<bytes.count, with: [0x00, 0x7E])  // float16's NaN
                try place.write(bytes, as: "damaged.safetensors")
                let damaged = try await place.client("model", "verify", place.path("damaged.safetensors"))
                #expect(damaged.status == 1 && damaged.output.contains("WRONG"), "\(damaged)")
            }
        }

        @Test("a hub that cannot be reached: what has come is kept, and goes on another time")
        func interrupted() async throws {
            try await Workplace.with { place in
                let hub = try await ModelHubServer(giving: model, in: place)
                let options = ["--from", hub.address("slow"), "--folder", place.path("models")]
                let program = try place.start(Programs.client, ["model", "install", "toy"] + options)
                let part = place.path("models/.toy.part")
                let size = { (try? FileManager.default.attributesOfItem(atPath: part)[.size] as? Int) ?? 0 }
                try await eventually("a part; it said \(program.errors)") { size() > 100_000 }

                let second = try await install(place, from: model)
                #expect(second.status == 1 && second.errors.contains("another program is downloading it"))
                program.signal(SIGINT)
                #expect(try await program.end() == .exited(130))
                #expect(program.errors.contains("are kept"), "\(program.errors)")
                #expect(files(place) == [".toy.part", ".toy.part.json"])
                let kept = size()

                // A computer that was switched off has at most less.
                try expectInstalled(place, await install(place, from: hub.address("slow")))
                #expect(try hub.requests("slow").last?.range == "bytes=\(kept)-")

                expectRefused(
                    place,
                    try await install(place, from: "http://127.0.0.1:1/toy", "--replace"),
                    "http://127.0.0.1:1/toy: ",
                    leaving: ["toy.safetensors"]
                )
            }
        }

        @Test("a disk without room is told of before or when it is full", .enabled(if: Disk.canMount))
        func fullDisk() async throws {
            try await Workplace.with { place in
                let disk = try await Disk(in: place)
                try await disk.mount("-t", "tmpfs", "-o", "size=2m", "tmpfs")
                try await disk.with {
                    let hub = try await ModelHubServer(giving: model, in: place)
                    for (mode, words) in [("good", "there is room for"), ("unannounced", "No space left on device")] {
                        let options = ["--from", hub.address(mode), "--folder", disk.path]
                        let outcome = try await place.run(Programs.client, ["model", "install", "toy"] + options)
                        #expect(outcome.status == 1 && outcome.errors.contains(words), "\(outcome.errors)")
                        #expect(files(place, in: "disk").isEmpty)
                    }
                }
            }
        }

        @Test("a published model: its licence is named and accepted, its name is known, and it can be removed")
        func published() async throws {
            let standIn = try StandInModel.torch.get()
            try await Workplace.with { place in
                let hub = try await ModelHubServer(giving: standIn, in: place)
                let environment = [
                    "SCENEWATCH_MODELS": place.path("models"), "SCENEWATCH_HUB": hub.base("drop"), "HOME": place.folder,
                    "XDG_CACHE_HOME": place.path("cache"),
                ]
                let run = { (arguments: [String]) in
                    let program = try place.start(Programs.client, arguments, environment: environment)
                    let ending = try await program.end(within: .seconds(300))
                    return (ending, program.output, program.errors)
                }
                let missing = try await run(["embed", "text", "--model", "MobileCLIP-S0", "a cat"])
                #expect(missing.0 == .exited(1) && missing.2.contains("scenewatch model install mobileclip_s0"))

                let asked = try await run(["model", "install", "MobileCLIP-S0"])
                #expect(asked.0 == .exited(1) && asked.2.contains("apple-amlr") && asked.2.contains("--yes"))
                #expect(try hub.requests("drop").isEmpty && files(place).isEmpty)

                let installed = try await run(["model", "install", "MobileCLIP-S0", "--yes"])
                #expect(installed.0 == .exited(0), "\(installed.2)")
                #expect(installed.1 == place.path("models/mobileclip_s0.pt") + "\n")
                #expect(files(place) == ["mobileclip_s0.pt"])
                #expect(try hub.requests("drop").count > 2)

                let listed = try await run(["model", "list"])
                #expect(listed.1.contains(/(?m)^mobileclip_s0 +67\.8 .*models\/mobileclip_s0\.pt$/), "\(listed.1)")
                #expect(listed.1.contains(/(?m)^mobileclip2_s4 +81\.9 +67\.5 .*-$/))
                let bench = try await run(["bench", "--model", "mobileclip-s0", "--seconds", "0.1"])
                #expect(bench.0 == .exited(0), "\(bench.2)")
                struct Entry: Decodable {
                    let name: String
                    let file: String?
                    let median: Double?

                    private enum CodingKeys: String, CodingKey {
                        case name, file
                        case median = "median_ms"
                    }
                }
                let json = try await run(["model", "list", "--json"]).1
                let entries = try JSONDecoder().decode([Entry].self, from: Data(json.utf8))
                let entry = try #require(entries.first { $0.name == "mobileclip_s0" })
                #expect(entry.file == place.path("models/mobileclip_s0.pt") && (entry.median ?? 0) > 0)

                let removed = try await run(["model", "remove", "MobileCLIP-S0"])
                #expect(removed.0 == .exited(0) && files(place).isEmpty, "\(removed.2)")
                #expect(try await run(["model", "remove", "mobileclip_s0"]).0 == .exited(1))
                let unknown = try await run(["model", "install", "mobileclip9"])
                #expect(unknown.0 == .exited(1) && unknown.2.contains("mobileclip2_l14"))
            }
        }
    }
}
