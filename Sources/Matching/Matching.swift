/// Matching: what a look means. Prompts and their rivals, scores, and the life of a trigger.
///
/// Everything here is pure: embeddings, scores and times go in, scores and actions come out. It knows nothing of models,
/// cameras, files or clocks, and the same numbers give the same answer for ever.
///
/// A raw cosine says little: all of a CLIP's cosines lie close together, and where they lie differs from prompt to
/// prompt. So a prompt is scored against rivals, descriptions that compete with it for the same picture, and the usual
/// measure is its share of a softmax over all of them, at the checkpoint's own logit scale.
public enum Matching {
    /// The rivals that every prompt has where the model knows their words, besides those that its trigger names: what a
    /// camera shows when nothing is going on. Without them a prompt with no `against` would always win.
    public static let background = [
        "a photo", "a blurry photo", "a dark picture", "an empty scene", "an empty room", "an empty street",
        "an empty parking lot", "an empty yard", "a building", "a wall", "a floor", "a garden with plants", "a road",
        "the sky", "the ground", "an ordinary scene with nothing unusual",
    ]
}
