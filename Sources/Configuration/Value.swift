/// A YAML value with its place, free of what this module has no use for: tags, anchors and styles.
struct Value {
    enum Content {
        /// No value at all, `~` or `null`.
        case nothing
        /// A scalar as written. Whether it is a number or a truth is for its reader to say, so a camera may be called
        /// `no`.
        case text(String, isQuoted: Bool)
        case list([Value])
        case mapping([Entry])
    }

    struct Entry {
        var key: String
        var place: Place
        var value: Value
    }

    var place: Place
    var content: Content

    /// What it is, in words.
    var kind: String {
        switch content {
        case .nothing: "nothing"
        case .text: "text"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}
