import Imaging

/// A picture that a trigger names, as it was when the configuration was read: what was checked is what is looked for, and
/// a file that has changed since makes another trigger of it when the configuration is read again.
public struct PictureSetting: Sendable, Equatable, CustomStringConvertible {
    /// The largest file that is taken: 32 MiB. It stays in memory.
    public static let maximumByteCount = 32 << 20

    /// Absolute where the configuration's folder is.
    public var path: String
    /// The file, a JPEG or PNG that can be decoded.
    public var bytes: [UInt8]

    /// Takes a file that is known.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// Reads a file, and sees that a picture can be made of it.
    public init(path: String) throws(InvalidValue) {
        do throws(ImagingError) {
            let bytes = try PictureFile.bytes(of: path)
            guard bytes.count <= Self.maximumByteCount else {
                throw ImagingError("it has \(bytes.count >> 20) MiB, more than \(Self.maximumByteCount >> 20) MiB")
            }
            let setting = PictureSetting(path: path, bytes: bytes)
            _ = try setting.squares(side: 256)
            self = setting
        } catch {
            throw InvalidValue(
                "the picture \(path) cannot be used: \(error); give a JPEG or PNG, such as `scenewatch snapshot` writes"
            )
        }
    }

    /// The picture, upright, cut as looks are: the squares of a whole frame, and the one in the middle where that is not
    /// among them, for cameras that see only that.
    ///
    /// - Parameter side: the model's.
    /// - Returns: of each square side × side × 3 bytes.
    public func squares(side: Int) throws(ImagingError) -> [[UInt8]] {
        let picture = try PictureFile.decode(bytes)
        let preprocessor = Preprocessor(side: side)
        var squares: [[UInt8]] = []
        var middle: [[UInt8]] = []
        try preprocessor.crops(of: picture, view: .full, into: &squares)
        try preprocessor.crops(of: picture, view: .center, into: &middle)
        return squares + middle.filter { !squares.contains($0) }
    }

    /// Its path.
    public var description: String { path }
}
