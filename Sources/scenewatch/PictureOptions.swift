import ArgumentParser
import Configuration

// What commands that judge a prompt take of pictures.

/// Refuses pictures that have nothing to compete with, and rivals of nothing.
func checkPictures(
    prompt: [String],
    against: [String],
    _ image: [String],
    against againstImage: [String]
) throws(ValidationError) {
    if !image.isEmpty, againstImage.isEmpty {
        throw ValidationError("--image needs --against-image: a picture of the same view without the scene")
    }
    if image.isEmpty, !againstImage.isEmpty { throw ValidationError("--against-image goes with --image") }
    if prompt.isEmpty, !image.isEmpty, !against.isEmpty {
        throw ValidationError("--against goes with a prompt; what pictures compete with is --against-image")
    }
}

/// Refuses what is not the same of words and of pictures, where there are both.
func checkMeasure(of condition: Condition, prompt: [String], _ image: [String]) throws(InvalidValue) {
    guard !prompt.isEmpty, !image.isEmpty, condition.measure != .probability else { return }
    throw InvalidValue("with both a prompt and --image, --when must be of `probability`")
}

/// Reads pictures that were named.
func pictures(_ paths: [String]) throws(InvalidValue) -> [PictureSetting] {
    var pictures: [PictureSetting] = []
    for path in paths { pictures.append(try PictureSetting(path: path)) }
    return pictures
}
