import Configuration
import EventSocket
import Foundation
import Imaging

/// The lines of a live view: title and clock, the picture, a bar for each trigger, and the latest events.
package enum LivePage {
    /// Below this a picture is not worth its room, in cells.
    private static let leastPicture = Terminal.Size(columns: 24, rows: 6)
    private static let leastEvents = 4

    /// At most `size.rows` lines, none wider than `size.columns` cells.
    package static func lines(_ state: LiveState, size: Terminal.Size, colours: Terminal.Colours) -> [String] {
        guard size.columns > 0, size.rows > 0 else { return [] }
        var lines = [title(state, size.columns, colours)]
        let bars = bars(state.rows, columns: size.columns, colours)
        // A line of air below the picture and above the events.
        let room = size.rows - 1 - bars.count - 2 - leastEvents
        if let picture = state.picture, room >= leastPicture.rows, size.columns >= leastPicture.columns {
            let within = Terminal.Size(columns: size.columns, rows: room)
            lines += HalfBlocks.lines(of: picture, within: within, colours: colours)
        }
        lines.append("")
        lines += bars
        lines.append("")
        let left = size.rows - lines.count
        if left > 0 { lines += state.lines.suffix(left).map { $0.shown.cut(to: size.columns) } }
        return Array(lines.prefix(size.rows))
    }

    private static func title(_ state: LiveState, _ columns: Int, _ colours: Terminal.Colours) -> String {
        let title = state.title.shown
        let room = columns - state.clock.cells
        return styled(title.cells < room ? title.padded(to: room) + state.clock : title.cut(to: columns), "1", colours)
    }

    private static func bars(_ rows: [LiveState.Row], columns: Int, _ colours: Terminal.Colours) -> [String] {
        let hasCameras = Set(rows.map(\.camera)).count > 1
        let names = rows.map { (hasCameras ? "\($0.trigger) on \($0.camera)" : $0.trigger).shown }
        let widest = min(names.map(\.cells).max() ?? 0, max(8, columns / 3))
        // Name, bar, value, state, and two blanks between them.
        let width = min(50, columns - widest - 2 - 2 - 6 - 2 - 8)
        return zip(names, rows).map { name, row in
            let label = name.cut(to: widest).padded(to: widest)
            // Cosines differ in the third decimal.
            let format = row.condition.measure == .probability ? "%6.2f" : "%6.3f"
            let value = row.value.map { String(format: format, $0) } ?? "     –"
            let state = row.state == .active ? "ACTIVE" : row.state == .unknown ? "unknown" : ""
            let text = width >= 8 ? "\(label)  \(bar(row, width))  \(value)  \(state)" : "\(label) \(value) \(state)"
            let holds = row.value.map(row.condition.holds) ?? false
            let line = text.cut(to: columns)
            return row.state == .active ? styled(line, "1;32", colours) : holds ? styled(line, "33", colours) : line
        }
    }

    /// A bar with a mark where the threshold is. Bars of measures other than probability show what is near to it.
    package static func bar(_ row: LiveState.Row, _ width: Int) -> String {
        let threshold = row.condition.threshold
        let range = row.condition.measure == .probability ? 0...1 : (threshold - 0.1)...(threshold + 0.1)
        let place = { (value: Double) in
            min(max((value - range.lowerBound) / (range.upperBound - range.lowerBound), 0), 1) * Double(width)
        }
        // A score that is no number is a fault elsewhere; it is not worth ending for.
        let value = row.value.map { $0.isNaN ? range.lowerBound : $0 } ?? range.lowerBound
        let filled = Int(place(value).rounded())
        let mark = min(Int(place(threshold)), width - 1)
        return String((0..<width).map { $0 == mark ? "┃" : $0 < filled ? "█" : "·" })
    }

    private static func styled(_ text: String, _ code: String, _ colours: Terminal.Colours) -> String {
        colours == .none ? text : "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}
