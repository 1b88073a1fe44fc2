import ArgumentParser
import Foundation

/// A batch of cases in a process of its own, which ends by a signal, or by itself, at a case that does harm.
struct Batch: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Reads a batch of cases.", shouldDisplay: false)

    /// Of this process, for a case.
    static let memory = 256 << 20
    /// Of the processor. A machine may be busy, so it is not the clock that is looked at; code that was not optimised is
    /// slower.
    static let seconds = isOptimised ? 1 : 20

    private static var isOptimised: Bool {
        #if DEBUG
            false
        #else
            true
        #endif
    }

    @Argument var format: Format
    @Argument(help: "The first case.") var first: Int
    @Argument(help: "How many cases.") var count: Int
    @Option var seed: UInt64
    @Option(help: "Where the number of the case that is read is kept, and the file that is read.")
    var folder: String

    /// What a batch says at its end, on one line.
    struct Report: Codable {
        var cases = 0
        var taken = 0
        var slowest = 0.0
        var slowestCase = 0
        /// The most memory that the process had, in bytes.
        var memory = 0
    }

    func run() throws {
        let cases = try Cases(format, seed: seed)
        let progress = open(Self.progressPath(folder), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard progress >= 0 else { throw Oddity("\(folder) cannot be written to") }
        // Room for the code and for a case. What asks for more, such as 2^40 bytes, is refused, and must cope.
        var room = rlimit(rlim_cur: 4 << 30, rlim_max: 4 << 30)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &room)
        // What is there before the first case is no case's doing.
        _ = try? format.read(cases.bytes(first), path: path)
        let before = Self.peakMemory
        var report = Report()
        for number in first..<first + count {
            let bytes = cases.bytes(number)
            var place = number
            pwrite(progress, &place, MemoryLayout<Int>.size, 0)
            Self.setLimit(Self.seconds)
            let started = Self.processorTime
            do {
                if try format.read(bytes, path: path) { report.taken += 1 }
            } catch {
                throw Oddity("\(error)")
            }
            let took = Self.processorTime - started
            Self.setLimit(0)
            report.cases += 1
            if took > report.slowest { (report.slowest, report.slowestCase) = (took, number) }
            report.memory = Self.peakMemory
            guard report.memory <= before + Self.memory else {
                throw Oddity("it took \((report.memory - before) >> 20) MB")
            }
        }
        print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
    }

    private var path: String { folder + "/file" }

    static func progressPath(_ folder: String) -> String { folder + "/case" }

    /// Ends the process by SIGPROF when it has computed for so long; 0 takes that back.
    private static func setLimit(_ seconds: Int) {
        var timer = itimerval(it_interval: timeval(), it_value: timeval(tv_sec: seconds, tv_usec: 0))
        setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
    }

    private static var processorTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    private static var peakMemory: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss << 10
    }
}
