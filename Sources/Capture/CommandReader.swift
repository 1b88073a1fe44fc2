import Foundation

/// Reads the pictures that a command prints. One that is silent for much longer than ever before is given up.
final class CommandReader: FrameReader {
    private static let longestSilence = Duration.seconds(10)
    private static let mostBytesWithoutPicture = 1 << 20
    /// More than the largest picture has: what prints so much else would keep a processor busy with it for ever.
    private static let hopelessBytes = 65 << 20
    /// No camera is faster. What is, a file that is printed as fast as it can be read, waits in its pipe.
    private static let shortestPeriod = Duration.microseconds(4166)

    let description: String
    private let program: String
    private let stop: Latch
    private let log: CameraLog
    private let child: ChildProcess
    private let start = monotonicNow()
    private var stream = JPEGStream()
    private var errors = StandardErrorLines()
    private var silence: CommandSilence
    private var isOver = false
    private var bytesAtPicture = 0
    private var latest = Duration.zero

    init(_ arguments: [String], stop: Latch, log: CameraLog) throws(SourceLost) {
        child = try ChildProcess(arguments)
        program = arguments.first ?? ""
        description = "JPEG from \"\(program)\""
        self.stop = stop
        self.log = log
        silence = CommandSilence(start: start)
    }

    func next(into frame: inout Frame) throws(SourceLost) -> FrameReading {
        while true {
            if stream.nextPicture(into: &frame.bytes) {
                guard stop.wait(until: latest + Self.shortestPeriod) == .timedOut else { return .stopped }
                latest = monotonicNow()
                silence.pictureCame(at: latest)
                bytesAtPicture = stream.byteCount
                reportCorrupt()
                frame.becomeJPEG()
                frame.stamp(capturedAt: latest)
                return .frame
            }
            switch stop.wait(child.output, child.errorOutput, until: monotonicNow() + .seconds(1)) {
            case .latched:
                return .stopped
            case .timedOut:
                if child.hasExited { throw ended() }
            case .ready(let output, let errorOutput):
                if errorOutput != 0 { child.readErrors(readErrors) }
                if output != 0 { try fill() }
            }
            if !silence.hasPicture { complainOfSilence() }
            if stream.byteCount - bytesAtPicture >= Self.hopelessBytes {
                reportCorrupt()
                throw SourceLost("\"\(program)\" has printed \(Self.hopelessBytes >> 20) MiB without a JPEG picture")
            }
            switch silence.judge(at: monotonicNow()) {
            case .patient: continue
            case .amiss(let pause): return .amiss(silenceText(pause))
            case .lost(let pause): throw SourceLost(silenceText(pause))
            }
        }
    }

    private func silenceText(_ pause: Duration) -> String {
        "\"\(program)\" has printed no picture for \(pause.components.seconds) s"
    }

    private func fill() throws(SourceLost) {
        switch stream.fill(from: child.output) {
        case .some, .blocked: return
        case .failed(let code): throw SourceLost(cannot: "read from \"\(program)\"", code: code)
        case .ended:
            reportCorrupt()
            throw ended()
        }
    }

    private func ended() -> SourceLost {
        isOver = true
        let ending = child.end(patience: .milliseconds(500), onError: readErrors)
        errors.finish { _ in }
        let lastWords = errors.last.map { ": \($0)" } ?? ""
        switch ending {
        case .exited(let status):
            return SourceLost("\"\(program)\" exited with status \(status)\(lastWords)")
        case .killed(let signal):
            let name = strsignal(signal).map { " (\(String(cString: $0)))" } ?? ""
            return SourceLost("\"\(program)\" was killed by signal \(signal)\(name)\(lastWords)")
        case .forced:
            return SourceLost("\"\(program)\" closed its standard output\(lastWords)")
        }
    }

    private func readErrors(_ bytes: UnsafeRawBufferPointer) {
        errors.feed(bytes) { line in
            log.complain("\"\(program)\" says: \(line)", cause: StandardErrorLines.cause(line))
        }
    }

    private func reportCorrupt() {
        let corrupt = stream.takeCorrupt()
        guard corrupt > 0 else { return }
        log.count { $0.corrupt += corrupt }
        log.complain("\"\(program)\" prints damaged pictures, or bytes that are not JPEG", cause: "damage")
    }

    private func complainOfSilence() {
        guard stream.byteCount >= Self.mostBytesWithoutPicture || monotonicNow() - start >= Self.longestSilence else {
            return
        }
        guard stream.byteCount > 0 else {
            log.complain("\"\(program)\" has printed nothing for 10 s", cause: "silence")
            return
        }
        let isFFmpeg = program.split(separator: "/").last == "ffmpeg"
        let advice = isFFmpeg ? "add \"-f mjpeg -\"" : "it must print JPEG pictures one after the other"
        log.complain(
            "\"\(program)\" prints no JPEG (saw \(stream.byteCount) bytes starting \"\(Self.readable(stream.head))\"); "
                + advice,
            cause: "no JPEG"
        )
    }

    private static func readable(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            guard (0x20...0x7E).contains(byte), byte != 0x22, byte != 0x5C else {
                let digits = String(byte, radix: 16)
                return "\\x" + (digits.count == 1 ? "0" : "") + digits
            }
            return String(UnicodeScalar(byte))
        }.joined()
    }

    func close() {
        if !isOver { _ = child.end(patience: .zero) { _ in } }
    }
}
