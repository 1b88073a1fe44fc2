/// Resizes the components of a frame each by itself, from the samples that there are, and makes RGB of what comes out.
///
/// So no picture of the frame's size is ever made. Columns are resized first, since samples of every kind lie side by
/// side in rows; then rows, sixteen at a time, turned so that their values lie side by side. Colours are converted, and
/// values rounded to 8 bits, once, at the end.
struct ComponentResampler {
    /// What the tables were made for.
    private struct Shape: Equatable {
        var cut: Cut
        var format: RawLayout.Format
        var width: Int
        var height: Int
    }

    private static let lanes = 16

    private var shape: Shape?
    /// Whether ``SampleAxis`` can add up the samples of every target.
    private var fits = false
    /// For components with a sample for each pixel of a row, and for each two.
    private var columns = [SampleAxis(), SampleAxis()]
    /// For planes with a row for each row of pixels, and for each two.
    private var rows = [SampleAxis(), SampleAxis()]
    private var components: [RawLayout.Format.Component] = []
    /// Of each plane, the bytes of a row that are needed.
    private var spans: [Range<Int>] = []
    /// Sixteen rows of a plane's values, after its columns were resized.
    private var block: [UInt16] = []
    /// The same turned: the sixteen values of one column, then those of the next.
    private var turned: [UInt16] = []
    /// Sixteen rows of the resized frame, turned; component after component.
    private var values: [UInt16] = []

    /// What the tables were last made for.
    var cut: Cut? { shape?.cut }

    /// Makes the tables, unless the last ones will do.
    ///
    /// - Parameter layout: of the samples. Its size is the frame's, or that of a smaller picture of the frame.
    /// - Returns: false when a target has more samples than ``SampleAxis`` can add up.
    mutating func prepare(_ cut: Cut, _ layout: RawLayout) -> Bool {
        let shape = Shape(cut: cut, format: layout.format, width: layout.width, height: layout.height)
        if shape != self.shape {
            self.shape = shape
            let eighths = Self.eighths(of: layout, in: cut)
            Self.prepare(&columns, cut.across, pixels: layout.width, length: eighths.map { Double(cut.width * $0) / 8 })
            Self.prepare(&rows, cut.down, pixels: layout.height, length: eighths.map { Double(cut.height * $0) / 8 })
            components = layout.format.components
            spans = layout.planes.indices.map { span(ofPlane: $0) }
            let longest = spans.reduce(0) { max($0, $1.count) }
            block.resize(to: Self.blockLength(longest) * Self.lanes)
            turned.resize(to: Self.blockLength(longest) * Self.lanes)
            values.resize(to: components.count * cut.across.range.count * Self.lanes)
            fits = (columns + rows).allSatisfy { $0.largestCount <= SampleAxis.mostTaps }
        }
        return fits
    }

    /// At how many eighths of its size a JPEG was decoded to the size of `layout`; nil when it was not.
    ///
    /// The last row and column may show a part of a pixel only, so that the sizes alone do not say it exactly.
    private static func eighths(of layout: RawLayout, in cut: Cut) -> Int? {
        (1...8).reversed().first { eighths in
            (cut.width * eighths + 7) / 8 == layout.width && (cut.height * eighths + 7) / 8 == layout.height
        }
    }

    private static func prepare(
        _ axes: inout [SampleAxis],
        _ part: (length: Int, range: Range<Int>),
        pixels: Int,
        length: Double?
    ) {
        var axis = ResamplingAxis()
        axis.prepare(source: pixels, length: length, target: part.length, range: part.range)
        axes[0].prepare(axis, pixelsPerSample: 1)
        axes[1].prepare(axis, pixelsPerSample: 2)
    }

    private func span(ofPlane plane: Int) -> Range<Int> {
        let spans = components.filter { $0.plane == plane }.map { component in
            let samples = columns[component.isHalved ? 1 : 0].samples
            let last = component.offset + (samples.upperBound - 1) * component.step
            return component.offset + samples.lowerBound * component.step..<last + 1
        }
        return (spans.map(\.lowerBound).min() ?? 0)..<(spans.map(\.upperBound).max() ?? 0)
    }

    /// Values in a row of `block`: whole groups of eight, in which they are turned.
    private static func blockLength(_ count: Int) -> Int {
        (count + 7) / 8 * 8
    }

    /// Makes the part of the resized frame that the last cut needs.
    ///
    /// - Parameters:
    ///   - bytes: all that the layout needs.
    ///   - picture: room for that part, in RGB.
    mutating func resize(
        _ bytes: UnsafePointer<UInt8>,
        _ layout: RawLayout,
        into picture: UnsafeMutablePointer<UInt8>
    ) {
        let conversion = ColorConversion(matrix: layout.matrix, range: layout.range)
        let (width, height) = (columns[0].count, rows[0].count)
        for first in stride(from: 0, to: height, by: Self.lanes) {
            let rowCount = min(Self.lanes, height - first)
            for plane in layout.planes.indices {
                resizeColumns(of: plane, bytes, layout, targets: first..<first + rowCount)
                resizeRows(of: plane)
            }
            convert(layout.format, conversion, width: width, rowCount: rowCount, to: picture + first * width * 3)
        }
    }

