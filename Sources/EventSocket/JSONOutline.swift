/// What can be said of a JSON text without decoding it: how deep it nests and about how many values it holds.
///
/// A decoder recurses and allocates with its input. This looks once over the bytes beforehand, so that a line of a
/// million brackets costs a million comparisons and no more. It does not validate: that is the decoder's part.
package struct JSONOutline: Equatable {
    /// The deepest nesting of arrays and objects; 0 for a bare value.
    package private(set) var depth = 0
    /// One more than the commas and opening brackets outside of strings: never less than the number of values.
    package private(set) var values = 1

    /// Looks over a text.
    package init(_ bytes: some Sequence<UInt8>) {
        var open = 0
        var inString = false
        var escaped = false
        for byte in bytes {
            if inString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                inString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                open += 1
                values += 1
                depth = max(depth, open)
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                open -= 1
            case UInt8(ascii: ","):
                values += 1
            default:
                break
            }
        }
    }
}
