import Foundation

/// Pictures and what is said of them.
public struct CaptionedPictures: Sendable, Equatable {
    /// The pictures' files, each once, in the order of the list.
    public private(set) var pictures: [String] = []
    /// What is said, in the order of the list.
    public private(set) var captions: [String] = []
    /// The picture of each caption, a place among ``pictures``.
    public private(set) var owners: [Int] = []

    /// Reads a list: `PICTURE<tab>CAPTION` in each line, a tab before each further caption, or JSON such as
    /// `{"image": "a.jpg", "captions": ["…"]}` (`picture` for `image` and one `caption` do as well).
    ///
    /// - Parameter folder: where relative paths begin.
    /// - Throws: with the line, where one is neither, or where there are no two pictures.
    public init(list: String, folder: String) throws(EvaluationProblem) {
        var places: [String: Int] = [:]
        for line in try TextLines(path: list).all {
            let (picture, said) = try line.text.hasPrefix("{") ? Self.json(line) : Self.columns(line)
            guard !said.isEmpty else { throw EvaluationProblem("\(line): nothing is said of \(picture)") }
            let path = picture.hasPrefix("/") ? picture : "\(folder)/\(picture)"
            let place = places[path] ?? pictures.count
            if place == pictures.count {
                places[path] = place
                pictures.append(path)
            }
            captions += said
            owners += said.map { _ in place }
        }
        guard pictures.count > 1 else { throw EvaluationProblem("\(list): there must be two pictures at least") }
    }

    private static func columns(_ line: TextLines.Line) throws(EvaluationProblem) -> (String, [String]) {
        let columns = line.text.split(separator: "\t").map { $0.trimmingCharacters(in: .whitespaces) }
        guard columns.count > 1 else {
            throw EvaluationProblem("\(line): a line is PICTURE<tab>CAPTION, and this is “\(line.text.prefix(80))”")
        }
        return (columns[0], columns.dropFirst().filter { !$0.isEmpty })
    }

    private struct Object: Decodable {
        var image: String?
        var picture: String?
        var caption: String?
        var captions: [String]?
    }

    private static func json(_ line: TextLines.Line) throws(EvaluationProblem) -> (String, [String]) {
        guard let object = try? JSONDecoder().decode(Object.self, from: Data(line.text.utf8)),
            let picture = object.picture ?? object.image
        else {
            throw EvaluationProblem("\(line): this is no JSON such as {\"image\": \"a.jpg\", \"captions\": [\"…\"]}")
        }
        let said = (object.captions ?? []) + (object.caption.map { [$0] } ?? [])
        return (picture, said.filter { !$0.isEmpty })
    }

    /// The same without the pictures for which `isThere` is false, and without their captions.
    public func filtered(_ isThere: [Bool]) -> CaptionedPictures {
        var (result, places) = (self, [Int?](repeating: nil, count: pictures.count))
        (result.pictures, result.captions, result.owners) = ([], [], [])
        for (index, picture) in pictures.enumerated() where isThere[index] {
            places[index] = result.pictures.count
            result.pictures.append(picture)
        }
        for (caption, owner) in zip(captions, owners) {
            guard let place = places[owner] else { continue }
            result.captions.append(caption)
            result.owners.append(place)
        }
        return result
    }
}