    /// Fills `turned` with rows of a plane's values.
    private mutating func resizeColumns(
        of plane: Int,
        _ bytes: UnsafePointer<UInt8>,
        _ layout: RawLayout,
        targets: Range<Int>
    ) {
        let axis = rows[plane == 0 ? 0 : 1]
        let span = spans[plane]
        let rowLength = Self.blockLength(span.count)
        block.withUnsafeMutableBufferPointer { block in
            turned.withUnsafeMutableBufferPointer { turned in
                guard let block = block.baseAddress, let turned = turned.baseAddress else {
                    return
                }
                for (row, target) in targets.enumerated() {
                    axis.resizeColumns(
                        to: target,
                        bytes + layout.planes[plane].offset + span.lowerBound,
                        stride: layout.planes[plane].stride,
                        count: span.count,
                        into: block + row * rowLength
                    )
                }
                Self.turn(block, rowLength: rowLength, into: turned)
            }
        }
    }

    /// Fills the part of `values` that belongs to a plane's components from `turned`.
    private mutating func resizeRows(of plane: Int) {
        turned.withUnsafeBufferPointer { turned in
            values.withUnsafeMutableBufferPointer { values in
                guard let turned = turned.baseAddress, let values = values.baseAddress else {
                    return
                }
                for (index, component) in components.enumerated() where component.plane == plane {
                    let axis = columns[component.isHalved ? 1 : 0]
                    let first = component.offset + axis.samples.lowerBound * component.step - spans[plane].lowerBound
                    axis.resizeRows(
                        turned + first * Self.lanes,
                        step: component.step,
                        into: values + index * axis.count * Self.lanes
                    )
                }
            }
        }
    }

    /// Makes RGB of `values`.
    private func convert(
        _ format: RawLayout.Format,
        _ conversion: ColorConversion,
        width: Int,
        rowCount: Int,
        to picture: UnsafeMutablePointer<UInt8>
    ) {
        values.withUnsafeBufferPointer { values in
            guard let first = values.baseAddress else {
                return
            }
            let bits = SampleAxis.valueBits
            let second = first + (format == .grey ? 0 : width * Self.lanes)
            let third = second + (format == .grey ? 0 : width * Self.lanes)
            for column in 0..<width {
                var target = picture + column &* 3
                for index in column &* Self.lanes..<column &* Self.lanes &+ rowCount {
                    if format == .grey || format.isRGB {
                        target[0] = conversion.expand(Int(first[index]), bits: bits)
                        target[1] = conversion.expand(Int(second[index]), bits: bits)
                        target[2] = conversion.expand(Int(third[index]), bits: bits)
                    } else {
                        let (y, u, v) = (Int(first[index]), Int(second[index]), Int(third[index]))
                        conversion.convert(y, u, v, bits: bits, to: target)
                    }
                    target += width &* 3
                }
            }
        }
    }

    /// Turns sixteen rows, so that the sixteen values of one column lie side by side, then those of the next.
    ///
    /// - Parameter rowLength: a multiple of 8.
    private static func turn(
        _ source: UnsafePointer<UInt16>,
        rowLength: Int,
        into target: UnsafeMutablePointer<UInt16>
    ) {
        for column in stride(from: 0, to: rowLength, by: 8) {
            for half in 0..<2 {
                let rows = UnsafeRawPointer(source + (half &* 8 &* rowLength &+ column))
                func row(_ index: Int) -> SIMD8<UInt16> {
                    (rows + index &* rowLength &* 2).loadUnaligned(as: SIMD8<UInt16>.self)
                }
                // Three rounds of interleaving rows that are four apart turn eight rows of eight.
                let (a0, a4) = interleaved(row(0), row(4))
                let (a1, a5) = interleaved(row(1), row(5))
                let (a2, a6) = interleaved(row(2), row(6))
                let (a3, a7) = interleaved(row(3), row(7))
                let (b0, b2) = interleaved(a0, a2)
                let (b1, b3) = interleaved(a1, a3)
                let (b4, b6) = interleaved(a4, a6)
                let (b5, b7) = interleaved(a5, a7)
                let (c0, c1) = interleaved(b0, b1)
                let (c2, c3) = interleaved(b2, b3)
                let (c4, c5) = interleaved(b4, b5)
                let (c6, c7) = interleaved(b6, b7)
                let columns = UnsafeMutableRawPointer(target + (column &* lanes &+ half &* 8))
                func store(_ values: SIMD8<UInt16>, _ index: Int) {
                    (columns + index &* lanes &* 2).storeBytes(of: values, as: SIMD8<UInt16>.self)
                }
                store(c0, 0)
                store(c1, 1)
                store(c2, 2)
                store(c3, 3)
                store(c4, 4)
                store(c5, 5)
                store(c6, 6)
                store(c7, 7)
            }
        }
    }

    @inline(__always)
    private static func interleaved(
        _ a: SIMD8<UInt16>,
        _ b: SIMD8<UInt16>
    ) -> (SIMD8<UInt16>, SIMD8<UInt16>) {
        (
            SIMD8(a[0], b[0], a[1], b[1], a[2], b[2], a[3], b[3]),
            SIMD8(a[4], b[4], a[5], b[5], a[6], b[6], a[7], b[7])
        )
    }
}
