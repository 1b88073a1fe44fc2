import Foundation
import MobileCLIP
import TestSupport
import Testing

extension Acceptance {
    @Suite("Learned words")
    struct LearnedWordsTests {
        @Test("words that a small model never learned are named wherever prompts are read, and the rest goes on")
        func named() async throws {
            try await Workplace.with { place in
                let learned = Set(Tokenizer().tokens(of: "a dog on the doorstep") + [0]).sorted()
                let model = place.path("words.safetensors")
                try CheckpointWriter.writeSafetensors(SmallModel.bundled(learned: learned).entries(), to: model)
                let complaint = "“a zebra on the doorstep”: the model never learned the word “zebra”;"

                let embedded = try await place.client(
                    "embed",
                    "text",
                    "--model",
                    model,
                    "a dog",
                    "a zebra on the doorstep"
                )
                #expect(embedded.status == 0 && embedded.lines.count == 2)
                #expect(embedded.errors.contains(complaint))
                #expect(!embedded.errors.contains("“a dog”"))

                try place.write(Pictures.reel([Pictures.pair.0], count: 5), as: "reel.mjpeg")
                try place.configure(
                    "  - { name: reel, file: reel.mjpeg }",
                    triggers: "[{ name: zebra, prompt: a dog, against: a zebra on the doorstep }]",
                    model: model
                )
                let check = try await place.client("check", place.configuration)
                #expect(check.status == 0 && check.errors.contains("trigger zebra: \(complaint)"), "\(check.errors)")
                let daemon = try await place.startWatching()
                #expect(daemon.errors.contains("warning: trigger zebra: \(complaint)"))
                // Said once, and no warning: nobody chose those words.
                let rivals = "notice: 16 of the 16 built-in rivals are left out: the model has not learned their words"
                #expect(daemon.errors.components(separatedBy: rivals).count == 2)
                #expect(!daemon.errors.contains("it has no rival"))
                try await place.stop(daemon)

                try place.configure(
                    "  - { name: reel, file: reel.mjpeg }",
                    triggers: "[{ name: dog, prompt: a dog }]",
                    model: model
                )
                let alone = try await place.startWatching()
                let complaintOfNone = "warning: trigger dog: it has no rival, so that its probability is always 1"
                #expect(alone.errors.contains(complaintOfNone))
                try await place.stop(alone)

                let inspected = try await place.client("model", "inspect", model)
                for words in [
                    "MCi 1-1-2-1 24-48-96-192", "3 layers of 128, \(learned.count) of 49408 tokens learned",
                    "256 values",
                ] {
                    #expect(inspected.output.contains(words), "\(inspected.output)")
                }
            }
        }
    }
}
