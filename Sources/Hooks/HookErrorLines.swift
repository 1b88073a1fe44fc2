/// The first lines that a hook prints on its standard error, as text that is safe to show. The rest is counted.
package struct HookErrorLines {
    static let most = 20
    static let longest = 500

    private var line: [UInt8] = []
    private var isLineOpen = false
    private var count = 0

    package init() {}

    /// How many lines were not shown.
    package var unshown: Int { max(0, count - Self.most) }

    package mutating func feed(_ bytes: UnsafeRawBufferPointer, _ onLine: (String) -> Void) {
        for byte in bytes {
            if byte == 0x0A {
                finish(onLine)
            } else {
                isLineOpen = true
                // One byte more than is shown tells that there was more.
                if count < Self.most, line.count <= Self.longest {
                    line.append(byte < 0x20 || byte == 0x7F ? 0x20 : byte)
                }
            }
        }
    }

    /// The hook has ended: what it printed since the last line feed is a line too.
    package mutating func finish(_ onLine: (String) -> Void) {
        guard isLineOpen else { return }
        defer {
            line.removeAll(keepingCapacity: true)
            isLineOpen = false
        }
        let isBlank = line.allSatisfy { $0 == 0x20 }
        guard !isBlank || count >= Self.most else { return }
        count += 1
        guard count <= Self.most else { return }
        let isCut = line.count > Self.longest
        onLine(String(decoding: line.prefix(Self.longest), as: UTF8.self) + (isCut ? "…" : ""))
    }
}
