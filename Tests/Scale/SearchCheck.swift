import ArgumentParser
import Foundation
import Journal

/// Searches warm and cold, and holds what is found to a plain search of every look.
struct SearchCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Search the journal, warm and cold, and compare with a plain search."
    )

    @OptionGroup var options: JournalOptions

    @Option(help: "How many queries.")
    var queries = 20

    @Option(help: "How many of them to search cold.")
    var cold = 5

    @Option(help: "How many of them to search without the sketch, too, for the same moments.")
    var plain = 2

    @Flag(help: "Leave the plain search of single looks out.")
    var timesOnly = false

    func run() throws {
        let reader = try JournalReader(path: options.journal)
        let questions = try questions(reader)
        try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)

        // Once for all: what a search reads is then in memory, as far as there is room.
        for question in questions.prefix(2) { _ = try timed(reader, question) }
        var warm: [Double] = []
        var moments: [[FoundMoment]] = []
        for question in questions {
            let (result, seconds) = try timed(reader, question)
            warm.append(seconds)
            moments.append(result.moments)
        }
        say("warm, \(questions.count) searches for 20 moments", warm)

        var looks: [[FoundMoment]] = []
        warm = []
        for question in questions {
            var question = question
            question.stretch = .zero
            let (result, seconds) = try timed(reader, question)
            warm.append(seconds)
            looks.append(result.moments)
        }
        say("warm, \(questions.count) searches for 20 looks", warm)

        var coldTimes: [Double] = []
        for question in questions.prefix(cold) {
            try options.evict()
            coldTimes.append(try timed(reader, question).1)
        }
        say("cold, \(coldTimes.count) searches for 20 moments", coldTimes)
        let resident = try memory("VmHWM")
        print("resident at most \(resident / 1024) MiB")

        if !timesOnly { try compare(questions, looks) }
        try compareMoments(questions, moments)
    }

    private func questions(_ reader: JournalReader) throws -> [LookSearch] {
        var world = World(seed: 1, still: 0)
        for camera in 0..<World.cameras { _ = world.embedding(camera: camera, at: 1000) }
        return (0..<queries).map { LookSearch(embedding: world.query($0), modelID: Generate.model) }
    }

    private func timed(_ reader: JournalReader, _ question: LookSearch) throws -> (SearchResult, Double) {
        let started = ContinuousClock.now
        let result = try reader.search(question)
        let took = (ContinuousClock.now - started) / .seconds(1)
        if let damage = result.damage { throw Failure(description: damage) }
        return (result, took)
    }

    private func say(_ what: String, _ times: [Double]) {
        let sorted = times.sorted()
        guard let least = sorted.first, let most = sorted.last else { return }
        let figures = [least, sorted[sorted.count / 2], most].map { String(format: "%.0f", $0 * 1000) }
        print("\(what): \(figures.joined(separator: " / ")) ms (least / median / most)")
    }

    // MARK: Comparison

    private func compare(_ questions: [LookSearch], _ found: [[FoundMoment]]) throws {
        var search = PlainSearch(questions.map(\.embedding), limit: 20)
        let started = ContinuousClock.now
        try search.run(options.journal)
        print("plain search of all \(questions.count) queries: \(ContinuousClock.now - started)")
        var (same, all, alike) = (0, 0, 0)
        for (expected, actual) in zip(search.best, found) {
            all += expected.count
            let looks = Set(actual.map(\.look))
            same += expected.count { looks.contains($0.look) }
            // What float32 cannot tell apart is as good.
            alike += zip(expected, actual).count { abs(Double($0.score) - $1.similarity) < 1e-6 }
        }
        print("of the 20 best looks of each query \(same) of \(all) are the same; \(alike) are as good to float32")
        guard alike == all else { throw Failure(description: "the searches differ") }
    }

    private func compareMoments(_ questions: [LookSearch], _ found: [[FoundMoment]]) throws {
        let (sketch, aside) = (options.journal + ".sketch", options.journal + ".aside")
        guard plain > 0 else { return }
        try FileManager.default.moveItem(atPath: sketch, toPath: aside)
        defer { try? FileManager.default.moveItem(atPath: aside, toPath: sketch) }
        let reader = try JournalReader(path: options.journal)
        var times: [Double] = []
        for (question, expected) in zip(questions, found).prefix(plain) {
            let (result, seconds) = try timed(reader, question)
            times.append(seconds)
            guard result.unsketched > 0, result.moments == expected else {
                throw Failure(description: "the moments differ without the sketch")
            }
        }
        say("without the sketch, the same moments", times)
    }

    // MARK: Memory

    /// In KiB.
    private func memory(_ name: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }
}

struct Failure: Error, CustomStringConvertible {
    var description: String
}
