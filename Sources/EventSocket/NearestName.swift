/// Finds what was probably meant by a name that is not known.
package enum NearestName {
    /// The known name with the fewest edits from the text, if those are no more than a third of the longer of the two.
    package static func of(_ text: String, among known: [String]) -> String? {
        let typed = Array(text.lowercased().utf8.prefix(64))
        var nearest: (name: String, edits: Int)?
        for name in known {
            let wanted = Array(name.lowercased().utf8)
            let edits = distance(typed, wanted)
            guard edits * 3 <= max(typed.count, wanted.count) else { continue }
            if edits < nearest?.edits ?? .max { nearest = (name, edits) }
        }
        return nearest?.name
    }

    /// Levenshtein's distance: insertions, deletions and replacements.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let replaced = diagonal + (byte == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
