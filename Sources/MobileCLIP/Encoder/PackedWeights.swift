import Kernels

/// All weights of a tower in one block of memory, each array on a cache line of its own.
///
/// - Note: `@unchecked Sendable` is sound: the memory is written only in `init`, before the object can be shared, and
///   nothing hands out a mutable pointer to it.
final class PackedWeights: @unchecked Sendable {
    /// Where an array starts, in floats.
    typealias Place = Int

    /// Collects arrays before they become one block.
    struct Builder {
        fileprivate var floats: [Float] = []

        /// Adds an array and returns its place.
        mutating func add(_ values: [Float]) -> Place {
            let place = floats.count
            floats.append(contentsOf: values)
            floats.append(contentsOf: repeatElement(0, count: -floats.count & 15))
            return place
        }

        /// Adds a layer's weights as panels.
        mutating func add(panelsOf layer: Linear) -> Place {
            let place = floats.count
            let (inputs, outputs) = (Int32(layer.inputs), Int32(layer.outputs))
            floats.append(contentsOf: repeatElement(0, count: panel_floats(inputs, outputs)))
            floats.withUnsafeMutableBufferPointer { floats in
                guard let start = floats.baseAddress else { return }
                pack_panels(inputs, outputs, layer.weight, 1, layer.inputs, start + place)
            }
            return place
        }
    }

    private let floats: FloatArena

    init(_ builder: Builder) {
        floats = FloatArena(count: builder.floats.count)
        builder.floats.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            floats.start.update(from: start, count: source.count)
        }
    }

    subscript(_ place: Place) -> UnsafePointer<Float> {
        UnsafePointer(floats.start + place)
    }
}

/// A block of float32 on a 64-byte boundary, zeroed, freed with its owner.
final class FloatArena {
    let start: UnsafeMutablePointer<Float>

    init(count: Int) {
        let bytes = max(count, 16) * MemoryLayout<Float>.size
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        start = memory.bindMemory(to: Float.self, capacity: max(count, 16))
    }

    deinit {
        start.deallocate()
    }
}
