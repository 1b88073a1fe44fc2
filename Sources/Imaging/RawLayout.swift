/// How the bytes of an uncompressed frame are to be read: which samples they are, where they lie, and what they mean.
///
/// The formats are those of V4L2 that cameras give. A frame whose planes lie in buffers of their own is described after
/// these were copied one after the other into one.
public struct RawLayout: Sendable, Equatable {
    /// The order of the samples, each of 8 bits.
    public enum Format: String, Sendable, CaseIterable {
        /// Packed 4:2:2 (V4L2_PIX_FMT_YUYV): two pixels in four bytes, Y₀ U Y₁ V.
        case yuyv
        /// Packed 4:2:2 (V4L2_PIX_FMT_UYVY): two pixels in four bytes, U Y₀ V Y₁.
        case uyvy
        /// 4:2:0 in two planes (V4L2_PIX_FMT_NV12): Y; then U and V by turns, of ⌈width/2⌉ × ⌈height/2⌉ pairs.
        case nv12
        /// 4:2:0 in three planes (V4L2_PIX_FMT_YUV420): Y; U and V, of ⌈width/2⌉ × ⌈height/2⌉ each.
        case yu12
        /// Y alone (V4L2_PIX_FMT_GREY).
        case grey
        /// Red, green and blue by turns (V4L2_PIX_FMT_RGB24).
        case rgb24
        /// Blue, green and red by turns (V4L2_PIX_FMT_BGR24).
        case bgr24
    }

    /// Where the rows of one plane lie.
    public struct Plane: Sendable, Equatable {
        /// The byte at which the first row begins.
        public var offset: Int
        /// Bytes from one row to the next (`bytesperline`).
        public var stride: Int

        /// A plane of rows `stride` bytes apart, from byte `offset` on.
        public init(offset: Int, stride: Int) {
            self.offset = offset
            self.stride = stride
        }
    }

    /// The order of the samples.
    public var format: Format
    /// Pixels in a row.
    public var width: Int
    /// Rows of pixels.
    public var height: Int
    /// One plane; two for NV12; three for YU12, of which the second is U.
    public var planes: [Plane]
    /// By which weights Y, U and V become RGB. Of no meaning for grey and RGB.
    public var matrix: ColorMatrix
    /// Which numbers are black and white.
    public var range: ColorRange

    /// A layout of planes that lie anywhere. V4L2 means BT.601 in limited range where a webcam says nothing else.
    public init(
        format: Format,
        width: Int,
        height: Int,
        planes: [Plane],
        matrix: ColorMatrix = .bt601,
        range: ColorRange = .limited
    ) {
        self.format = format
        self.width = width
        self.height = height
        self.planes = planes
        self.matrix = matrix
        self.range = range
    }

    /// A layout of planes that follow one another in one buffer, as V4L2 defines it: with the first plane's stride,
    /// NV12's second has the same, and YU12's others have half of it. From an odd stride both are rounded up to whole
    /// samples, since a frame of an odd width has no other way.
    ///
    /// - Parameter stride: bytes from one row of the first plane to the next (`bytesperline`).
    public init(
        format: Format,
        width: Int,
        height: Int,
        stride: Int,
        matrix: ColorMatrix = .bt601,
        range: ColorRange = .limited
    ) {
        // Sizes that make no sense are refused by `check`, not here: an offset that overflows is one beyond all bytes.
        func end(of plane: Plane, rows: Int) -> Int {
            let (length, overflow) = plane.stride.multipliedReportingOverflow(by: rows)
            let (end, isBeyond) = plane.offset.addingReportingOverflow(length)
            return overflow || isBeyond ? .max : end
        }
        var planes = [Plane(offset: 0, stride: stride)]
        let second = end(of: planes[0], rows: height)
        let half = stride / 2 + stride % 2
        switch format {
        case .nv12:
            planes.append(Plane(offset: second, stride: half &* 2))
        case .yu12:
            planes.append(Plane(offset: second, stride: half))
            planes.append(Plane(offset: end(of: planes[1], rows: height / 2 + height % 2), stride: half))
        case .yuyv, .uyvy, .grey, .rgb24, .bgr24:
            break
        }
        self.init(format: format, width: width, height: height, planes: planes, matrix: matrix, range: range)
    }

