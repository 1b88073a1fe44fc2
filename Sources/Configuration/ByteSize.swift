/// A number of bytes as people write it: `10GB`, `500MB`, `1.5TiB`.
package enum ByteSize {
    /// The largest that a configuration may say: a petabyte.
    package static let largestSetting: Int64 = 1_000_000_000_000_000

    /// Reads one number with at most three decimals and one unit: kB, MB, GB and TB are powers of 1000, KiB, MiB, GiB and
    /// TiB of 1024. Parts of a byte are cut off.
    package static func parse(_ text: String) throws(InvalidValue) -> Int64 {
        let whole = text.trimmed
        let number = whole.prefix { $0.isASCII && ($0.isNumber || ".-+".contains($0)) }
        let unit = whole.dropFirst(number.count)

        guard !number.isEmpty else {
            throw InvalidValue("\(quoted(text)) is not a size such as `500MB` or `10GB`")
        }
        guard !unit.isEmpty else {
            throw InvalidValue("\(quoted(text)) needs a unit: MB, GB or TB, as in `10GB`")
        }
        guard let bytes = units[String(unit)] else {
            throw InvalidValue(
                "\(quoted(text)) has the unknown unit \(quoted(unit)); there are kB, MB, GB and TB, and KiB, MiB, GiB and TiB"
            )
        }
        guard number.first != "-" else {
            throw InvalidValue("\(quoted(text)) is negative; a size is at least 0")
        }

        let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : "0"
        guard parts[0].isDigits, fraction.isDigits, fraction.count <= 3 else {
            throw InvalidValue("\(quoted(number)) is not a number with at most three decimals")
        }
        let thousandths = Int64(fraction + String(repeating: "0", count: 3 - fraction.count))
        guard let thousandths, let count = Int64(parts[0]), count <= largestSetting,
            case let (total, overflow) = (count * 1000 + thousandths).multipliedReportingOverflow(by: bytes),
            !overflow, total / 1000 <= largestSetting
        else {
            throw InvalidValue("\(quoted(text)) is more than 1000TB")
        }
        return total / 1000
    }

    private static let units: [String: Int64] = [
        "kB": 1000, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
        "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
    ]
}
