import Imaging
import TestSupport
import Testing

@Suite struct CellMeansTests {
    private func noise(_ side: Int, seed: UInt64 = 1) -> [UInt8] {
        var random = SplitMix(state: seed)
        return (0..<side * side * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    @Test(arguments: [1, 5, 31, 32, 33, 48, 100, 224, 256, 1000])
    func areTheMeansRounded(side: Int) throws {
        let crop = noise(side)
        let cells = try CellMeans(crop: crop, side: side)
        #expect(cells.means.count == 32 * 32 * 3)
        func pixels(_ index: Int) -> ClosedRange<Int> {
            let first = index * side / 32
            return first...max(first, (index + 1) * side / 32 - 1)
        }
        for row in 0..<32 {
            for column in 0..<32 {
                for channel in 0..<3 {
                    let values = pixels(row).flatMap { y in
                        pixels(column).map { x in Double(crop[(y * side + x) * 3 + channel]) }
                    }
                    let mean = (values.reduce(0, +) / Double(values.count)).rounded()
                    #expect(cells.means[(row * 32 + column) * 3 + channel] == UInt8(mean))
                }
            }
        }
    }

    @Test(arguments: [32, 224, 256, 4096])
    func plainColoursStayAsTheyAre(side: Int) throws {
        let crop = [UInt8](repeating: 255, count: side * side * 3)
        let cells = try CellMeans(crop: crop, side: side)
        #expect(cells.means.allSatisfy { $0 == 255 })
        #expect(cells.meanLuma == 255 && cells.lumaSpread == 0)
    }

    @Test func differencesAreOfCells() throws {
        var crop = noise(256)
        let before = try CellMeans(crop: crop, side: 256)
        #expect(before.largestDifference(from: before) == 0)
        // One cell becomes white.
        for y in 80..<88 {
            for x in (40 * 3)..<(48 * 3) { crop[y * 768 + x] = 255 }
        }
        let after = try CellMeans(crop: crop, side: 256)
        let changes = zip(before.means, after.means).map { Int($1) - Int($0) }
        #expect(changes.filter { $0 != 0 }.count == 3)
        #expect(after.largestDifference(from: before) == changes.max())
        #expect(before.largestDifference(from: after) == changes.max())
        let black = CellMeans()
        let white = try CellMeans(crop: [255, 255, 255], side: 1)
        #expect(white.largestDifference(from: black) == 255)
    }

    @Test func lumaIsOfTheStandard() throws {
        for (color, luma) in [([255, 0, 0], 77), ([0, 255, 0], 149), ([0, 0, 255], 29), ([100, 100, 100], 100)] {
            let cells = try CellMeans(crop: color.map { UInt8($0) }, side: 1)
            #expect(cells.meanLuma == Double(luma) && cells.lumaSpread == 0)
        }
    }

    /// 20 of 1024 cells at either end do not count.
    @Test func spreadLeavesAFewCellsOut() throws {
        func spread(dark: Int, bright: Int) throws -> Int {
            var crop = [UInt8](repeating: 100, count: 32 * 32 * 3)
            for index in 0..<dark * 3 { crop[index] = 10 }
            for index in 0..<bright * 3 { crop[3071 - index] = 240 }
            return try CellMeans(crop: crop, side: 32).lumaSpread
        }
        #expect(try spread(dark: 0, bright: 0) == 0)
        #expect(try spread(dark: 20, bright: 20) == 0)
        #expect(try spread(dark: 21, bright: 20) == 90)
        #expect(try spread(dark: 20, bright: 21) == 140)
        #expect(try spread(dark: 21, bright: 21) == 230)
        #expect(try spread(dark: 512, bright: 512) == 230)
    }

    @Test func keepsItsMemoryAndLeavesNothingBehind() throws {
        var cells = CellMeans()
        try cells.measure(noise(256), side: 256)
        let address = cells.means.withUnsafeBufferPointer { $0.baseAddress }
        for (side, seed) in [(224, 2), (256, 3), (7, 4), (256, 5)] {
            let crop = noise(side, seed: UInt64(seed))
            try cells.measure(crop, side: side)
            #expect(try cells == CellMeans(crop: crop, side: side))
            #expect(cells.means.withUnsafeBufferPointer { $0.baseAddress } == address)
        }
    }

    @Test func refusesCropsThatAreNone() {
        var cells = CellMeans()
        #expect(
            refusal { try cells.measure([1, 2, 3, 4], side: 2) } == "4 bytes cannot be a crop of 2×2 in RGB"
        )
        for side in [0, -1, 4097, Int.max, Int.min] {
            #expect(throws: ImagingError.self) { try cells.measure([], side: side) }
        }
    }
}
