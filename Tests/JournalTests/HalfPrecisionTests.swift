import Foundation
import Journal
import TestSupport
import Testing

struct HalfPrecisionTests {
    /// What IEEE 754 says a pattern means, by arithmetic in double precision.
    private func value(of pattern: UInt16) -> Double {
        let sign: Double = pattern & 0x8000 == 0 ? 1 : -1
        let exponent = Int(pattern >> 10 & 31)
        let fraction = Double(pattern & 1023) / 1024
        switch exponent {
        case 0: return sign * fraction * 0x1p-14
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * (1 + fraction) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
        }
    }

    private func pattern(_ value: Float) -> UInt16 {
        let bytes = HalfPrecision.bytes(of: [value])
        return UInt16(bytes[0]) | UInt16(bytes[1]) << 8
    }

    @Test func everyPatternIsReadAndWrittenBack() throws {
        let patterns = (0...UInt16.max).map { $0 }
        let bytes = Data(patterns.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
        let vector = try #require(HalfPrecision.vector(of: bytes))
        let back = HalfPrecision.bytes(of: vector)
        for (index, pattern) in patterns.enumerated() {
            let expected = value(of: pattern)
            if expected.isNaN {
                guard vector[index].isNaN else {
                    Issue.record("\(pattern) is read as \(vector[index])")
                    continue
                }
            } else if Double(vector[index]) != expected || back[index * 2] != bytes[index * 2]
                || back[index * 2 + 1] != bytes[index * 2 + 1]
            {
                Issue.record("\(pattern) is read as \(vector[index]), written as \(self.pattern(vector[index]))")
            }
        }
    }

    /// Halfway between two neighbours the even one wins; a bit beyond, the nearer.
    @Test func tiesGoToEven() {
        for lower in UInt16(0)..<0x7BFF {
            let tie = Float((value(of: lower) + value(of: lower + 1)) / 2)
            let even = lower.isMultiple(of: 2) ? lower : lower + 1
            if pattern(tie) != even || pattern(tie.nextDown) != lower || pattern(tie.nextUp) != lower + 1 {
                Issue.record("around \(tie): \(pattern(tie.nextDown)) \(pattern(tie)) \(pattern(tie.nextUp))")
            }
        }
    }

    @Test func randomNumbersGoToTheNearest() {
        var randomness = SplitMix(state: 3)
        for _ in 0..<200_000 {
            let float = Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &randomness))
            let written = pattern(float)
            if float.isNaN {
                if !value(of: written).isNaN { Issue.record("NaN is written as \(written)") }
            } else if abs(float) >= 65520 {
                if value(of: written) != (float < 0 ? -.infinity : .infinity) {
                    Issue.record("\(float) is written as \(written)")
                }
            } else {
                let error = abs(value(of: written) - Double(float))
                let step = max(0x1p-24, Double(float.magnitude.binade) * 0x1p-10)
                if error > step / 2 { Issue.record("\(float) is written as \(value(of: written))") }
            }
        }
    }

    @Test func halfAComponentIsNoVector() {
        #expect(HalfPrecision.vector(of: Data([1, 2, 3])) == nil)
        #expect(HalfPrecision.vector(of: Data()) == [])
    }

    @Test func aSliceOfBytesIsRead() {
        let bytes = Data([9]) + HalfPrecision.bytes(of: [0.5, -2])
        #expect(HalfPrecision.vector(of: bytes.dropFirst()) == [0.5, -2])
    }
}
