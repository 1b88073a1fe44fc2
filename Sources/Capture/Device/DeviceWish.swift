/// What a device is asked for; nil leaves it to the driver.
package struct DeviceWish: Equatable, Sendable {
    package var width: Int?
    package var height: Int?
    package var rate: Double?

    package init(width: Int? = nil, height: Int? = nil, rate: Double? = nil) {
        self.width = width
        self.height = height
        self.rate = rate
    }

    // What a USB 2 bus carries, with some room for a second camera. Raw frames need no decoding and are preferred below.
    private static let mostRawBytesPerSecond = 20e6

    /// The pixel format to ask for; nil if none of those offered is known.
    package static func choose(
        from offered: [PixelFormat],
        width: Int,
        height: Int,
        rate: Double?
    ) -> PixelFormat? {
        let compressed = [PixelFormat.motionJPEG, .jpeg].first(where: offered.contains)
        guard offered.contains(.yuyv) else { return compressed }
        let rawBytesPerSecond = Double(width) * Double(height) * 2 * (rate ?? 30)
        return rawBytesPerSecond > mostRawBytesPerSecond ? compressed ?? .yuyv : .yuyv
    }
}
