import Foundation
import Kernels
import Testing

@Suite("Searching")
struct SearchingTests {
    @Test("products with four-bit codes are exact in every set", arguments: [128, 256, 512, 4096])
    func nibbles(width: Int) {
        for rows in [1, 2, 3, 4, 5, 9] {
            var noise = Noise(seed: UInt64(width + rows))
            var query = (0..<width).map { _ in Int16(noise.next() * 32767) }
            var codes = (0..<(rows * width)).map { _ in UInt8((noise.next() + 1) * 7.99) }
            if rows == 9 {
                // The largest sums that there can be.
                query = query.map { $0 < 0 ? -32767 : 32767 }
                codes = codes.indices.map { query[$0 % width] > 0 ? 15 : 0 }
            }
            let expected = (0..<rows).map { row in
                (0..<width).reduce(0) { $0 + Int(codes[row * width + $1]) * Int(query[$1]) }
            }
            let packed = pack(codes, width: width)
            for set in instructionSets {
                // One byte off, so on no boundary that a vector likes.
                let shifted = [0] + packed
                var dots = [Int32](repeating: -1, count: rows + 1)
                shifted.withUnsafeBufferPointer { buffer in
                    guard let start = buffer.baseAddress else { return }
                    set.nibble_dots(Int32(rows), Int32(width), start + 1, query, &dots)
                }
                #expect(dots.dropLast().map(Int.init) == expected, "\(name(set)), \(rows)×\(width)")
                #expect(dots.last == -1)
            }
        }
    }

    @Test("products of several queries with eight-bit codes are exact in every set", arguments: [128, 512, 640, 4096])
    func codes(width: Int) {
        for (rows, queries) in [(1, 1), (3, 2), (5, 3)] {
            var noise = Noise(seed: UInt64(width + rows))
            var query = (0..<(queries * width)).map { _ in Int16(noise.next() * 32767) }
            var codes = (0..<(rows * width)).map { _ in UInt8((noise.next() + 1) * 127.9) }
            if rows == 5 {
                query = query.map { _ in -32767 }
                codes = codes.map { _ in 255 }
            }
            var expected: [Int64] = []
            for row in 0..<rows {
                for number in 0..<queries {
                    var sum: Int64 = 0
                    for index in 0..<width {
                        sum += Int64(codes[row * width + index]) * Int64(query[number * width + index])
                    }
                    expected.append(sum)
                }
            }
            let (coarse, fine) = (pack(codes.map { $0 >> 4 }, width: width), pack(codes.map { $0 & 15 }, width: width))
            for set in instructionSets {
                var dots = [Int64](repeating: -1, count: rows * queries + 1)
                set.code_dots(Int32(rows), Int32(width), coarse, fine, Int32(queries), query, &dots)
                #expect(Array(dots.dropLast()) == expected, "\(name(set)), \(rows)×\(width)")
                #expect(dots.last == -1)
            }
        }
    }

    private func pack(_ codes: [UInt8], width: Int) -> [UInt8] {
        stride(from: 0, to: codes.count, by: 128).flatMap { chunk in
            (0..<32).flatMap { word in
                let nibbles = (0..<4).map { codes[chunk + 32 * $0 + word] }
                return [nibbles[0] | nibbles[1] << 4, nibbles[2] | nibbles[3] << 4]
            }
        }
    }

    @Test("every finite float16 is widened exactly")
    func widening() {
        let all = (UInt16.min...UInt16.max).filter { $0 & 0x7c00 != 0x7c00 }
        for set in instructionSets {
            var floats = [Float](repeating: 0, count: all.count)
            set.widen_halves(Int32(all.count), all, &floats)
            let isSame = zip(all, floats).allSatisfy { Float(Float16(bitPattern: $0)).bitPattern == $1.bitPattern }
            #expect(isSame, "\(name(set))")
        }
    }

    @Test("products with float16 vectors have the same bits in every set", arguments: [0, 1, 7, 31, 32, 100, 512])
    func halves(count: Int) {
        var noise = Noise(seed: UInt64(count))
        let halves = noise.floats(count).map { Float16($0) }
        let query = noise.floats(count)
        let expected = zip(halves, query).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        let results = instructionSets.map { $0.half_dot(Int32(count), halves.map(\.bitPattern), query) }
        #expect(Set(results).count == 1)
        #expect(abs(results[0] - expected) < 1e-12)
        for index in halves.indices {
            for special in [Float16.infinity, -.infinity, .nan] {
                var halves = halves
                halves[index] = special
                #expect(instructionSets.allSatisfy { $0.half_dot(Int32(count), halves.map(\.bitPattern), query).isNaN })
            }
        }
    }

    @Test("products of many queries have the bits of plain sums in every set", arguments: [1, 31, 512])
    func ordered(count: Int) {
        for queries in [32, 96] {
            var noise = Noise(seed: UInt64(count + queries))
            let vector = (0..<count).map { _ in Float(noise.next()) }
            let factors = (0..<(count * queries)).map { _ in Double(Float(noise.next())) }
            let expected = (0..<queries).map { query in
                (0..<count).reduce(0.0) { $0 + Double(vector[$1]) * factors[$1 * queries + query] }
            }
            for set in instructionSets {
                var dots = [Double](repeating: -1, count: queries + 1)
                set.ordered_dots(Int32(count), Int32(queries), vector, factors, &dots)
                #expect(dots == expected + [-1], "\(name(set)), \(count)×\(queries)")
            }
        }
    }
}
