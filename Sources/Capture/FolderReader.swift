import Foundation

/// Plays the JPEG pictures of a folder in the order of their names.
final class FolderReader: FrameReader {
    let description: String
    private let path: String
    private let loop: Bool
    private let stop: Latch
    private let log: CameraLog
    private let descriptor: Int32
    private var stream = JPEGStream()
    // As bytes, because a file's name need not be UTF-8; each ends with a zero.
    private var names: [[UInt8]] = []
    private var index = 0
    private var count = 0
    private var countInThisLoop = 0

    init(path: String, loop: Bool, rate: Double, pace: Pace, stop: Latch, log: CameraLog) throws(SourceLost) {
        description = "\(path) at \(rateText(rate))" + (pace == .fastest ? ", as fast as it is looked at" : "")
        self.path = path
        self.loop = loop
        self.stop = stop
        self.log = log
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SourceLost(cannot: "open the folder \(path)", code: errno) }
        do throws(SourceLost) {
            names = try listing()
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    func next(into frame: inout Frame) throws(SourceLost) -> FrameReading {
        while !stop.isSet {
            guard index < names.count else {
                guard countInThisLoop > 0 else { throw SourceLost("no JPEG picture in \(path)") }
                guard loop else { return .ended("\(path) is over after \(picturesText(count))") }
                names = try listing()
                index = 0
                countInThisLoop = 0
                continue
            }
            index += 1
            guard readPicture(names[index - 1], into: &frame.bytes) else { continue }
            count += 1
            countInThisLoop += 1
            frame.becomeJPEG()
            return .frame
        }
        return .stopped
    }

    /// The first picture in the file; false, with a complaint, if there is none.
    private func readPicture(_ name: [UInt8], into picture: inout [UInt8]) -> Bool {
        let file = name.withUnsafeBytes { name -> Int32 in
            guard let base = name.assumingMemoryBound(to: CChar.self).baseAddress else { return -1 }
            return openat(descriptor, base, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        }
        guard file >= 0 else { return complain(name, "cannot be opened: \(errorText(errno))") }
        defer { Glibc.close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return complain(name, "is not a regular file")
        }
        if status.st_size == 0 { return complain(name, "is empty") }
        stream.restart()
        while !stop.isSet {
            switch stream.fill(from: file) {
            case .some: if stream.nextPicture(into: &picture) { return true }
            case .blocked: continue
            case .failed(let code): return complain(name, "cannot be read: \(errorText(code))")
            case .ended: return complain(name, "holds no whole JPEG picture")
            }
        }
        return false
    }

    private func complain(_ name: [UInt8], _ problem: String) -> Bool {
        log.count { $0.corrupt += 1 }
        log.complain("\(path)/\(String(decoding: name.dropLast(), as: UTF8.self)) \(problem)", cause: problem)
        return false
    }

    private func listing() throws(SourceLost) -> [[UInt8]] {
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let folder = fdopendir(copy) else {
            defer { if copy >= 0 { Glibc.close(copy) } }
            throw SourceLost(cannot: "list \(path)", code: errno)
        }
        defer { closedir(folder) }
        var names: [[UInt8]] = []
        while let entry = readdir(folder) {
            // Not by way of `d_name`, whose 256 bytes may reach past the end of the entry.
            guard let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) else { break }
            let name = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: UInt8.self)
            let bytes = UnsafeBufferPointer(start: name, count: strlen(UnsafePointer<CChar>(OpaquePointer(name))) + 1)
            if Self.isPicture(bytes) { names.append([UInt8](bytes)) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Whether a name, with its zero, ends with .jpg or .jpeg.
    private static func isPicture(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        let lowercase = name.suffix(6).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return lowercase.suffix(5).elementsEqual(".jpg\0".utf8) || lowercase.elementsEqual(".jpeg\0".utf8)
    }

    func close() {
        Glibc.close(descriptor)
    }
}
