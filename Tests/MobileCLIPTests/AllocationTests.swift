import Glibc
import MobileCLIP
import TestSupport
import Testing

@Suite("Memory of the image path")
struct AllocationTests {
    @Test("encoding keeps no memory: twenty pictures leave the heap as it was")
    func steadyState() async {
        // In a process of its own, where no other test allocates.
        await #expect(processExitsWith: .success) {
            let tower = try Model(MadeUpModel.open()).makeImageTower()
            let encoder = ImageEncoder(tower: tower)
            let pixels = MadeUpModel.picture.pixels
            var embedding: [Float] = []
            // The first picture makes the embedding's storage.
            encoder.encode(pixels, into: &embedding)
            encoder.encode(pixels, into: &embedding)
            let heap = try HeapReport()
            // Twenty, because glibc counts its cache of freed blocks, up to seven of a size, as in use.
            let before = heap.bytesInUse()
            for _ in 0..<20 { encoder.encode(pixels, into: &embedding) }
            let after = heap.bytesInUse()
            precondition(before > 1 << 20, "the heap holds the model, so \(before) bytes cannot be right")
            precondition(after == before, "20 pictures left \(after - before) bytes behind")
        }
    }
}

/// What glibc's `malloc_info` says of the heap: all arenas, and blocks that are mapped on their own.
private struct HeapReport {
    private typealias Report = @convention(c) (Int32, UnsafeMutableRawPointer) -> Int32
    private let report: Report
    private let file: OpaquePointer

    init() throws {
        let symbol = try #require(dlsym(nil, "malloc_info"))
        report = unsafeBitCast(symbol, to: Report.self)
        file = OpaquePointer(try #require(tmpfile()))
        // The first report makes the file's buffer.
        _ = bytesInUse()
    }

    func bytesInUse() -> Int {
        let stream = UnsafeMutablePointer<FILE>(file)
        rewind(stream)
        _ = report(0, UnsafeMutableRawPointer(stream))
        fflush(stream)
        rewind(stream)
        // The totals stand after the arenas, so the last line of a kind is the one.
        var line = [CChar](repeating: 0, count: 256)
        var (free, mapped, system) = (0, 0, 0)
        while fgets(&line, 256, stream) != nil {
            let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            guard let size = words.split(separator: "size=\"").last?.prefix(while: \.isNumber), let bytes = Int(size)
            else {
                continue
            }
            if words.hasPrefix("<total type=\"fast\"") { free = bytes }
            if words.hasPrefix("<total type=\"rest\"") { free += bytes }
            if words.hasPrefix("<total type=\"mmap\"") { mapped = bytes }
            if words.hasPrefix("<system type=\"current\"") { system = bytes }
            if words.hasPrefix("</heap>") { (free, mapped, system) = (0, 0, 0) }
        }
        return system - free + mapped
    }
}
