/// Reads tensors of a checkpoint by name, with the shape that the model must have there, as finite float32.
package struct WeightReader {
    let checkpoint: Checkpoint
    /// What the file's layout calls the parts of an MCi tower.
    let names: BlockNames
    private let asked = Names()

    private final class Names {
        var names: Set<String> = []
    }

    package init(checkpoint: Checkpoint, names: BlockNames = .apple) {
        self.checkpoint = checkpoint
        self.names = names
    }

    func has(_ name: String) -> Bool {
        checkpoint.tensors[name] != nil
    }

    /// The tensor's extents, each at least 1.
    func shape(_ name: String) throws(ModelError) -> [Int] {
        guard let tensor = checkpoint.tensors[name] else { throw missing(name) }
        asked.names.insert(name)
        guard tensor.count > 0 else {
            throw problem("tensor \(name) is empty: its shape is \(tensor.shape)")
        }
        return tensor.shape
    }

    /// The tensor's elements. `shape` may hold nil where any extent is right.
    func floats(_ name: String, _ shape: [Int?]) throws(ModelError) -> [Float] {
        let tensor = try tensor(name, shape)
        defer { tensor.letGo() }
        return tensor.floats()
    }

    /// The tensor itself, its elements all finite.
    func tensor(_ name: String, _ shape: [Int?]) throws(ModelError) -> Tensor {
        guard let tensor = checkpoint.tensors[name] else { throw missing(name) }
        _ = try self.shape(name)
        let fits = tensor.shape.count == shape.count && zip(tensor.shape, shape).allSatisfy { $1 == nil || $0 == $1 }
        guard fits else {
            let wanted = shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
            throw problem(
                "tensor \(name) has the shape \(tensor.shape), not [\(wanted)] as this model needs"
            )
        }
        if let (place, value) = tensor.firstNotFinite() {
            throw problem(
                "tensor \(name) holds \(value) at element \(place); the checkpoint is damaged"
            )
        }
        return tensor
    }

    func linear(_ name: String, outputs: Int? = nil, inputs: Int, bias: Bool = true) throws(ModelError) -> Linear {
        let shape = try self.shape(name + ".weight")
        guard let count = shape.first, outputs == nil || outputs == count else {
            throw problem("tensor \(name).weight has the shape \(shape)")
        }
        // 1×1 convolutions are stored as (outputs, inputs, 1, 1).
        let weight = try floats(name + ".weight", shape.count == 4 ? [count, inputs, 1, 1] : [count, inputs])
        let offsets = bias ? try floats(name + ".bias", [count]) : [Float](repeating: 0, count: count)
        return Linear(weight: weight, bias: offsets, outputs: count, inputs: inputs)
    }

    /// A matrix without bias that is stored as (inputs, outputs).
    func transposedLinear(_ name: String, inputs: Int) throws(ModelError) -> Linear {
        let stored = try floats(name, [inputs, nil])
        let outputs = stored.count / inputs
        return Linear(
            weight: (0..<stored.count).map { stored[$0 % inputs * outputs + $0 / inputs] },
            bias: [Float](repeating: 0, count: outputs),
            outputs: outputs,
            inputs: inputs
        )
    }

    /// The image tower's last layer: from what it has seen to the embedding.
    func head(_ layout: Layout, isTransformer: Bool, inputs: Int) throws(ModelError) -> Linear {
        let (name, isTransposed) = layout.head(isTransformer: isTransformer)
        let layer =
            isTransposed
            ? try transposedLinear(name, inputs: inputs)
            : try linear(name, inputs: inputs, bias: has(name + ".bias"))
        guard layer.outputs <= 4 * inputs else {
            throw problem("its image embeddings are \(layer.outputs) wide, which no MobileCLIP's are")
        }
        return layer
    }

    /// The first layer of a feed-forward. Published ones widen three- or fourfold.
    func expansion(_ name: String, of channels: Int) throws(ModelError) -> Linear {
        let layer = try linear(name, inputs: channels)
        guard layer.outputs <= 16 * channels else {
            throw problem("\(name) widens \(channels) channels to \(layer.outputs), which no MobileCLIP does")
        }
        return layer
    }

    /// Refuses tensors under `root` that nothing has read: a block with a tensor missing must not end the tower early.
    ///
    /// - Parameter others: starts of names that are not looked at: the other tower's, where this one's root is none.
    func requireAllRead(under root: String, except others: [String] = []) throws(ModelError) {
        let unread = checkpoint.tensors.keys.filter { name in
            name.hasPrefix(root) && !asked.names.contains(name) && !name.hasSuffix(".num_batches_tracked")
                && !others.contains(where: name.hasPrefix)
        }
        guard let first = unread.min() else { return }
        throw problem(
            "tensor \(first) has no place in this model: it is of another kind, or tensors beside it are missing"
        )
    }

    func missing(_ name: String) -> ModelError {
        problem("tensor \(name) is missing")
    }

    func problem(_ problem: String) -> ModelError {
        ModelError(path: checkpoint.path, problem: problem)
    }
}