    /// Refuses a layout that makes no sense, or that needs more than `byteCount` bytes. Bytes that no plane needs are
    /// no mistake, nor are planes that share some.
    public func check(byteCount: Int) throws(ImagingError) {
        let frame = "the \(format.name) frame"
        try Picture.check(width: width, height: height, of: "\(format.name) frame")
        guard !format.isPacked || width.isMultiple(of: 2) else {
            throw ImagingError("\(frame) is \(width) pixels wide, but pixels come in pairs")
        }
        guard planes.count == format.planeNames.count else {
            let given = planes.count == 1 ? "1 plane" : "\(planes.count) planes"
            throw ImagingError("\(frame) has \(given), but the format has \(format.planeNames.count)")
        }
        for (index, plane) in planes.enumerated() {
            let (name, length) = (format.planeNames[index], rowLength(of: index))
            guard plane.stride >= length, plane.stride <= Int(Int32.max) else {
                throw ImagingError(
                    "\(frame) has \(plane.stride) bytes a row\(name), but \(width) pixels need \(length)"
                )
            }
            guard plane.offset >= 0, plane.offset <= byteCount else {
                throw ImagingError(
                    "\(frame) has \(byteCount) bytes, but its first row\(name) is to begin at byte \(plane.offset)"
                )
            }
            let needed = plane.stride * (rowCount(of: index) - 1) + length
            guard byteCount - plane.offset >= needed else {
                let part = ", \(byteCount - plane.offset) of them from byte \(plane.offset) on"
                throw ImagingError(
                    "\(frame) has \(byteCount) bytes\(plane.offset == 0 ? "" : part), but \(width)×\(height) with \(plane.stride) bytes a row\(name) needs \(needed)"
                )
            }
        }
    }
}

extension RawLayout {
    /// Bytes of one row of a plane, without what its stride adds.
    func rowLength(of plane: Int) -> Int {
        format.components.reduce(0) { length, component in
            guard component.plane == plane else { return length }
            return max(length, component.offset + (samples(of: component) - 1) * component.step + 1)
        }
    }

    /// Rows of a plane.
    func rowCount(of plane: Int) -> Int {
        plane == 0 ? height : (height + 1) / 2
    }

    /// Samples of a component in a row.
    private func samples(of component: Format.Component) -> Int {
        component.isHalved ? (width + 1) / 2 : width
    }
}

extension RawLayout.Format {
    /// Where the samples of one component lie in the rows of its plane.
    struct Component: Equatable {
        var plane: Int
        /// The byte of its first sample in a row.
        var offset: Int
        /// Bytes from one sample to the next.
        var step: Int
        /// Whether two pixels in a row share a sample.
        var isHalved: Bool
    }

    /// Y alone; Y, U and V; or red, green and blue.
    var components: [Component] {
        func component(_ plane: Int, _ offset: Int, step: Int, isHalved: Bool = false) -> Component {
            Component(plane: plane, offset: offset, step: step, isHalved: isHalved)
        }
        func halved(_ plane: Int, _ offset: Int, step: Int) -> Component {
            component(plane, offset, step: step, isHalved: true)
        }
        switch self {
        case .yuyv: return [component(0, 0, step: 2), halved(0, 1, step: 4), halved(0, 3, step: 4)]
        case .uyvy: return [component(0, 1, step: 2), halved(0, 0, step: 4), halved(0, 2, step: 4)]
        case .nv12: return [component(0, 0, step: 1), halved(1, 0, step: 2), halved(1, 1, step: 2)]
        case .yu12: return [component(0, 0, step: 1), halved(1, 0, step: 1), halved(2, 0, step: 1)]
        case .grey: return [component(0, 0, step: 1)]
        case .rgb24: return (0..<3).map { component(0, $0, step: 3) }
        case .bgr24: return (0..<3).map { component(0, 2 - $0, step: 3) }
        }
    }

    /// Whether the components are red, green and blue.
    var isRGB: Bool { self == .rgb24 || self == .bgr24 }

    /// Whether two pixels lie in four bytes.
    var isPacked: Bool { self == .yuyv || self == .uyvy }

    /// For errors.
    var name: String {
        switch self {
        case .yuyv, .uyvy, .nv12, .yu12: rawValue.uppercased()
        case .grey: "grey"
        case .rgb24: "RGB"
        case .bgr24: "BGR"
        }
    }

    /// For errors, behind "row".
    var planeNames: [String] {
        switch self {
        case .nv12: ["", " of chroma"]
        case .yu12: ["", " of U", " of V"]
        case .yuyv, .uyvy, .grey, .rgb24, .bgr24: [""]
        }
    }
}
