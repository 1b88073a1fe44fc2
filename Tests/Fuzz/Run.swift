import ArgumentParser
import Foundation

/// All formats' cases, in batches, and what they did.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Reads so many cases, shared by all formats.")

    @Option(help: "How many cases.")
    var cases = 20_000

    @Option(help: "Another seed makes other cases.")
    var seed: UInt64 = 1

    @Option(help: "Only this format; may be repeated.")
    var format: [Format] = Format.allCases

    @Option(help: "How many cases one process reads.")
    var batch = 20_000

    @Option(help: "The folder for cases that did harm; it is made when there is one.")
    var findings = ".build-fuzz"

    /// Then it is clear that something is wrong.
    private static let mostFindings = 20

    func validate() throws {
        guard cases > 0, batch > 0, !format.isEmpty else { throw ValidationError("there must be cases") }
    }

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var found = 0
        for (index, format) in format.enumerated() {
            let share = cases * (index + 1) / self.format.count - cases * index / self.format.count
            var total = Batch.Report()
            let started = ContinuousClock.now
            var next = 0
            while next < share, found < Self.mostFindings {
                let count = min(batch, share - next)
                switch try read(format, first: next, count: count, folder: folder) {
                case .ended(let report):
                    total.add(report)
                    next += count
                case .harmed(let number, let how):
                    let path = try keep(format, number)
                    print("\(format) case \(number) (seed \(seed)): \(how)\n  kept as \(path)")
                    found += 1
                    total.cases += number + 1 - next
                    next = number + 1
                }
            }
            print(total.words(format, took: ContinuousClock.now - started))
        }
        guard found == 0 else { throw ExitCode.failure }
    }

    private enum Outcome {
        case ended(Batch.Report)
        /// The case, and what became of the process.
        case harmed(Int, String)
    }

    private func read(_ format: Format, first: Int, count: Int, folder: String) throws -> Outcome {
        let output = Pipe()
        let errors = folder + "/errors"
        try Data().write(to: URL(fileURLWithPath: errors))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["batch", format.rawValue, "\(first)", "\(count)", "--seed", "\(seed)", "--folder", folder]
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        try process.run()
        let line = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        if process.terminationReason == .exit, process.terminationStatus == 0 {
            return .ended(try JSONDecoder().decode(Batch.Report.self, from: line))
        }
        let last = (try? String(contentsOfFile: errors, encoding: .utf8))?.split(separator: "\n").last ?? ""
        let number = try Data(contentsOf: URL(fileURLWithPath: Batch.progressPath(folder))).withUnsafeBytes {
            $0.loadUnaligned(as: Int.self)
        }
        guard process.terminationReason == .uncaughtSignal else { return .harmed(number, String(last)) }
        let signal = process.terminationStatus
        if signal == SIGPROF { return .harmed(number, "it took over \(Batch.seconds) s") }
        return .harmed(number, "\(String(cString: strsignal(signal))). \(last)")
    }

    private func keep(_ format: Format, _ number: Int) throws -> String {
        try FileManager.default.createDirectory(atPath: findings, withIntermediateDirectories: true)
        let path = "\(findings)/\(format)-\(seed)-\(number)"
        try Data(Cases(format, seed: seed).bytes(number)).write(to: URL(fileURLWithPath: path))
        return path
    }
}

extension Batch.Report {
    mutating func add(_ other: Self) {
        cases += other.cases
        taken += other.taken
        if other.slowest > slowest { (slowest, slowestCase) = (other.slowest, other.slowestCase) }
        memory = max(memory, other.memory)
    }

    func words(_ format: Format, took: Duration) -> String {
        let taken = cases == 0 ? 0 : 100 * taken / cases
        let slowest = String(format: "%.3f", slowest)
        return "\(format): \(cases) cases in \(took.components.seconds) s, \(taken) % of them read; "
            + "the slowest, \(slowestCase), in \(slowest) s; at most \(memory >> 20) MB with the program"
    }
}
