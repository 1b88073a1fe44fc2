/// What a driver has settled on: pixel format, size, and how rows lie in memory.
package struct VideoFormat: Equatable, Sendable {
    /// A plane of memory.
    package struct Plane: Equatable, Sendable {
        /// Bytes per row; 0 for compressed formats, and where a driver leaves it out.
        package var stride: Int

        package init(stride: Int) {
            self.stride = stride
        }
    }

    package var pixelFormat: PixelFormat
    package var width: Int
    package var height: Int
    /// One, or several where the device is multi-planar and the format says so.
    package var planes: [Plane]
    package var matrix = Frame.RawFormat.Matrix.bt601
    package var isFullRange = false

    package init(_ pixelFormat: PixelFormat, width: Int, height: Int, planes: [Plane]) {
        self.pixelFormat = pixelFormat
        self.width = width
        self.height = height
        self.planes = planes
    }

    package init(_ pixelFormat: PixelFormat, width: Int, height: Int, stride: Int = 0) {
        self.init(pixelFormat, width: width, height: height, planes: [Plane(stride: stride)])
    }
}

/// Where the samples of a raw format lie once its planes of memory have been copied behind one another.
package struct RawGeometry: Equatable, Sendable {
    package let format: Frame.RawFormat
    /// For each plane of memory, how many bytes a whole picture has.
    package let byteCounts: [Int]

    /// - Throws: when the driver's numbers make no picture.
    package init(_ video: VideoFormat, _ arrangement: Frame.RawFormat.Arrangement, path: String) throws(SourceLost) {
        let (width, height) = (video.width, video.height)
        // In pairs of pixels, each with one U and one V.
        let (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2)
        // Bytes that a row of each component plane needs, and rows.
        let needs: [(row: Int, rows: Int)] =
            switch arrangement {
            case .yuyv, .uyvy: [(halfWidth * 4, height)]
            case .nv12: [(width, height), (halfWidth * 2, halfHeight)]
            case .yu12: [(width, height), (halfWidth, halfHeight), (halfWidth, halfHeight)]
            case .grey: [(width, height)]
            case .rgb24, .bgr24: [(width * 3, height)]
            }
        guard video.planes.count == 1 || video.planes.count == needs.count else {
            throw SourceLost("\(path) gives \(video.pixelFormat) in \(video.planes.count) planes")
        }
        var planes: [Frame.RawFormat.Plane] = []
        var byteCounts: [Int] = []
        if video.planes.count > 1 {
            for (need, plane) in zip(needs, video.planes) {
                let stride = try Self.stride(plane.stride, atLeast: need.row, path)
                planes.append(.init(offset: byteCounts.reduce(0, +), stride: stride))
                byteCounts.append(stride * (need.rows - 1) + need.row)
            }
        } else {
            // The planes' order, and strides that follow from the first: "NV12", "YUV420" in the kernel's documentation.
            let stride = try Self.stride(video.planes[0].stride, atLeast: needs[0].row, path)
            var offset = 0
            var end = 0
            for (index, need) in needs.enumerated() {
                let own = index == 0 || arrangement == .nv12 ? stride : stride / 2
                guard own >= need.row else { throw SourceLost("\(path) gives rows of \(stride) bytes, which is odd") }
                planes.append(.init(offset: offset, stride: own))
                end = offset + own * (need.rows - 1) + need.row
                offset += own * need.rows
            }
            byteCounts = [end]
        }
        self.byteCounts = byteCounts
        format = Frame.RawFormat(
            arrangement: arrangement,
            planes: planes,
            matrix: video.matrix,
            isFullRange: video.isFullRange
        )
    }

    /// Some drivers leave the stride out, or say less than a row needs.
    private static func stride(_ said: Int, atLeast need: Int, _ path: String) throws(SourceLost) -> Int {
        guard said <= 1 << 20 else { throw SourceLost("\(path) claims rows of \(said) bytes") }
        return max(said, need)
    }
}
