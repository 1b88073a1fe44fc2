import Foundation

/// The folder of a sketch: segments in files that are numbered from 1 on.
package struct SketchFolder: Sendable {
    package let path: String

    /// The folder of the journal at a path: beside it, with `.sketch` behind its name.
    package init(ofJournal path: String) {
        self.path = path + ".sketch"
    }

    func file(_ number: Int) -> String { "\(path)/\(String(format: "%08d", number))" }

    /// The numbers of the files that there are.
    func numbers() -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.compactMap { $0.utf8.count == 8 ? Int($0) : nil }.filter { $0 > 0 }.sorted()
    }

    /// The segments that follow one on the other and belong to the journal of that name, from the oldest on. Where one is
    /// missing or damaged, those after it are left out.
    package func segments(of identity: String) -> [Segment] {
        var segments: [Segment] = []
        for number in numbers() {
            guard let segment = try? Segment(path: file(number)) else {
                // What went away in the meantime, with what the journal no longer has, is not missed.
                if segments.isEmpty, !FileManager.default.fileExists(atPath: file(number)) { continue }
                break
            }
            guard segment.header.identity == identity,
                segments.last.map({ $0.looks.upperBound == segment.header.previousLook }) ?? true
            else { break }
            segments.append(segment)
        }
        return segments
    }

    func make() throws(SketchError) {
        guard mkdir(path, 0o750) == 0 || errno == EEXIST else { throw .refused(path, errno: errno) }
    }

    func remove(_ path: String) throws(SketchError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw .refused(path, errno: errno) }
    }
}
