import Kernels

/// All weights of a tower in a few blocks of memory, each array on a cache line of its own.
///
/// - Note: `@unchecked Sendable` is sound: a builder fills each place before it returns it and never writes to it again, so
///   all that can be read here was written before this object was made; and nothing hands out a mutable pointer to it.
final class PackedWeights: @unchecked Sendable {
    /// Where an array starts: in which block, and how many floats behind its beginning.
    struct Place: Sendable {
        fileprivate let block: Int
        fileprivate let offset: Int
    }

    /// Takes arrays in. They are written where they stay: a tower of a gigabyte is never there twice.
    struct Builder {
        fileprivate var blocks: [FloatArena] = []
        /// Floats of the last block that are taken, and that there are.
        private var used = 0
        private var capacity = 0
        /// What is not used of a block is never touched, and takes no memory.
        private static let blockSize = 4 << 20

        /// Adds an array and returns its place. It is followed by zeros up to the end of its cache line.
        mutating func add(_ values: [Float]) -> Place {
            let length = (values.count + 15) & ~15
            let (place, start) = take(length)
            values.withUnsafeBufferPointer { source in
                if let first = source.baseAddress { start.update(from: first, count: source.count) }
            }
            (start + values.count).update(repeating: 0, count: length - values.count)
            return place
        }

        /// Adds a layer's weights as panels.
        mutating func add(panelsOf layer: Linear) -> Place {
            let (inputs, outputs) = (Int32(layer.inputs), Int32(layer.outputs))
            let (place, start) = take(panel_floats(inputs, outputs))
            pack_panels(inputs, outputs, layer.weight, 1, layer.inputs, start)
            return place
        }

        /// Room for so many floats, whole cache lines.
        private mutating func take(_ length: Int) -> (Place, UnsafeMutablePointer<Float>) {
            if blocks.isEmpty || length > capacity - used {
                capacity = max(length, Self.blockSize)
                used = 0
                blocks.append(FloatArena(uninitializedCount: capacity))
            }
            let place = Place(block: blocks.count - 1, offset: used)
            used += length
            return (place, blocks[place.block].start + place.offset)
        }
    }

    private let blocks: [FloatArena]

    init(_ builder: Builder) {
        blocks = builder.blocks
    }

    subscript(_ place: Place) -> UnsafePointer<Float> {
        UnsafePointer(blocks[place.block].start + place.offset)
    }
}

/// A block of float32 on a 64-byte boundary, freed with its owner.
final class FloatArena {
    let start: UnsafeMutablePointer<Float>

    /// A block of zeros.
    convenience init(count: Int) {
        self.init(uninitializedCount: count)
        start.update(repeating: 0, count: max(count, 16))
    }

    /// A block that holds anything until it is written.
    init(uninitializedCount count: Int) {
        let bytes = max(count, 16) * MemoryLayout<Float>.size
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        start = memory.bindMemory(to: Float.self, capacity: max(count, 16))
    }

    deinit {
        start.deallocate()
    }
}
