import Imaging
import TestSupport

/// An uncompressed frame, and where its samples lie, written down once more and another way than in `RawLayout`.
struct RawFrame {
    var layout: RawLayout
    var bytes: [UInt8]

    /// A frame of noise in planes that overlap nowhere, with bytes between rows and planes that belong to none.
    static func noise(
        _ format: RawLayout.Format,
        width: Int,
        height: Int,
        matrix: ColorMatrix = .bt601,
        range: ColorRange = .limited,
        seed: UInt64 = 1
    ) -> RawFrame {
        let (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2)
        let lengths: [(row: Int, rows: Int)] =
            switch format {
            case .yuyv, .uyvy: [(width * 2, height)]
            case .nv12: [(width, height), (halfWidth * 2, halfHeight)]
            case .yu12: [(width, height), (halfWidth, halfHeight), (halfWidth, halfHeight)]
            case .grey: [(width, height)]
            case .rgb24, .bgr24: [(width * 3, height)]
            }
        var planes: [RawLayout.Plane] = []
        var end = 0
        for (index, length) in lengths.enumerated() {
            planes.append(RawLayout.Plane(offset: end + index * 5, stride: length.row + 3 + index))
            end = planes[index].offset + planes[index].stride * (length.rows - 1) + length.row
        }
        var random = SplitMix(state: seed)
        let bytes = (0..<end).map { _ in UInt8.random(in: 0...255, using: &random) }
        let layout = RawLayout(
            format: format,
            width: width,
            height: height,
            planes: planes,
            matrix: matrix,
            range: range
        )
        return RawFrame(layout: layout, bytes: bytes)
    }

    /// A frame of a picture's colours, in BT.601 and limited range. Pixels that share U and V are given their mean.
    init(_ picture: Picture, _ format: RawLayout.Format) {
        self = .noise(format, width: picture.width, height: picture.height)
        for y in 0..<picture.height {
            for x in 0..<picture.width {
                for component in 0..<3 {
                    guard let index = index(component, x, y) else { continue }
                    bytes[index] = sample(component, x, y, of: picture)
                }
            }
        }
    }

    private init(layout: RawLayout, bytes: [UInt8]) {
        self.layout = layout
        self.bytes = bytes
    }

    /// The byte that holds Y, U or V (or red, green or blue) of a pixel; nil when the format has none.
    func index(_ component: Int, _ x: Int, _ y: Int) -> Int? {
        func at(_ plane: Int, _ row: Int, _ byte: Int) -> Int {
            layout.planes[plane].offset + row * layout.planes[plane].stride + byte
        }
        switch (layout.format, component) {
        case (.yuyv, 0): return at(0, y, x * 2)
        case (.yuyv, _): return at(0, y, x / 2 * 4 + component * 2 - 1)
        case (.uyvy, 0): return at(0, y, x * 2 + 1)
        case (.uyvy, _): return at(0, y, x / 2 * 4 + component * 2 - 2)
        case (.nv12, 0), (.yu12, 0), (.grey, 0): return at(0, y, x)
        case (.nv12, _): return at(1, y / 2, x / 2 * 2 + component - 1)
        case (.yu12, _): return at(component, y / 2, x / 2)
        case (.grey, _): return nil
        case (.rgb24, _): return at(0, y, x * 3 + component)
        case (.bgr24, _): return at(0, y, x * 3 + 2 - component)
        }
    }

    /// The frame in RGB, in floating point as the standards have it.
    var expected: [UInt8] {
        let isFull = layout.range == .full
        let (red, blue): (Double, Double) =
            switch layout.matrix {
            case .bt601: (0.299, 0.114)
            case .bt709: (0.2126, 0.0722)
            case .bt2020: (0.2627, 0.0593)
            }
        func value(_ component: Int, _ x: Int, _ y: Int) -> Double? { index(component, x, y).map { Double(bytes[$0]) } }
        func level(_ value: Double) -> Double { isFull ? value / 255 : (value - 16) / 219 }
        func color(_ value: Double) -> Double { isFull ? (value - 128) / 255 : (value - 128) / 224 }
        var pixels: [UInt8] = []
        for y in 0..<layout.height {
            for x in 0..<layout.width {
                let luma = level(value(0, x, y) ?? 0)
                var channels = [luma, luma, luma]
                if let second = value(1, x, y), let third = value(2, x, y) {
                    if [.rgb24, .bgr24].contains(layout.format) {
                        channels = [luma, level(second), level(third)]
                    } else {
                        // E_R = E_Y + 2 (1 − K_R) C_R, E_B likewise, and K_R E_R + K_G E_G + K_B E_B = E_Y.
                        let (r, b) = (luma + 2 * (1 - red) * color(third), luma + 2 * (1 - blue) * color(second))
                        channels = [r, (luma - red * r - blue * b) / (1 - red - blue), b]
                    }
                }
                pixels += channels.map { UInt8(max(0, min(255, ($0 * 255).rounded()))) }
            }
        }
        return pixels
    }

    private func sample(_ component: Int, _ x: Int, _ y: Int, of picture: Picture) -> UInt8 {
        if [.rgb24, .bgr24].contains(layout.format) {
            return UInt8((16 + Double(picture.channel(component, x, y)) * 219 / 255).rounded())
        }
        let isHalved = component > 0
        func sharing(_ position: Int, of length: Int) -> Range<Int> {
            let first = position / 2 * 2
            return first..<min(first + 2, length)
        }
        let isHalvedDown = isHalved && [.nv12, .yu12].contains(layout.format)
        let rows = isHalvedDown ? sharing(y, of: picture.height) : y..<y + 1
        let columns = isHalved ? sharing(x, of: picture.width) : x..<x + 1
        var sum = 0.0
        for row in rows {
            for column in columns {
                let rgb = (0..<3).map { Double(picture.channel($0, column, row)) / 255 }
                let luma = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]
                switch component {
                case 0: sum += 16 + 219 * luma
                case 1: sum += 128 + 112 * (rgb[2] - luma) / 0.886
                default: sum += 128 + 112 * (rgb[0] - luma) / 0.701
                }
            }
        }
        return UInt8((sum / Double(rows.count * columns.count)).rounded())
    }
}

extension Picture {
    fileprivate func channel(_ channel: Int, _ x: Int, _ y: Int) -> UInt8 { pixels[(y * width + x) * 3 + channel] }
}
