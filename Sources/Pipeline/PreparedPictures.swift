import Configuration
import Imaging
import Matching
import MobileCLIP

/// The pictures of triggers, encoded as looks are.
struct PreparedPictures {
    private var prompts: [String: [(bytes: [UInt8], prompt: PicturePrompt)]] = [:]

    /// - Parameter tower: of the model; where it is nil and there are pictures, one is made.
    init(_ triggers: [TriggerSettings], _ model: Model, tower: PackedImageTower?) throws(ModelError) {
        let pictures = triggers.flatMap { $0.image + $0.againstImage }
        guard !pictures.isEmpty else { return }
        let packed: PackedImageTower
        if let tower { packed = tower } else { packed = try model.makeImageTower() }
        let encoder = ImageEncoder(tower: packed)
        for picture in pictures where prompt(of: picture) == nil {
            let squares: [[UInt8]]
            do throws(ImagingError) {
                squares = try picture.squares(side: packed.side)
            } catch {
                throw ModelError(path: picture.path, problem: "\(error)")
            }
            let embeddings = squares.map { square in
                var embedding: [Float] = []
                encoder.encode(square, into: &embedding)
                return embedding
            }
            prompts[picture.path, default: []].append(
                (picture.bytes, PicturePrompt(name: picture.path, embeddings: embeddings))
            )
        }
    }

    /// What a trigger looks for in pictures; nil for nothing.
    func contest(of trigger: TriggerSettings) -> PictureContest? {
        let examples = trigger.image.compactMap(prompt(of:))
        let rivals = trigger.againstImage.compactMap(prompt(of:))
        guard !examples.isEmpty, !rivals.isEmpty else { return nil }
        return PictureContest(examples: examples, rivals: rivals)
    }

    private func prompt(of picture: PictureSetting) -> PicturePrompt? {
        prompts[picture.path]?.first { $0.bytes == picture.bytes }?.prompt
    }
}
