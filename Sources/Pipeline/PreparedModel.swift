import Configuration
import Foundation
import Matching
import MobileCLIP

/// The model of a configuration with all its prompts encoded: what looking needs, and nothing more. The text tower and
/// the file are let go.
struct PreparedModel: Sendable {
    let name: String
    let identity: String
    let tower: PackedImageTower
    /// One of each trigger of the configuration, in its order; nil of a combination.
    let matchers: [Matcher?]
    /// What of the prompts the model does not hear, in words.
    let complaints: [String]
    /// How many of the built-in rivals are left out, because the model has not learned their words: it would hear others.
    let unheardRivals: Int

    /// Reads the model and encodes the prompts. Takes a second or so; call it on a thread of its own.
    init(_ settings: Settings) throws(ModelError) {
        let path = try ModelFiles.path(of: settings.model.use)
        let model = try Model(Checkpoint(path: path))
        name = model.variant.name
        identity = model.identity.description
        tower = try model.makeImageTower()

        let prompts = try PreparedPrompts(settings.triggers, model, tower: tower)
        matchers = prompts.matchers
        complaints = prompts.complaints
        unheardRivals = prompts.unheardRivals
    }
}

/// The prompts of triggers, encoded.
package struct PreparedPrompts: Sendable {
    /// One of each trigger, in their order; nil of a combination.
    package let matchers: [Matcher?]
    /// What of them the model does not hear or understand, in words.
    package let complaints: [String]
    /// How many of the built-in rivals are left out.
    package let unheardRivals: Int

    /// Encodes them, each text and picture once. Takes some tenths of a second.
    ///
    /// - Parameter tower: of the model, for pictures; where it is nil and there are pictures, one is made.
    package init(
        _ triggers: [TriggerSettings],
        _ model: Model,
        tower: PackedImageTower? = nil
    ) throws(ModelError) {
        let texts = try model.makeTextEncoder()
        var known: [String: [Float]] = [:]
        let encode = { (text: String) -> [Float] in
            if let embedding = known[text] { return embedding }
            let embedding = texts.encode(text)
            known[text] = embedding
            return embedding
        }
        let pictures = try PreparedPictures(triggers, model, tower: tower)
        let prompt = { (phrasings: [String]) in Prompt(phrasings: phrasings, embeddings: phrasings.map(encode)) }
        let tokenizer = texts.tokenizer
        let background = Matching.background.filter { tokenizer.complaint(about: $0) == nil }.map { prompt([$0]) }
        unheardRivals = Matching.background.count - background.count
        matchers = triggers.map { trigger in
            guard trigger.combination == nil else { return nil }
            let isInWords = !trigger.prompt.isEmpty
            return Matcher(
                prompt: isInWords ? prompt(trigger.prompt) : nil,
                rivals: isInWords ? trigger.against.map { prompt([$0]) } + background : [],
                pictures: pictures.contest(of: trigger),
                logitScale: Double(model.logitScale)
            )
        }
        complaints = zip(triggers, matchers).flatMap { trigger, matcher in
            let complaints = tokenizer.complaints(about: trigger.prompt + trigger.against)
            let isAlone = matcher.map { $0.prompt != nil && $0.rivals.isEmpty } ?? false
            let alone = isAlone ? ["it has no rival, so that its probability is always 1"] : []
            return (complaints + trigger.negationWarnings + alone).map { "trigger \(trigger.name): \($0)" }
        }
    }
}
