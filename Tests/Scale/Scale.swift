import ArgumentParser

/// A journal of millions of looks, and what searching it takes. `make test-scale` runs it; nothing is installed of it.
@main
struct Scale: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a large journal, and holds searches of it to plain ones.",
        subcommands: [Generate.self, MakeSketch.self, SearchCheck.self, DecisionCheck.self, BacktestCheck.self]
    )
}
