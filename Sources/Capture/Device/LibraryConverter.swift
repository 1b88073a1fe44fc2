import CVideo
import Foundation

/// Turns pictures of a format that nobody here reads into one that is, with libv4lconvert. One per opened device.
final class LibraryConverter {
    private let data: OpaquePointer
    private var source: v4l2_format
    private var target: v4l2_format

    /// - Throws: when memory is short. That the library cannot read a format shows at the first picture.
    init(_ descriptor: Int32, from format: VideoFormat, path: String) throws(SourceLost) {
        guard let data = v4lconvert_create(descriptor) else {
            throw SourceLost("\(path) gives \(format.pixelFormat), and libv4lconvert cannot be started")
        }
        self.data = data
        source = v4l2_format()
        source.type = V4L2_BUF_TYPE_VIDEO_CAPTURE.rawValue
        let code = cvideo_g_fmt(descriptor, &source)
        guard code == 0 else {
            v4lconvert_destroy(data)
            throw VideoFault("VIDIOC_G_FMT", code).explained(path)
        }
        target = source
        target.fmt.pix.pixelformat = format.pixelFormat.conversionTarget.code
        // Row length and size that go with it.
        v4lconvert_fixup_fmt(&target)
    }

    deinit {
        v4lconvert_destroy(data)
    }

    /// Replaces `bytes` with the picture as ``PixelFormat/conversionTarget``, without padding. False when it is damaged.
    func convert(_ picture: UnsafeMutableRawBufferPointer, _ bytes: inout [UInt8]) -> Bool {
        let size = Int(target.fmt.pix.sizeimage)
        if bytes.count != size { bytes = Array(repeating: 0, count: size) }
        let count = bytes.withUnsafeMutableBufferPointer { target in
            v4lconvert_convert(
                data,
                &source,
                &self.target,
                picture.bindMemory(to: UInt8.self).baseAddress,
                Int32(clamping: picture.count),
                target.baseAddress,
                Int32(clamping: size)
            )
        }
        return Int(count) == size
    }
}
