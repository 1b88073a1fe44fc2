/// How a camera was held, by the Exif tag Orientation (0x0112): what must be done to show its picture upright.
package enum ExifOrientation: Int, CaseIterable, Sendable {
    case upright = 1
    case mirrored
    case upsideDown
    case flipped
    case transposed
    case turnedLeft
    case transversed
    case turnedRight

    /// The orientation that a JPEG's first Exif segment gives; upright when there is none or it makes no sense.
    package init(jpeg bytes: [UInt8]) {
        self = ExifOrientation.segment(in: bytes).flatMap(ExifOrientation.value) ?? .upright
    }

    /// The TIFF structure inside the first APP1 segment that begins with "Exif", found before the first scan.
    private static func segment(in bytes: [UInt8]) -> ArraySlice<UInt8>? {
        let name: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]
        var offset = 2
        while offset + 4 <= bytes.count, bytes[offset] == 0xFF {
            let marker = bytes[offset + 1]
            switch marker {
            case 0xFF:
                offset += 1
                continue
            case 0x01, 0xD0...0xD7:
                offset += 2
                continue
            case 0xD9, 0xDA:
                return nil
            default:
                break
            }
            let length = Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])
            let end = offset + 2 + length
            guard length >= 2, end <= bytes.count else {
                return nil
            }
            let content = bytes[offset + 4..<end]
            if marker == 0xE1, content.starts(with: name) {
                return content.dropFirst(name.count)
            }
            offset = end
        }
        return nil
    }

    /// Looks the tag up in the first directory of a TIFF structure (TIFF 6.0, section 2).
    private static func value(inTIFF tiff: ArraySlice<UInt8>) -> ExifOrientation? {
        let isLittleEndian: Bool
        switch tiff.prefix(2) {
        case [0x49, 0x49]: isLittleEndian = true
        case [0x4D, 0x4D]: isLittleEndian = false
        default: return nil
        }
        func number(at offset: Int, bytes count: Int) -> Int? {
            guard offset >= 0, offset + count <= tiff.count else {
                return nil
            }
            let field = tiff[tiff.startIndex + offset..<tiff.startIndex + offset + count]
            return isLittleEndian
                ? field.reversed().reduce(0) { $0 << 8 | Int($1) } : field.reduce(0) { $0 << 8 | Int($1) }
        }
        guard number(at: 2, bytes: 2) == 42,
            let directory = number(at: 4, bytes: 4),
            let count = number(at: directory, bytes: 2)
        else {
            return nil
        }
        for index in 0..<count {
            let entry = directory + 2 + index * 12
            guard let tag = number(at: entry, bytes: 2), let type = number(at: entry + 2, bytes: 2) else {
                return nil
            }
            guard tag == 0x0112 else {
                continue
            }
            // SHORT by the specification; LONG is seen in the wild.
            let size = type == 3 ? 2 : type == 4 ? 4 : 0
            return size == 0 ? nil : number(at: entry + 8, bytes: size).flatMap(ExifOrientation.init)
        }
        return nil
    }
}

extension Picture {
    /// The picture shown upright, given how the camera was held.
    package consuming func turned(upright orientation: ExifOrientation) -> Picture {
        guard orientation != .upright else {
            return self
        }
        let (right, bottom) = (width - 1, height - 1)
        let isLying = orientation.rawValue >= 5
        var turned = Picture()
        turned.reshape(width: isLying ? height : width, height: isLying ? width : height)
        // Where the new top left pixel lies in the old picture, and the steps there for one to the right and one down.
        let (x, y, toRight, toBottom): (Int, Int, (Int, Int), (Int, Int)) =
            switch orientation {
            case .upright: (0, 0, (1, 0), (0, 1))
            case .mirrored: (right, 0, (-1, 0), (0, 1))
            case .upsideDown: (right, bottom, (-1, 0), (0, -1))
            case .flipped: (0, bottom, (1, 0), (0, -1))
            case .transposed: (0, 0, (0, 1), (1, 0))
            case .turnedLeft: (0, bottom, (0, -1), (1, 0))
            case .transversed: (right, bottom, (0, -1), (-1, 0))
            case .turnedRight: (right, 0, (0, 1), (-1, 0))
            }
        let first = (y * width + x) * 3
        let stepRight = (toRight.1 * width + toRight.0) * 3
        let stepDown = (toBottom.1 * width + toBottom.0) * 3
        let (newWidth, newHeight) = (turned.width, turned.height)
        pixels.withUnsafeBufferPointer { old in
            turned.pixels.withUnsafeMutableBufferPointer { new in
                for row in 0..<newHeight {
                    for column in 0..<newWidth {
                        let from = first + row * stepDown + column * stepRight
                        let to = (row * newWidth + column) * 3
                        new[to] = old[from]
                        new[to + 1] = old[from + 1]
                        new[to + 2] = old[from + 2]
                    }
                }
            }
        }
        return turned
    }
}
