import Foundation
import MobileCLIP
import TestSupport
import Testing

@Suite("Verifying a checkpoint")
struct VerificationTests {
    private func verify(_ checkpoint: Checkpoint, isQuick: Bool = true) throws -> Verification {
        Verification(try Model(checkpoint), isQuick: isQuick) { _, _ in }
    }

    @Test("an honest model passes every check, folded and not")
    func honest() throws {
        let checkpoint = try MadeUpModel.open()
        var steps: [Int] = []
        let found = Verification(try Model(checkpoint), isQuick: false) { steps.append($1) }
        #expect(found.isRight && found.findings.count == Verification.steps, "\(found.findings)")
        #expect(steps == Array(0..<Verification.steps))
        #expect(found.findings[1].figure.contains(/^\d+ convolutions, at most \d\.\de-0[6-9]/), "\(found.findings[1])")

        let folded = try MadeUpModel.open(FoldedCheckpoint.entries(of: Model(checkpoint)))
        let again = try verify(folded)
        #expect(again.isRight && again.findings.count == 3, "\(again.findings)")
    }

    @Test("every kind of branch is compared: one that was changed before folding is found, and named")
    func branches() throws {
        let checkpoint = try MadeUpModel.open()
        let right = try FoldingCheck(checkpoint, WeightReader(checkpoint: checkpoint))
        #expect(right.count > 20 && right.worst < 1e-6)
        let endings = [
            "patch_embed.0.rbr_scale.bn.weight", "patch_embed.2.rbr_skip.bias", "patch_embed.1.rbr_conv.0.conv.weight",
            "network.0.0.token_mixer.layer_scale", "network.0.0.token_mixer.norm.rbr_skip.weight",
            "network.0.0.token_mixer.mixer.rbr_skip.running_mean", "network.1.proj.0.small_conv.conv.weight",
            "network.1.proj.0.lkb_origin.bn.bias", "network.0.0.convffn.conv.bn.weight",
        ]
        for ending in endings {
            let name = "image_encoder.model." + ending
            let tensor = try #require(checkpoint.tensors[name], "\(name)")
            let other = CheckpointWriter.Entry(name, tensor.shape, tensor.floats().map { $0 * 1.5 + 0.125 })
            let changed = try MadeUpModel.open(changing: [name: other])
            let found = try FoldingCheck(checkpoint, WeightReader(checkpoint: changed))
            #expect(found.worst > 1e-3, "\(ending)")
            #expect(found.worstName.map(name.hasPrefix) == true, "\(ending): \(found.worstName ?? "")")
        }
    }

    @Test(
        "every published layout has its folding compared",
        arguments: [("mobileclip_s0", 72), ("MobileCLIP2-S0", 66), ("mobileclip_b", 2), ("MobileCLIP-B", 2)]
    )
    func published(name: String, count: Int) throws {
        let model = try Model(SeededCheckpoint.open(name))
        let check = try FoldingCheck(
            model.checkpoint,
            WeightReader(checkpoint: model.checkpoint, names: name.hasPrefix("mobileclip") ? .apple : .timm)
        )
        #expect(check.count == count && check.worst < 1e-5, "\(check.count), \(check.worst)")
        #expect(Verification(model, isQuick: true) { _, _ in }.isRight)
    }

    @Test("a number that is none is found and named, and ends the checks")
    func notFinite() throws {
        let name = "image_encoder.model.network.0.0.convffn.fc1.bias"
        let checkpoint = try MadeUpModel.open()
        let tensor = try #require(checkpoint.tensors[name])
        var values = tensor.floats()
        values[3] = .nan
        let damaged = try MadeUpModel.open(changing: [name: CheckpointWriter.Entry(name, tensor.shape, values)])
        let found = try verify(damaged, isQuick: false)
        #expect(!found.isRight)
        #expect(found.findings[0].figure == "\(name) holds nan at element 3")
        #expect(found.findings.last?.isRight == false && found.findings.count == 3)
    }
}
