import Foundation
import Kernels

/// What `attend` works in: the scores of a head, then its keys and its values in panels.
enum AttentionMemory {
    /// How many floats.
    static func count(tokens: Int, headWidth: Int) -> Int {
        let (tokens, headWidth) = (Int32(tokens), Int32(headWidth))
        return scores(tokens) + panel_floats(headWidth, tokens) + panel_floats(tokens, headWidth)
    }

    /// Floats of the scores, so that what follows starts on a cache line.
    fileprivate static func scores(_ tokens: Int32) -> Int {
        (Int(tokens) * Int(tokens) + 15) & ~15
    }
}

/// Multi-head attention over `tokens` rows of queries, keys and values (3 · width floats each, side by side).
///
/// output: tokens × width; memory: as much as `AttentionMemory` says. `isCausal`: a token sees only itself and those
/// before it.
func attend(
    _ kernels: kernels,
    joined: UnsafePointer<Float>,
    tokens: Int,
    width: Int,
    headWidth: Int,
    isCausal: Bool = false,
    memory: UnsafeMutablePointer<Float>,
    output: UnsafeMutablePointer<Float>
) {
    let (count, headCount) = (Int32(tokens), Int32(headWidth))
    let row = 3 * width
    let scale = 1 / Float(headWidth).squareRoot()
    let scores = memory
    let keys = scores + AttentionMemory.scores(count)
    let values = keys + panel_floats(headCount, count)
    var scoring = product_shape(
        rows: count,
        inputs: headCount,
        outputs: count,
        input_stride: Int32(row),
        output_stride: count,
        gelu: false,
        add: false
    )
    var mixing = product_shape(
        rows: count,
        inputs: count,
        outputs: headCount,
        input_stride: count,
        output_stride: Int32(width),
        gelu: false,
        add: false
    )
    for head in stride(from: 0, to: width, by: headWidth) {
        pack_panels(headCount, count, joined + width + head, 1, row, keys)
        pack_panels(count, headCount, joined + 2 * width + head, row, 1, values)
        kernels.product(&scoring, joined + head, keys, nil, scores)
        if isCausal {
            for token in 0..<tokens {
                let row = scores + token * tokens
                kernels.softmax(1, Int32(token + 1), scale, row)
                (row + token + 1).update(repeating: 0, count: tokens - token - 1)
            }
        } else {
            kernels.softmax(count, count, scale, scores)
        }
        kernels.product(&mixing, scores, values, nil, output + head)
    }
}

func sigmoid(_ x: Float) -> Float {
    1 / (1 + exp(-x))
}
