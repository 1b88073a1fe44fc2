extension OfferedFormat {
    /// How Scenewatch gets at the pictures of a format.
    package enum Reading: String, Equatable, Sendable {
        /// It knows the format itself.
        case direct
        /// It leaves that to libv4l, which knows many formats of raw and older cameras.
        case converted
        /// Not at all: a stream of moving pictures, or distances in the place of colours.
        case none
    }

    private static let unreadable = codes([
        "H264", "AVC1", "M264", "S264", "HEVC", "S265", "VP80", "VP8F", "VP90", "VP9F", "AV10", "AV1F", "MPEG", "MPG1",
        "MPG2", "MG2S", "MPG4", "XVID", "H263", "VC1G", "VC1L", "FWHT", "SFWH", "Z16 ", "INZI",
    ])

    private static func codes(_ texts: [StaticString]) -> Set<PixelFormat> { Set(texts.map { PixelFormat($0) }) }

    package var reading: Reading {
        if pixelFormat.isRead { return .direct }
        return Self.unreadable.contains(pixelFormat) ? .none : .converted
    }

    /// Formats for people, a line for all that have the same sizes and are read the same way, in the order in which they
    /// came: `MJPG: 1920x1080 1280x720 at 30 15/s, 640x480 at 60/s`.
    package static func lines(_ formats: [OfferedFormat]) -> [String] {
        var lines: [(names: [String], first: OfferedFormat)] = []
        for format in formats {
            let name = format.pixelFormat.safeDescription
            if let index = lines.firstIndex(where: {
                $0.first.sizes == format.sizes && $0.first.reading == format.reading
            }) {
                lines[index].names.append(name)
            } else {
                lines.append(([name], format))
            }
        }
        return lines.map { names, first in
            let remark =
                switch first.reading {
                case .direct: ""
                case .converted: " (through libv4l)"
                case .none: " (not readable)"
                }
            return "\(names.joined(separator: " ")): \(first.sizes.text)\(remark)"
        }
    }
}

extension PixelFormat {
    /// Its four characters, which a driver can choose, safe to show.
    package var safeDescription: String {
        String(deviceText: description.utf8) + (code & 1 << 31 == 0 ? "" : "-BE")
    }
}

extension OfferedFormat.Sizes {
    fileprivate var text: String {
        switch self {
        case .unknown:
            return "the driver names no sizes"
        case .stepwise(let width, let height, let rates):
            let steps = width.step == 1 && height.step == 1 ? "" : " by \(width.step)x\(height.step)"
            return "\(width.least)x\(height.least)…\(width.most)x\(height.most)\(steps)" + rates.text
        case .discrete(let sizes):
            // Largest first; those next to one another that have the same rates are told together.
            let sorted = sizes.sorted { ($0.width * $0.height, $0.width) > ($1.width * $1.height, $1.width) }
            var groups: [(names: [String], rates: OfferedFormat.Rates)] = []
            for size in sorted {
                let name = "\(size.width)x\(size.height)"
                if let last = groups.indices.last, groups[last].rates == size.rates {
                    groups[last].names.append(name)
                } else {
                    groups.append(([name], size.rates))
                }
            }
            return groups.map { $0.names.joined(separator: " ") + $0.rates.text }.joined(separator: ", ")
        }
    }
}

extension OfferedFormat.Rates {
    fileprivate var text: String {
        switch self {
        case .unknown:
            return ""
        case .range(let range):
            return " at \(Self.text(range.upperBound))…\(Self.text(range.lowerBound))/s"
        case .discrete(let rates):
            let texts = rates.map(Self.text)
            guard texts.count > 5, let first = texts.first, let last = texts.last else {
                return " at \(texts.joined(separator: " "))/s"
            }
            return " at \(first)…\(last)/s"
        }
    }

    private static func text(_ rate: Double) -> String {
        rateText(rate).replacing("/s", with: "")
    }
}
