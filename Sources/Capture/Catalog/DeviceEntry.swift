import CVideo
import Foundation

/// What VIDIOC_QUERYCAP says of a node.
package struct NodeCapability: Equatable, Sendable {
    /// The name of the device, for people.
    package var card: String
    /// The name of the driver.
    package var driver: String
    /// Where the device is plugged in.
    package var busInfo: String
    /// V4L2_CAP_…, of this node where the driver tells nodes apart.
    package var flags: UInt32

    package init(card: String, driver: String, busInfo: String, flags: UInt32) {
        self.card = card
        self.driver = driver
        self.busInfo = busInfo
        self.flags = flags
    }

    /// Whether pictures come out of this node: not metadata, not what other programs are to show, and not what a codec
    /// makes of pictures that are put into it.
    package var capturesVideo: Bool {
        // A codec without the flags that there are for it captures and puts out, multi-planar. Single-planar, that is
        // v4l2loopback, in which another program plays the camera.
        has(V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE)
            && !has(V4L2_CAP_VIDEO_M2M | V4L2_CAP_VIDEO_M2M_MPLANE)
            && !has(V4L2_CAP_VIDEO_OUTPUT_MPLANE)
    }

    /// Whether its pictures come over a bus that raw ones soon fill.
    package var isOnUSB: Bool { busInfo.hasPrefix("usb") }

    /// Whether it speaks of buffers of several planes only.
    package var isMultiPlanar: Bool { has(V4L2_CAP_VIDEO_CAPTURE_MPLANE) && !has(V4L2_CAP_VIDEO_CAPTURE) }

    private func has(_ flag: Int32) -> Bool { flags & UInt32(bitPattern: flag) != 0 }
}

/// What a USB device says of itself, as sysfs has it.
package struct USBIdentity: Equatable, Sendable {
    /// `idVendor` and `idProduct`: four hexadecimal digits each.
    package var vendor: String
    package var product: String
    /// In words; nil where the device has none.
    package var manufacturer: String?
    package var productName: String?
    /// Many cameras have none, and some makers give all of a kind the same one.
    package var serial: String?

    package init(
        vendor: String,
        product: String,
        manufacturer: String? = nil,
        productName: String? = nil,
        serial: String? = nil
    ) {
        self.vendor = vendor
        self.product = product
        self.manufacturer = manufacturer
        self.productName = productName
        self.serial = serial
    }

    /// What udev makes a name in /dev/v4l/by-id of: devices that agree in it share the name, and one of them gets it.
    var linkName: [String] {
        // udev ignores a serial number with other characters.
        let isSerial = serial?.utf8.allSatisfy { (0x20..<0x80).contains($0) && $0 != UInt8(ascii: ",") } ?? false
        return [manufacturer ?? vendor, productName ?? product, isSerial ? serial ?? "" : ""]
            .map { $0.split(separator: " ").joined(separator: "_") }
    }
}

/// A V4L2 node of this machine.
package struct DeviceEntry: Equatable, Sendable {
    /// /dev/video0.
    package var node: String
    /// `st_rdev` of the node.
    package var deviceNumber: dev_t
    /// Which of its device's nodes it is, from 0.
    package var index: Int
    /// The folder in sysfs of the device that it is a node of; of a USB device, that of one interface.
    package var parent: String
    /// nil when the device is not on USB.
    package var usb: USBIdentity?
    /// The links of udev that lead to it: full paths, the best one first. Those by place lead to it alone.
    package var byID: [String] = []
    package var byPath: [String] = []
    /// The other nodes that have the same name in /dev/v4l/by-id by right, of which one has it by chance.
    package var twins: [String] = []
    /// nil when the node was not asked, or cannot be opened.
    package var capability: NodeCapability?
    /// Why the node cannot be opened.
    package var fault: VideoFault?
    /// What sysfs knows without opening the node: `name`, the driver, and where it is plugged in.
    package var systemName: String
    package var systemDriver: String
    package var systemBus: String

    /// The name of the device, for people.
    package var card: String { capability?.card ?? systemName }
    package var driver: String { capability?.driver ?? systemDriver }
    /// Where the device is plugged in; empty where nobody knows.
    package var busInfo: String { capability?.busInfo ?? systemBus }
    package var serial: String? { usb?.serial }

    /// The path that leads to this camera for as long as possible: a link by name where no other camera has the same,
    /// else one by the place where it is plugged in, else the node.
    package var stablePath: String { (twins.isEmpty ? byID.first : nil) ?? byPath.first ?? node }

    /// Nodes that agree in this belong to one camera, unless they have the same index: the cameras that `vivid` makes have
    /// all the same parent.
    var camera: [String] { [parent, busInfo] }
}
