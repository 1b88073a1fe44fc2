/// The section `describe`.
extension SettingsReader {
    /// Nil when there is none: looks are then journalled without words.
    mutating func describe(in top: Section) -> DescribeSettings? {
        guard top.entry("describe") != nil else { return nil }
        let section = optionalSection("describe", in: top)
        let standard = DescribeSettings()
        let folder = folder
        return DescribeSettings(
            vocabulary: read("vocabulary", in: section, or: standard.vocabulary) { entry throws(Faults) in
                try entry.vocabulary(in: folder)
            },
            top: read("top", in: section, or: standard.top) { entry throws(Faults) in
                try entry.wholeNumber(in: 1...20)
            }
        )
    }
}

extension Value.Entry {
    /// The built-in vocabulary, or that of a file. What is wrong with the file is told with its place in there.
    fileprivate func vocabulary(in folder: String) throws(Faults) -> Vocabulary {
        guard try text() != "builtin" else { return .builtin }
        let path = try path(in: folder)
        do {
            return try Vocabulary.read(path: path)
        } catch {
            throw Faults(
                error.faults.prefix(20).map { fault in
                    let file = "\(path):\(fault.place.line):\(fault.place.column)"
                    return Fault(place: value.place, message: "\(quoted(key)): \(file): \(fault.message)")
                }
            )
        }
    }
}
