import Capture
import Imaging

/// Turns frames of any format into crops at the least cost, and into whole pictures where somebody wants one.
///
/// JPEG is decoded no larger than crops need it, and raw samples are resized before they become RGB. Both stay within
/// the tolerance of the exact way (Docs/Capture.md). One per thread.
final class FrameDecoder {
    private let decoder: JPEGDecoder
    private var picture = Picture()

    init() throws(ImagingError) {
        decoder = try JPEGDecoder()
    }

    /// Cuts a frame by a view. Returns where the crops lie in it.
    func cut(
        _ frame: borrowing Frame,
        view: View,
        with preprocessor: Preprocessor,
        into crops: inout [[UInt8]]
    ) throws(ImagingError) -> [Square] {
        switch frame.format {
        case .jpeg:
            let least = preprocessor.leastShorterSide
            let size = try decoder.decode(frame.bytes, into: &picture, shorterSideAtLeast: least)
            try preprocessor.crops(
                of: picture,
                frameWidth: size.width,
                frameHeight: size.height,
                view: view,
                into: &crops
            )
            return preprocessor.squares(of: view, width: size.width, height: size.height)
        case .raw(let format):
            let layout = RawLayout(format, width: frame.width, height: frame.height)
            try preprocessor.crops(of: frame.bytes, layout: layout, view: view, into: &crops)
            return preprocessor.squares(of: view, width: frame.width, height: frame.height)
        }
    }

    /// Cuts the regions out of a frame. Where the crops lie in it, and whose they are, `regions` then says.
    func cut(
        _ frame: borrowing Frame,
        with regions: RegionPreprocessor,
        into crops: inout [[UInt8]]
    ) throws(ImagingError) {
        switch frame.format {
        case .jpeg:
            let size = try decoder.decode(frame.bytes, into: &picture) { width, height in
                regions.leastShorterSide(ofWidth: width, height: height)
            }
            try regions.crops(of: picture, frameWidth: size.width, frameHeight: size.height, into: &crops)
        case .raw(let format):
            let layout = RawLayout(format, width: frame.width, height: frame.height)
            try regions.crops(of: frame.bytes, layout: layout, into: &crops)
        }
    }

    /// The whole picture of a JPEG, perhaps a half, a quarter or an eighth of its size.
    func jpegPicture(of frame: borrowing Frame, shorterSideAtLeast side: Int) throws(ImagingError) -> Picture {
        var picture = Picture()
        try decoder.decode(frame.bytes, into: &picture, shorterSideAtLeast: side)
        return picture
    }

    /// The whole picture, exactly.
    func picture(of frame: borrowing Frame) throws(ImagingError) -> Picture {
        var picture = Picture()
        switch frame.format {
        case .jpeg:
            try decoder.decode(frame.bytes, into: &picture)
        case .raw(let format):
            let layout = RawLayout(format, width: frame.width, height: frame.height)
            try RawPicture.decode(frame.bytes, layout, into: &picture)
        }
        return picture
    }
}

extension RawLayout {
    /// The layout that a camera's driver gave.
    init(_ format: Frame.RawFormat, width: Int, height: Int) {
        let samples: Format =
            switch format.arrangement {
            case .yuyv: .yuyv
            case .uyvy: .uyvy
            case .nv12: .nv12
            case .yu12: .yu12
            case .grey: .grey
            case .rgb24: .rgb24
            case .bgr24: .bgr24
            }
        let matrix: ColorMatrix =
            switch format.matrix {
            case .bt601: .bt601
            case .bt709: .bt709
            case .bt2020: .bt2020
            }
        self.init(
            format: samples,
            width: width,
            height: height,
            planes: format.planes.map { Plane(offset: $0.offset, stride: $0.stride) },
            matrix: matrix,
            range: format.isFullRange ? .full : .limited
        )
    }
}
