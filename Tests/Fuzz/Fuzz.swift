import ArgumentParser

/// Damaged model files and pictures by the million, read by the readers that every such file goes through. Whatever the
/// bytes, reading ends in tensors, pixels or an error: without a crash, within a second, and in 256 MB.
///
/// A case is a function of its format, the seed and its number. Cases are read by child processes, a batch in each, so
/// that one which ends its process is known by its number, kept as a file, and does not end the run. `make test-fuzz`
/// runs it; nothing is installed of it.
@main
struct Fuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reads damaged model files and pictures.",
        subcommands: [Run.self, Batch.self, Replay.self],
        defaultSubcommand: Run.self
    )
}

extension Format: ExpressibleByArgument {}
