import Foundation

/// Plays a file of JPEG pictures one after the other.
final class FileReader: FrameReader {
    let description: String
    private let path: String
    private let loop: Bool
    private let stop: Latch
    private let log: CameraLog
    private let descriptor: Int32
    private var stream = JPEGStream()
    private var count = 0
    private var countInThisLoop = 0

    init(path: String, loop: Bool, rate: Double, pace: Pace, stop: Latch, log: CameraLog) throws(SourceLost) {
        description = "\(path) at \(rateText(rate))" + (pace == .fastest ? ", as fast as it is looked at" : "")
        self.path = path
        self.loop = loop
        self.stop = stop
        self.log = log
        // O_NONBLOCK so that a pipe in the place of a file is refused below and not waited for.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw SourceLost(cannot: "open \(path)", code: errno) }
        do throws(SourceLost) {
            try check()
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    private func check() throws(SourceLost) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SourceLost(cannot: "open \(path)", code: errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw SourceLost("\(path) is a folder and not a file")
        default: throw SourceLost("\(path) is not a regular file")
        }
        if status.st_size == 0 { throw SourceLost("\(path) is empty") }
    }

    func next(into frame: inout Frame) throws(SourceLost) -> FrameReading {
        while !stop.isSet {
            if stream.nextPicture(into: &frame.bytes) {
                count += 1
                countInThisLoop += 1
                reportCorrupt()
                frame.becomeJPEG()
                return .frame
            }
            switch stream.fill(from: descriptor) {
            case .some, .blocked: continue
            case .failed(let code): throw SourceLost(cannot: "read \(path)", code: code)
            case .ended: if try !rewind() { return .ended("\(path) is over after \(picturesText(count))") }
            }
        }
        return .stopped
    }

    /// Returns false if the file is over for good.
    private func rewind() throws(SourceLost) -> Bool {
        reportCorrupt()
        guard countInThisLoop > 0 else { throw SourceLost("no JPEG picture in \(path)") }
        guard loop else { return false }
        countInThisLoop = 0
        stream.restart()
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw SourceLost(cannot: "rewind \(path)", code: errno) }
        return true
    }

    private func reportCorrupt() {
        let corrupt = stream.takeCorrupt()
        guard corrupt > 0 else { return }
        log.count { $0.corrupt += corrupt }
        log.complain("\(path) has damaged pictures, or bytes that are not JPEG; they are skipped", cause: "damage")
    }

    func close() {
        Glibc.close(descriptor)
    }
}

/// "30/s", "7.5/s".
func rateText(_ rate: Double) -> String {
    let rounded = (rate * 1000).rounded() / 1000
    return rounded == rounded.rounded() ? "\(Int(rounded))/s" : "\(rounded)/s"
}

func picturesText(_ count: Int) -> String {
    count == 1 ? "1 picture" : "\(count) pictures"
}
