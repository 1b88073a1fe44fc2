/// The lines that a program prints on its standard error, as text that is safe to show.
///
/// What ends with a carriage return alone is a progress display, written over and over, and is left out.
struct StandardErrorLines {
    private static let longest = 300
    private var line: [UInt8] = []
    private var afterReturn = false

    /// The last line that was not blank.
    private(set) var last: String?

    mutating func feed(_ bytes: UnsafeRawBufferPointer, _ onLine: (String) -> Void) {
        for byte in bytes {
            if byte == 0x0A {
                finish(onLine)
            } else {
                if afterReturn { line.removeAll(keepingCapacity: true) }
                afterReturn = byte == 0x0D
                if byte != 0x0D, line.count < Self.longest { line.append(byte < 0x20 || byte == 0x7F ? 0x20 : byte) }
            }
        }
    }

    /// The program has ended: what it printed since the last line feed is a line too.
    mutating func finish(_ onLine: (String) -> Void) {
        let text = String(decoding: line, as: UTF8.self).trimmingPrefix { $0 == " " }
        line.removeAll(keepingCapacity: true)
        afterReturn = false
        guard !text.isEmpty else { return }
        last = String(text)
        onLine(String(text))
    }

    /// A line without its numbers and addresses, so that lines which differ in nothing else count as the same cause.
    static func cause(_ line: String) -> String {
        line.split(omittingEmptySubsequences: false) { !$0.isLetter && !$0.isNumber }
            .map { $0.contains(where: \.isNumber) ? "#" : String($0) }
            .joined(separator: " ")
    }
}
