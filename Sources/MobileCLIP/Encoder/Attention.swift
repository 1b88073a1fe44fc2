import COpenBLAS
import Foundation
import Kernels

/// Multi-head attention over `tokens` rows of queries, keys and values (3 · width floats each, side by side).
///
/// output: tokens × width; scores: scratch of tokens × tokens. `isCausal`: a token sees only itself and those before it.
func attend(
    _ kernels: kernels,
    joined: UnsafePointer<Float>,
    tokens: Int,
    width: Int,
    headWidth: Int,
    isCausal: Bool = false,
    scores: UnsafeMutablePointer<Float>,
    output: UnsafeMutablePointer<Float>
) {
    let count = Int32(tokens)
    let row = Int32(3 * width)
    let scale = 1 / Float(headWidth).squareRoot()
    for head in stride(from: 0, to: width, by: headWidth) {
        let queries = joined + head
        let keys = joined + width + head
        let values = joined + 2 * width + head
        openblas_multiply(true, count, count, Int32(headWidth), queries, row, keys, row, false, scores, count)
        if isCausal {
            for token in 0..<tokens {
                let row = scores + token * tokens
                kernels.softmax(1, Int32(token + 1), scale, row)
                (row + token + 1).update(repeating: 0, count: tokens - token - 1)
            }
        } else {
            kernels.softmax(count, count, scale, scores)
        }
        openblas_multiply(
            false,
            count,
            Int32(headWidth),
            count,
            scores,
            count,
            values,
            row,
            false,
            output + head,
            Int32(width)
        )
    }
}

func sigmoid(_ x: Float) -> Float {
    1 / (1 + exp(-x))
}
