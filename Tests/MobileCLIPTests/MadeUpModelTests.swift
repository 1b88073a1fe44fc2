import Foundation
import MobileCLIP
import TestSupport
import Testing

@Suite("A model of other sizes")
struct MadeUpModelTests {
    @Test("is recognised, and its fast path is the plain loops'")
    func runs() throws {
        let model = try Model(MadeUpModel.open())
        #expect(model.variant.publishedName == nil)
        #expect(model.variant.name == "MCi 1-1-2-1 16-32-64-128")
        #expect(model.variant.textLayers == 3)
        #expect(model.variant.textWidth == 64)
        #expect(!model.variant.isFolded)
        try FastPath.expectPlain(model, within: 1e-4)

        let tower = try model.textTower()
        let tokens = Tokenizer().tokens(of: "a parcel on a doorstep")
        var plain: [String: [Float]] = [:]
        let padded = tokens + [Int](repeating: 0, count: 77 - tokens.count)
        let expected = Reference.embedding(of: padded, tower) { name, x in plain[name] = x.flatMap { $0 } }
        for set in 0..<3 {
            let encoder = TextEncoder(tower: tower, instructionSet: set)
            let embedding = encoder.encode(tokens: tokens) { name, values in
                let actual = Array(UnsafeBufferPointer(start: values, count: 77 * 64))
                #expect(difference(actual, plain[name] ?? []) < 1e-4, "\(set), \(name)")
            }
            #expect(difference(embedding, expected) < 1e-4)
        }
        #expect(plain.count == 3)
    }

    @Test("folded, written and read again it is the same towers")
    func folded() throws {
        let model = try Model(MadeUpModel.open())
        let folded = try Model(MadeUpModel.open(FoldedCheckpoint.entries(of: model)))
        #expect(folded.variant.isFolded)
        #expect(try folded.imageTower() == model.imageTower())
        #expect(try folded.textTower().layers == model.textTower().layers)
    }
}
