import Foundation
import Kernels
import Testing

/// The instruction sets that this CPU has, fastest first.
var instructionSets: [kernels] { (0..<4).compactMap { kernels_at($0)?.pointee } }

func name(_ set: kernels) -> String { String(cString: set.name) }

/// Numbers in -1…1 that are the same in every run.
struct Noise {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40) * 0x1p-23 - 1
    }

    mutating func floats(_ count: Int) -> [Float] {
        (0..<count).map { _ in next() }
    }
}

/// Floats between guards, which an operation that keeps to its output leaves alone.
struct GuardedFloats {
    private static let guards = 64
    private static let mark: Float = -12345.75
    private var floats: [Float]
    let count: Int

    init(_ values: [Float]) {
        count = values.count
        let fence = [Float](repeating: Self.mark, count: Self.guards)
        floats = fence + values + fence
    }

    /// Values that no operation makes, to be overwritten.
    init(count: Int) {
        self.init([Float](repeating: Self.mark, count: count))
    }

    /// One float off the start of an allocation, so never on a boundary that a vector likes.
    mutating func withStart(_ body: (UnsafeMutablePointer<Float>) -> Void) {
        floats.withUnsafeMutableBufferPointer { buffer in
            if let start = buffer.baseAddress { body(start + Self.guards) }
        }
    }

    var values: [Float] { Array(floats[Self.guards..<(Self.guards + count)]) }

    var guardsStand: Bool {
        floats.prefix(Self.guards).allSatisfy { $0 == Self.mark }
            && floats.suffix(Self.guards).allSatisfy { $0 == Self.mark }
    }

    static func isUntouched(_ value: Float) -> Bool { value == mark }
}

func exactGELU(_ x: Double) -> Double {
    0.5 * x * erfc(-x / 2.0.squareRoot())
}

/// Holds `actual` to `expected`, and reports the worst place only.
func expectClose(_ actual: [Float], _ expected: [Double], within tolerance: Double, _ what: String) {
    #expect(actual.count == expected.count, "\(what)")
    let errors = zip(actual, expected).map { abs(Double($0) - $1) / max(1, abs($1)) }
    guard let worst = errors.indices.max(by: { !(errors[$0] >= errors[$1]) }) else { return }
    #expect(errors.allSatisfy { $0 <= tolerance }, "\(what): \(actual[worst]), not \(expected[worst]), at \(worst)")
}
