import Capture
import Foundation
import Synchronization

/// A made-up machine: the folders that the kernel and udev would show, and drivers that answer for the nodes.
final class CatalogTree: Sendable {
    static let capture: UInt32 = 0x0420_0001
    static let metadata: UInt32 = 0x04A0_0000

    private let folder: TemporaryFolder
    private let answers = Mutex<[String: Result<NodeCapability, VideoFault>]>([:])
    private let opened = Mutex<[String]>([])

    init() throws {
        folder = try TemporaryFolder()
        for path in ["/dev/v4l/by-id", "/dev/v4l/by-path", "/sys/class/video4linux"] { try make(path) }
    }

    var root: String { folder.path }
    var catalog: DeviceCatalog {
        DeviceCatalog(root: root) { [self] node in
            opened.withLock { $0.append(node) }
            return answers.withLock { $0[node] } ?? .failure(VideoFault("open", ENOENT))
        }
    }
    /// The nodes that were opened so far.
    var openedNodes: [String] { opened.withLock { $0 } }

    func make(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: root + path, withIntermediateDirectories: true)
    }

    func write(_ text: String, to path: String) throws {
        try make(String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)))
        try Data(text.utf8).write(to: URL(fileURLWithPath: root + path))
    }

    func link(_ path: String, to target: String) throws {
        try? FileManager.default.removeItem(atPath: root + path)
        try FileManager.default.createSymbolicLink(atPath: root + path, withDestinationPath: target)
    }

    func answer(_ node: String, _ result: Result<NodeCapability, VideoFault>) {
        answers.withLock { $0[node] = result }
    }

    /// A node of the device whose folder in /sys/devices is given.
    func addNode(
        _ number: Int,
        of device: String,
        index: Int = 0,
        name: String,
        flags: UInt32 = CatalogTree.capture,
        driver: String = "uvcvideo",
        bus: String
    ) throws {
        let path = "/sys/devices/\(device)/video4linux/video\(number)"
        try write("\(name)\n", to: path + "/name")
        try write("\(index)\n", to: path + "/index")
        try write("81:\(number)\n", to: path + "/dev")
        try link(path + "/device", to: "../../../\(device.split(separator: "/").last ?? "")")
        try link("/sys/class/video4linux/video\(number)", to: "../../devices/\(device)/video4linux/video\(number)")
        try write("", to: "/dev/video\(number)")
        let capability = NodeCapability(card: name, driver: driver, busInfo: bus, flags: flags)
        answer("/dev/video\(number)", .success(capability))
    }

    /// A USB camera as uvcvideo has it: a node that captures, and one of metadata behind it. With the links of udev.
    func addWebcam(
        _ number: Int,
        port: String,
        name: String = "HD Pro Webcam C920",
        serial: String? = nil,
        maker: String = "046d",
        linkedByName: Bool = true
    ) throws {
        let device = "pci0000:00/0000:00:14.0/usb1/1-\(port)"
        try write("\(maker)\n", to: "/sys/devices/\(device)/idVendor")
        try write("082d\n", to: "/sys/devices/\(device)/idProduct")
        try write("\(port)\n", to: "/sys/devices/\(device)/devpath")
        try write("\(name)\n", to: "/sys/devices/\(device)/product")
        if let serial { try write("\(serial)\n", to: "/sys/devices/\(device)/serial") }
        for index in 0...1 {
            try addNode(
                number + index,
                of: "\(device)/1-\(port):1.0",
                index: index,
                name: name,
                flags: index == 0 ? Self.capture : Self.metadata,
                bus: "usb-0000:00:14.0-\(port)"
            )
            let place = "pci-0000:00:14.0-usb-0:\(port):1.0-video-index\(index)"
            try link("/dev/v4l/by-path/\(place)", to: "../../video\(number + index)")
            guard linkedByName else { continue }
            let label = ([maker, name.replacing(" ", with: "_")] + (serial.map { [$0] } ?? [])).joined(separator: "_")
            try link("/dev/v4l/by-id/usb-\(label)-video-index\(index)", to: "../../video\(number + index)")
        }
    }

    func removeNode(_ number: Int) throws {
        try FileManager.default.removeItem(atPath: root + "/sys/class/video4linux/video\(number)")
        try FileManager.default.removeItem(atPath: root + "/dev/video\(number)")
        answers.withLock { _ = $0.removeValue(forKey: "/dev/video\(number)") }
    }

    /// As the kernel has it in `vivid`: all its devices have one parent and one index, and share their link by place.
    func addVivid(_ number: Int, instance: Int) throws {
        try addNode(
            number,
            of: "platform/vivid.0",
            name: "vivid",
            driver: "vivid",
            bus: "platform:vivid-00\(instance)"
        )
        try link("/dev/v4l/by-path/platform-vivid.0-video-index0", to: "../../video\(number)")
    }
}
