import Configuration
import Foundation
import Matching
import TestSupport
import Testing

@Suite("Describing in words")
struct DescriberTests {
    private typealias Group = Vocabulary.Group
    private typealias Description = Vocabulary.Description

    private func said(_ label: String?, _ phrasings: String...) -> Vocabulary.Description {
        Description(label: label, phrasings: phrasings.isEmpty ? [label ?? ""] : phrasings)
    }

    /// Each text is an axis of its own, so that a crop's components are its cosines.
    private static let axes = [
        "dry", "rain", "snow", "nothing", "a person", "two people", "a dog", "a cat", "a ladder", "empty",
    ]

    private func axis(_ text: String) -> [Float]? {
        Self.axes.firstIndex(of: text).map { index in Self.axes.indices.map { $0 == index ? 1 : 0 } }
    }

    private var vocabulary: Vocabulary {
        Vocabulary(groups: [
            Group(name: "weather", isOne: true, descriptions: [said(nil, "dry"), said("rain"), said("snow")]),
            Group(name: "nothing", isOne: false, descriptions: [said(nil, "nothing"), said(nil, "empty")]),
            Group(
                name: "people",
                isOne: false,
                general: "a person",
                descriptions: [said("a person"), said("two people")]
            ),
            Group(
                name: "animals",
                isOne: false,
                general: "an animal",
                descriptions: [said("a dog"), said("a cat")]
            ),
            Group(name: "objects", isOne: false, descriptions: [said("a ladder")]),
        ])
    }

    private func describer(top: Int = 3, scale: Double = 1) -> Describer {
        Describer(vocabulary, top: top, logitScale: scale, embedding: axis)
    }

    /// A crop of which descriptions have these weights within their competition; all others next to none.
    private func crop(_ weights: [String: Double]) -> [Float] {
        Self.axes.map { Float(weights[$0].map(log) ?? -30) }
    }

    private func labels(_ crops: [String: Double]..., top: Int = 3) -> [String] {
        let describer = describer(top: top)
        return describer.labels(of: crops.map { describer.sightings(in: crop($0)) })
    }

    private let dry = ["dry": 1.0, "nothing": 1.0]

    private func seen(_ things: [String: Double]) -> [String: Double] {
        dry.merging(things) { $1 }.merging(["nothing": 1 - things.values.reduce(0, +)]) { $1 }
    }

    @Test("of a group of one the largest share is told, where it is half or more; a silent one tells nothing")
    func one() {
        #expect(labels(dry) == [])
        #expect(labels(["dry": 0.45, "rain": 0.51, "snow": 0.04, "nothing": 1]) == ["rain"])
        #expect(labels(["dry": 0.26, "rain": 0.49, "snow": 0.25, "nothing": 1]) == [])
        // Of several crops the surest says.
        #expect(labels(["rain": 0.6, "dry": 0.4, "nothing": 1], ["snow": 0.9, "dry": 0.1, "nothing": 1]) == ["snow"])
        #expect(labels(dry, ["rain": 0.6, "dry": 0.4, "nothing": 1]) == ["rain"])
    }

    @Test("of things several are told, each with its own share of all that compete")
    func several() {
        #expect(labels(seen(["a dog": 0.35, "a ladder": 0.36])) == ["a dog", "a ladder"])
        #expect(labels(seen(["a dog": 0.29, "a ladder": 0.36])) == ["a ladder"])
        #expect(labels(seen(["a ladder": 0.32])) == [])  // nothing has more
        #expect(labels(seen(["a ladder": 0.9]), seen(["a dog": 0.9])) == ["a dog", "a ladder"])
    }

    @Test("what is seen together and not alone is told in general, and only where nothing else of it is told")
    func general() {
        #expect(labels(seen(["a dog": 0.29, "a cat": 0.28])) == ["an animal"])
        #expect(labels(seen(["a dog": 0.29, "a cat": 0.28]), seen(["a cat": 0.8])) == ["a cat"])
        #expect(labels(seen(["a dog": 0.14, "a cat": 0.14])) == [])
        // A general label may be one of those that compete.
        #expect(labels(seen(["a person": 0.8])) == ["a person"])
        #expect(labels(seen(["a person": 0.28, "two people": 0.28])) == ["a person"])
        #expect(labels(seen(["a person": 0.8]), seen(["two people": 0.8])) == ["two people"])
        // Nothing is general of objects.
        #expect(labels(seen(["a ladder": 0.29])) == [])
    }

