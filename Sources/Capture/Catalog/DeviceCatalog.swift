import CVideo
import Foundation

/// The cameras of this machine, as sysfs lists them and their drivers describe them. It is read anew at each call, since
/// cameras come and go, and their nodes are numbered as they come.
package struct DeviceCatalog: Sendable {
    /// Asks a node what it is.
    package typealias Probe = @Sendable (_ node: String) -> Result<NodeCapability, VideoFault>

    private static let list = "/sys/class/video4linux"
    let files: SystemFiles
    private let probe: Probe

    /// - Parameters:
    ///   - root: The folder that holds `sys` and `dev`.
    ///   - probe: Asks a node, by its path without `root`.
    package init(root: String = "/", probe: @escaping Probe = DeviceCatalog.ask) {
        files = SystemFiles(root: root)
        self.probe = probe
    }

    /// Opens a node for VIDIOC_QUERYCAP alone, which disturbs nobody who streams from it, and closes it at once.
    package static let ask: Probe = { node in
        let descriptor = open(node, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return .failure(VideoFault("open", errno)) }
        defer { close(descriptor) }
        var capability = v4l2_capability()
        let code = cvideo_querycap(descriptor, &capability)
        guard code == 0 else { return .failure(VideoFault("VIDIOC_QUERYCAP", code)) }
        return .success(NodeCapability(capability))
    }

    /// The nodes that capture video, in the order of their numbers, and those of which it cannot be known because they
    /// cannot be opened: of such a camera the first node alone, as the others hold its metadata as a rule.
    ///
    /// - Parameter known: What is known of nodes that must not be opened, by device number: those that this process
    ///   streams from. The kernel gives a number to no other device as long as it is open.
    package func entries(known: [dev_t: NodeCapability] = [:]) -> [DeviceEntry] {
        let asked = nodes().compactMap { entry -> DeviceEntry? in
            var entry = entry
            switch known[entry.deviceNumber].map({ .success($0) }) ?? probe(entry.node) {
            case .success(let capability):
                entry.capability = capability
                return capability.capturesVideo ? entry : nil
            case .failure(let fault):
                // Unplugged since it was listed, or no V4L2 device after all.
                if [ENODEV, ENXIO, ENOTTY].contains(fault.code) { return nil }
                entry.fault = fault
                return entry
            }
        }
        return asked.filter { entry in
            guard entry.fault != nil else { return true }
            return !asked.contains {
                $0.camera == entry.camera && ($0.fault == nil || $0.index < entry.index)
            }
        }
    }

    /// All V4L2 video nodes, in the order of their numbers, as sysfs has them: none is opened, or asked what it is.
    package func nodes() -> [DeviceEntry] {
        let byID = links(in: "/dev/v4l/by-id")
        let byPath = links(in: "/dev/v4l/by-path")
        let numbers = files.names(in: Self.list).names.compactMap { name in
            name.hasPrefix("video") ? Int(digits: name.dropFirst(5)) : nil
        }
        var entries = Set(numbers).sorted().compactMap { number in
            entry("video\(number)", byID: byID, byPath: byPath)
        }
        for index in entries.indices {
            let isAlone = !entries.contains {
                $0.node != entries[index].node && ($0.parent, $0.index) == (entries[index].parent, entries[index].index)
            }
            // Else the link leads to one of them by chance: what vivid makes has all one place, and the index 0.
            if !isAlone { entries[index].byPath = [] }
            guard let name = entries[index].usb?.linkName else { continue }
            entries[index].twins = entries.filter { other in
                other.node != entries[index].node && other.index == entries[index].index
                    && other.usb?.linkName == name
            }.map(\.node)
        }
        return entries
    }

    private func entry(_ name: String, byID: [String: [String]], byPath: [String: [String]]) -> DeviceEntry? {
        let folder = "\(Self.list)/\(name)"
        guard let number = files.text("\(folder)/dev").flatMap(deviceNumber) else { return nil }
        let node = "/dev/\(name)"
        let parent = files.target(of: "\(folder)/device") ?? folder
        let usbDevice = usbFolder(above: parent)
        return DeviceEntry(
            node: node,
            deviceNumber: number,
            index: files.text("\(folder)/index").flatMap { Int(digits: $0) } ?? 0,
            parent: parent,
            usb: usbDevice.flatMap(usbIdentity),
            byID: byID[node] ?? [],
            byPath: byPath[node] ?? [],
            systemName: files.text("\(folder)/name") ?? name,
            systemDriver: files.target(of: "\(parent)/driver")?.split(separator: "/").last.map(String.init) ?? "",
            systemBus: usbDevice.flatMap(usbBus) ?? ""
        )
    }

    /// "81:0".
    private func deviceNumber(_ text: String) -> dev_t? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { UInt32($0) }
        guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return nil }
        // makedev(3), a macro.
        let high = dev_t(major & 0xFFF) << 8 | dev_t(major & ~0xFFF) << 32
        let low = dev_t(minor & 0xFF) | dev_t(minor & ~0xFF) << 12
        return high | low
    }

    /// The nearest folder above that is a USB device, which is where its descriptor stands.
    private func usbFolder(above parent: String) -> String? {
        var parts = parent.split(separator: "/")
        while parts.count > 2 {
            let folder = "/" + parts.joined(separator: "/")
            if files.text("\(folder)/idVendor") != nil { return folder }
            parts.removeLast()
        }
        return nil
    }

    private func usbIdentity(_ folder: String) -> USBIdentity? {
        guard let vendor = files.text("\(folder)/idVendor"), let product = files.text("\(folder)/idProduct") else {
            return nil
        }
        return USBIdentity(
            vendor: vendor,
            product: product,
            manufacturer: files.text("\(folder)/manufacturer"),
            productName: files.text("\(folder)/product"),
            serial: files.text("\(folder)/serial")
        )
    }

    /// What a driver says in `bus_info`, which has the controller's name and the ports: `usb-0000:00:14.0-1.2`.
    private func usbBus(_ folder: String) -> String? {
        let parts = folder.split(separator: "/")
        guard let ports = files.text("\(folder)/devpath"),
            let bus = parts.firstIndex(where: { $0.hasPrefix("usb") && Int(digits: $0.dropFirst(3)) != nil }), bus > 0
        else { return nil }
        return "usb-\(parts[bus - 1])-\(ports)"
    }

    /// The links in a folder of udev, by the node that they lead to.
    private func links(in folder: String) -> [String: [String]] {
        var links: [String: [String]] = [:]
        for name in files.names(in: folder).names where name.isPlain {
            guard let node = files.target(of: "\(folder)/\(name)") else { continue }
            links[node, default: []].append("\(folder)/\(name)")
        }
        // Newer versions of udev make two links by path. The one without the bus's revision can lead to another camera,
        // in the port of the same number on the controller's other bus.
        return links.mapValues { $0.sorted { ($0.contains("-usbv") ? 0 : 1, $0) < ($1.contains("-usbv") ? 0 : 1, $1) } }
    }
}

extension Int {
    /// A number of digits alone.
    init?(digits: some StringProtocol) {
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        self.init(digits)
    }
}
