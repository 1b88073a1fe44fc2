/// How a configuration names a camera.
public enum DeviceSelector: Sendable, Equatable, CustomStringConvertible {
    /// A node such as /dev/video0, or a link to one, as udev keeps them in /dev/v4l/by-id and /dev/v4l/by-path.
    case path(String)
    /// What the camera says of itself, wherever it is plugged in and whatever its node is called today.
    case match(DeviceMatch)

    /// The path as it is, or `card "HD Pro Webcam C920", serial "A1B2"`.
    public var description: String {
        switch self {
        case .path(let path): path
        case .match(let match): match.description
        }
    }
}

/// What a camera has to say of itself to be the one that is meant. Upper and lower case are the same, and what is nil
/// may be anything.
public struct DeviceMatch: Sendable, Equatable, CustomStringConvertible {
    /// The name of the device (`card` of VIDIOC_QUERYCAP), or a part of it. Where one camera has exactly this name, those
    /// that only contain it are not meant.
    public let card: String?
    /// Where the device is plugged in (`bus_info` of VIDIOC_QUERYCAP), or the beginning of it: `usb-0000:00:14.0-1` is
    /// also what is behind a hub there (`usb-0000:00:14.0-1.2`), and never `usb-0000:00:14.0-10`.
    public let bus: String?
    /// The serial number of a USB device, whole.
    public let serial: String?

    /// What is empty counts as nil. Without anything to go by it fits every camera.
    public init(card: String? = nil, bus: String? = nil, serial: String? = nil) {
        func set(_ text: String?) -> String? { text?.isEmpty == false ? text : nil }
        (self.card, self.bus, self.serial) = (set(card), set(bus), set(serial))
    }

    /// `card "HD Pro Webcam C920", serial "A1B2"`.
    public var description: String {
        [("card", card), ("bus", bus), ("serial", serial)]
            .compactMap { name, value in value.map { "\(name) \"\($0)\"" } }
            .joined(separator: ", ")
    }

    /// Those of some cameras that are meant.
    package func filter(_ entries: [DeviceEntry]) -> [DeviceEntry] {
        let wanted = entries.filter { entry in
            (serial.map { $0.lowercased() == entry.serial?.lowercased() } ?? true)
                && (card.map { entry.card.lowercased().contains($0.lowercased()) } ?? true)
                && (bus.map { isBeginning($0.lowercased(), of: entry.busInfo.lowercased()) } ?? true)
        }
        return preferring(card, \.card, in: preferring(bus, \.busInfo, in: wanted))
    }

    /// Those that say exactly what is asked for; all where there is none.
    private func preferring(
        _ text: String?,
        _ said: (DeviceEntry) -> String,
        in entries: [DeviceEntry]
    ) -> [DeviceEntry] {
        let exact = entries.filter { said($0).lowercased() == text?.lowercased() }
        return exact.isEmpty ? entries : exact
    }

    /// Whether it begins a bus, and ends where one of its parts does.
    private func isBeginning(_ beginning: String, of bus: String) -> Bool {
        func isSeparator(_ character: Character?) -> Bool { character.map { "-.:".contains($0) } ?? true }
        guard bus.hasPrefix(beginning) else { return false }
        return isSeparator(beginning.last) || isSeparator(bus.dropFirst(beginning.count).first)
    }
}