    @Test("at most so many of a group are told, the surest, in the vocabulary's order")
    func top() {
        let both = seen(["a dog": 0.33, "a cat": 0.36])
        #expect(labels(both, top: 1) == ["a cat"])
        #expect(labels(both, top: 2) == ["a dog", "a cat"])
    }

    @Test("the scale sharpens, and phrasings count as their mean")
    func scale() {
        let crop = axis("a dog")!.map { $0 * 0.2 }
        // A sixth is not much, but two sevenths and a bit are.
        #expect(describer(scale: 1).labels(of: [describer(scale: 1).sightings(in: crop)]) == ["an animal"])
        let sharp = describer(scale: 100)
        let sightings = sharp.sightings(in: crop)
        #expect(sharp.labels(of: [sightings]) == ["a dog"])
        #expect(sightings.count == 1 && abs(Double(sightings[0].share) - exp(20) / (exp(20) + 6)) < 1e-6)
        let mean = Vocabulary(groups: [
            Group(name: "w", isOne: true, descriptions: [said("wet", "rain", "snow"), said(nil, "dry")])
        ])
        let describer = Describer(mean, top: 1, logitScale: 10, embedding: axis)
        let half = describer.sightings(in: axis("rain")!)
        #expect(abs(Double(half[0].share) - 1 / (1 + exp(-10 * 0.5.squareRoot()))) < 1e-5)
    }

    @Test("what the model does not know is left out, and what would then always be told, too")
    func unknown() {
        func made(_ unknown: Set<String>) -> Describer {
            Describer(vocabulary, top: 3, logitScale: 1) { unknown.contains($0) ? nil : axis($0) }
        }
        #expect(made([]).leftOut == 0)
        #expect(made(["a cat"]).leftOut == 1)
        let noSnow = made(["snow", "dry"])
        #expect(noSnow.leftOut == 2)
        #expect(noSnow.labels(of: [noSnow.sightings(in: crop(["rain": 1, "nothing": 1]))]) == [])
        let noSilence = made(["nothing", "empty"])
        #expect(noSilence.leftOut == 5)
        #expect(noSilence.labels(of: [noSilence.sightings(in: crop(["a dog": 1, "rain": 1]))]) == ["rain"])
        let deaf = made(Set(Self.axes))
        #expect(deaf.isEmpty && deaf.leftOut == vocabulary.labelCount)
        #expect(deaf.sightings(in: crop([:])) == [])
        let noAnimals = made(["a dog", "a cat"])
        #expect(noAnimals.labels(of: [noAnimals.sightings(in: crop(seen(["a ladder": 0.8])))]) == ["a ladder"])
    }

    @Test("labels are the same for the same embedding, whatever its length, and other lengths say nothing")
    func lengths() {
        var random = SplitMix(state: 7)
        for width in [1, 7, 8, 9, 256, 511, 512] {
            let texts = Self.axes.map { _ in
                Prompt.normalized((0..<width).map { _ in Float.random(in: -0.5...0.5, using: &random) })
            }
            let describer = Describer(vocabulary, top: 3, logitScale: 50) { text in
                Self.axes.firstIndex(of: text).map { texts[$0] }
            }
            for (text, vector) in zip(Self.axes, texts) {
                let sightings = describer.sightings(in: vector)
                #expect(sightings == describer.sightings(in: vector))
                // Alone with itself each is the surest, where there are dimensions enough to tell.
                if width > 200, text != "dry", text != "nothing", text != "empty" {
                    #expect(describer.labels(of: [sightings]).contains(text))
                }
            }
            #expect(describer.sightings(in: [Float](repeating: 0, count: width + 1)) == [])
        }
    }
}
