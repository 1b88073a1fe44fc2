/// Reads tensors of a checkpoint by name, with the shape that the model must have there, as finite float32.
struct WeightReader {
    let checkpoint: Checkpoint

    func has(_ name: String) -> Bool {
        checkpoint.tensors[name] != nil
    }

    /// The tensor's extents, each at least 1.
    func shape(_ name: String) throws(ModelError) -> [Int] {
        guard let tensor = checkpoint.tensors[name] else { throw missing(name) }
        guard tensor.count > 0 else {
            throw ModelError(path: checkpoint.path, problem: "tensor \(name) is empty: its shape is \(tensor.shape)")
        }
        return tensor.shape
    }

    /// The tensor's elements. `shape` may hold nil where any extent is right.
    func floats(_ name: String, _ shape: [Int?]) throws(ModelError) -> [Float] {
        let tensor = try self.tensor(name, shape)
        let values = tensor.floats()
        if let place = values.firstIndex(where: { !$0.isFinite }) {
            throw ModelError(
                path: checkpoint.path,
                problem: "tensor \(name) holds \(values[place]) at element \(place); the checkpoint is damaged"
            )
        }
        return values
    }

    func tensor(_ name: String, _ shape: [Int?]) throws(ModelError) -> Tensor {
        guard let tensor = checkpoint.tensors[name] else { throw missing(name) }
        _ = try self.shape(name)
        let fits = tensor.shape.count == shape.count && zip(tensor.shape, shape).allSatisfy { $1 == nil || $0 == $1 }
        guard fits else {
            let wanted = shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
            throw ModelError(
                path: checkpoint.path,
                problem: "tensor \(name) has the shape \(tensor.shape), not [\(wanted)] as this model needs"
            )
        }
        return tensor
    }

    func linear(_ name: String, outputs: Int? = nil, inputs: Int, bias: Bool = true) throws(ModelError) -> Linear {
        let shape = try self.shape(name + ".weight")
        guard let count = shape.first, outputs == nil || outputs == count else {
            throw ModelError(path: checkpoint.path, problem: "tensor \(name).weight has the shape \(shape)")
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

    func missing(_ name: String) -> ModelError {
        ModelError(path: checkpoint.path, problem: "tensor \(name) is missing")
    }
}
