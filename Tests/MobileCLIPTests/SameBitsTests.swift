import Dispatch
import MobileCLIP
import Synchronization
import TestSupport
import Testing

/// The same picture has the same embedding, to the last bit, whatever the encoder encoded before and whatever others encode
/// meanwhile: pictures of a batch go through it one after the other, each on one thread.
@Suite("same bits")
struct SameBitsTests {
    @Test("a picture alone, in a batch of eight at any place, and beside other threads is one and the same")
    func aloneAndInABatch() throws {
        let model = try Model(Checkpoint(path: ReferenceData.configuration("models/smallworld.safetensors")))
        let tower = try model.makeImageTower()
        let side = tower.side
        var random = SplitMix(state: 1)
        let pictures: [[UInt8]] = (0..<8).map { _ in
            (0..<side * side * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        @Sendable func encode(_ order: [Int], _ encoder: ImageEncoder) -> [[UInt32]] {
            var results = [[UInt32]](repeating: [], count: pictures.count)
            var embedding: [Float] = []
            for index in order {
                encoder.encode(pictures[index], into: &embedding)
                results[index] = embedding.map(\.bitPattern)
            }
            return results
        }
        let alone = pictures.indices.map { encode([$0], ImageEncoder(tower: tower))[$0] }
        #expect(Set(alone).count == pictures.count)
        let encoder = ImageEncoder(tower: tower)
        #expect(encode(Array(pictures.indices), encoder) == alone)
        #expect(encode(pictures.indices.reversed(), encoder) == alone)

        let beside = Beside()
        DispatchQueue.concurrentPerform(iterations: 4) { number in
            let order = pictures.indices.map { ($0 + 2 * number) % pictures.count }
            beside.add(encode(order, ImageEncoder(tower: tower)))
        }
        #expect(beside.all.count == 4 && beside.all.allSatisfy { $0 == alone })
    }
}

/// What several threads found.
private final class Beside: Sendable {
    private let results = Mutex<[[[UInt32]]]>([])

    var all: [[[UInt32]]] { results.withLock { $0 } }

    func add(_ result: [[UInt32]]) {
        results.withLock { $0.append(result) }
    }
}
