import Imaging

/// A picture in character cells: each shows two pixels, one above the other, as a half block in two colours (ECMA-48,
/// Select Graphic Rendition).
package enum HalfBlocks {
    /// The lines of a picture that fits into so many cells in its own proportions; none when nothing fits, or there are
    /// no colours.
    package static func lines(of picture: Picture, within size: Terminal.Size, colours: Terminal.Colours) -> [String] {
        guard colours != .none, picture.width > 0, picture.height > 0, size.columns > 0, size.rows > 0 else {
            return []
        }
        let scale = min(
            Double(size.columns) / Double(picture.width),
            Double(size.rows * 2) / Double(picture.height)
        )
        let width = min(max(1, Int((Double(picture.width) * scale).rounded())), size.columns)
        let height = min(max(2, Int((Double(picture.height) * scale / 2).rounded()) * 2), size.rows * 2)
        guard let small = try? picture.resized(width: width, height: height) else { return [] }
        return (0..<(height / 2)).map { row in line(small, row, colours) }
    }

    private static func line(_ picture: Picture, _ row: Int, _ colours: Terminal.Colours) -> String {
        var line = ""
        var last = ""
        for column in 0..<picture.width {
            let upper = code(picture, column, row * 2, colours)
            let lower = code(picture, column, row * 2 + 1, colours)
            // A colour stays until another is set.
            let codes = "\u{1B}[38;\(upper);48;\(lower)m"
            if codes != last { line += codes }
            last = codes
            line += "▀"
        }
        return line + "\u{1B}[0m"
    }

    private static func code(_ picture: Picture, _ x: Int, _ y: Int, _ colours: Terminal.Colours) -> String {
        let at = (y * picture.width + x) * 3
        let (red, green, blue) = (Int(picture.pixels[at]), Int(picture.pixels[at + 1]), Int(picture.pixels[at + 2]))
        return colours == .direct ? "2;\(red);\(green);\(blue)" : "5;\(index(red: red, green: green, blue: blue))"
    }

    /// The nearest of xterm's colours 16 to 255: a cube of 6 × 6 × 6, and 24 greys.
    package static func index(red: Int, green: Int, blue: Int) -> Int {
        let steps = [0, 95, 135, 175, 215, 255]
        func nearest(_ value: Int) -> Int { steps.indices.min { abs(steps[$0] - value) < abs(steps[$1] - value) } ?? 0 }
        let cube = (nearest(red), nearest(green), nearest(blue))
        let grey = min(max(((red + green + blue) / 3 - 8 + 5) / 10, 0), 23)
        func distance(_ r: Int, _ g: Int, _ b: Int) -> Int {
            (r - red) * (r - red) + (g - green) * (g - green) + (b - blue) * (b - blue)
        }
        let level = 8 + 10 * grey
        let isGrey = distance(level, level, level) < distance(steps[cube.0], steps[cube.1], steps[cube.2])
        return isGrey ? 232 + grey : 16 + 36 * cube.0 + 6 * cube.1 + cube.2
    }
}
