import Capture
import Foundation
import Testing

@Suite struct DeviceCatalogTests {
    private let tree: CatalogTree

    init() throws {
        tree = try CatalogTree()
    }

    @Test func anEmptyMachineHasNoCamera() {
        #expect(tree.catalog.entries() == [])
        #expect(DeviceCatalog(root: "/nonexistent").entries() == [])
    }

    @Test func aWebcamIsItsNodeThatCaptures() throws {
        try tree.addWebcam(0, port: "1.2", serial: "A1B2")
        let entries = tree.catalog.entries()
        #expect(entries.map(\.node) == ["/dev/video0"])
        let camera = try #require(entries.first)
        #expect(camera.card == "HD Pro Webcam C920")
        #expect(camera.driver == "uvcvideo")
        #expect(camera.busInfo == "usb-0000:00:14.0-1.2")
        #expect(camera.serial == "A1B2")
        #expect(camera.usb?.vendor == "046d")
        #expect(camera.usb?.product == "082d")
        #expect(camera.deviceNumber == 81 << 8)
        #expect(camera.byPath == ["/dev/v4l/by-path/pci-0000:00:14.0-usb-0:1.2:1.0-video-index0"])
        #expect(camera.stablePath == "/dev/v4l/by-id/usb-046d_HD_Pro_Webcam_C920_A1B2-video-index0")
    }

    @Test func nodesComeInTheOrderOfTheirNumbers() throws {
        for number in [10, 2, 0] { try tree.addVivid(number, instance: number % 3) }
        #expect(tree.catalog.entries().map(\.node) == ["/dev/video0", "/dev/video2", "/dev/video10"])
        #expect(tree.catalog.entries().allSatisfy { $0.usb == nil && $0.serial == nil })
    }

    @Test func aLinkByPlaceThatSeveralShareIsNobodys() throws {
        try tree.addVivid(0, instance: 0)
        #expect(tree.catalog.entries().map(\.stablePath) == ["/dev/v4l/by-path/platform-vivid.0-video-index0"])
        try tree.addVivid(1, instance: 1)
        #expect(tree.catalog.entries().map(\.stablePath) == ["/dev/video0", "/dev/video1"])
    }

    @Test func severalOfOneIndexAreKeptThoughNoneCanBeOpened() throws {
        for number in 0...1 {
            try tree.addVivid(number, instance: number)
            tree.answer("/dev/video\(number)", .failure(VideoFault("open", EACCES)))
        }
        #expect(tree.catalog.entries().map(\.node) == ["/dev/video0", "/dev/video1"])
    }

    @Test(arguments: [
        (0x0420_1000, true), (0x0420_0003, true), (0x0420_0002, false), (0x0420_8000, false), (0x0420_4000, false),
        (0x0420_3000, false), (0x04A0_0000, false), (0x0420_0010, false),
    ])
    func whatCapturesVideoIsACamera(flags: Int, isCamera: Bool) throws {
        try tree.addNode(0, of: "platform/isp", name: "isp", flags: UInt32(flags), bus: "platform:isp")
        #expect(tree.catalog.entries().count == (isCamera ? 1 : 0))
    }

    @Test func twinsWithoutSerialShareTheirNameAndAreNamedByPlace() throws {
        try tree.addWebcam(0, port: "1", linkedByName: false)
        try tree.addWebcam(2, port: "2")
        let entries = tree.catalog.entries()
        #expect(entries.map(\.twins) == [["/dev/video2"], ["/dev/video0"]])
        #expect(entries.map(\.byID.count) == [0, 1])
        #expect(
            entries.map(\.stablePath)
                == [1, 2].map { "/dev/v4l/by-path/pci-0000:00:14.0-usb-0:\($0):1.0-video-index0" }
        )
    }

    @Test func twinsWithTheSameSerialAreTwins() throws {
        try tree.addWebcam(0, port: "1", serial: "01.00.00")
        try tree.addWebcam(2, port: "2", serial: "01.00.00")
        #expect(tree.catalog.entries().map(\.twins) == [["/dev/video2"], ["/dev/video0"]])
        // udev takes no notice of one with such characters.
        try tree.addWebcam(4, port: "3", serial: "a,b")
        try tree.addWebcam(6, port: "4", serial: "\u{E9}")
        #expect(tree.catalog.entries().suffix(2).map(\.twins) == [["/dev/video6"], ["/dev/video4"]])
    }

    @Test func camerasWithDifferentSerialsAreNot() throws {
        try tree.addWebcam(0, port: "1", serial: "A")
        try tree.addWebcam(2, port: "2", serial: "B")
        let entries = tree.catalog.entries()
        #expect(entries.allSatisfy { $0.twins.isEmpty })
        #expect(entries.map { $0.stablePath.contains("/by-id/") } == [true, true])
    }

    @Test func twoInterfacesOfOneDeviceShareItsNameToo() throws {
        try tree.addWebcam(0, port: "1", serial: "A")
        // The infrared camera of a notebook's lid.
        let device = "pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.2"
        try tree.addNode(2, of: device, name: "HD Pro Webcam C920: IR", bus: "usb-0000:00:14.0-1")
        #expect(tree.catalog.entries().map(\.twins) == [["/dev/video2"], ["/dev/video0"]])
    }

    @Test func theLinkWithTheRevisionOfTheBusIsTheBetterOne() throws {
        try tree.addWebcam(0, port: "1", linkedByName: false)
        try tree.link("/dev/v4l/by-path/pci-0000:00:14.0-usbv2-0:1:1.0-video-index0", to: "../../video0")
        let path = "/dev/v4l/by-path/pci-0000:00:14.0-usbv2-0:1:1.0-video-index0"
        #expect(tree.catalog.entries().first?.stablePath == path)
        #expect(tree.catalog.entries().first?.byPath.count == 2)
    }

    @Test(arguments: [EACCES, EBUSY, ENOENT])
    func whatCannotBeOpenedIsKeptOnceWithTheReason(code: Int32) throws {
        try tree.addWebcam(0, port: "1", serial: "A")
        for node in ["/dev/video0", "/dev/video1"] { tree.answer(node, .failure(VideoFault("open", code))) }
        let entries = tree.catalog.entries()
        #expect(entries.map(\.node) == ["/dev/video0"])
        let camera = try #require(entries.first)
        #expect(camera.fault == VideoFault("open", code))
        #expect(camera.card == "HD Pro Webcam C920")
        #expect(camera.busInfo == "usb-0000:00:14.0-1")
        #expect(camera.serial == "A")
    }

    @Test func aNodeOfMetadataThatCannotBeOpenedIsNoSecondCamera() throws {
        try tree.addWebcam(0, port: "1")
        tree.answer("/dev/video1", .failure(VideoFault("open", EBUSY)))
        #expect(tree.catalog.entries().map(\.node) == ["/dev/video0"])
    }

    @Test func whatWasUnpluggedMeanwhileOrIsNoDeviceIsLeftOut() throws {
        for (number, code) in [ENODEV, ENXIO, ENOTTY].enumerated() {
            try tree.addVivid(number, instance: number)
            tree.answer("/dev/video\(number)", .failure(VideoFault("VIDIOC_QUERYCAP", code)))
        }
        #expect(tree.catalog.entries() == [])
        #expect(tree.catalog.nodes().count == 3)
    }

    @Test func whatIsKnownIsNotOpened() throws {
        try tree.addWebcam(0, port: "1")
        try tree.addWebcam(2, port: "2")
        let known = NodeCapability(card: "mine", driver: "uvcvideo", busInfo: "b", flags: CatalogTree.capture)
        let entries = tree.catalog.entries(known: [81 << 8: known])
        #expect(entries.map(\.card) == ["mine", "HD Pro Webcam C920"])
        #expect(tree.openedNodes == ["/dev/video1", "/dev/video2", "/dev/video3"])
    }

    @Test func danglingAndForeignLinksLeadNowhere() throws {
        try tree.addWebcam(0, port: "1", linkedByName: false)
        try tree.link("/dev/v4l/by-id/usb-gone-video-index0", to: "../../video9")
        try tree.link("/dev/v4l/by-id/usb-away-video-index0", to: "/dev/null")
        try tree.link("/dev/v4l/by-id/usb-loop-video-index0", to: "usb-loop-video-index0")
        try tree.link("/dev/v4l/by-id/usb-\u{1B}[2J-video-index0", to: "../../video0")
        #expect(tree.catalog.entries().map(\.byID) == [[]])
    }

    @Test func textThatATerminalWouldActOnIsReplaced() throws {
        try tree.addWebcam(0, port: "1", name: "Evil\u{1B}]0;x\u{7}\ncam\u{202E}", serial: "\u{9B}A")
        for node in ["/dev/video0", "/dev/video1"] { tree.answer(node, .failure(VideoFault("open", EACCES))) }
        let camera = try #require(tree.catalog.entries().first)
        #expect(camera.card == "Evil\u{FFFD}]0;x\u{FFFD}\u{FFFD}cam\u{FFFD}")
        #expect(camera.serial == "\u{FFFD}A")
    }

    @Test func absurdSystemFilesAreLivedWith() throws {
        let list = "/sys/class/video4linux"
        for name in ["video", "video-1", "videox", "video99999999999999999999", "v4l-subdev0", "radio0"] {
            try tree.write("81:0\n", to: "\(list)/\(name)/dev")
        }
        for (number, text) in ["", "81", "81:", "a:b", "81:0:0", "-1:0", "99999999999:1", "\u{0}81:0"].enumerated() {
            try tree.write(text, to: "\(list)/video\(number)/dev")
        }
        #expect(tree.catalog.nodes() == [])
        try tree.write("81:20\n", to: "\(list)/video20/dev")
        try tree.write("-5\n", to: "\(list)/video20/index")
        try tree.write(String(repeating: "x", count: 1 << 20), to: "\(list)/video20/name")
        try tree.link("\(list)/video20/device", to: "device")
        try tree.make("\(list)/video21/dev")
        let entries = tree.catalog.nodes()
        #expect(entries.map(\.node) == ["/dev/video20"])
        #expect(entries.map(\.index) == [0])
        #expect(entries.map(\.card.count) == [4096])
    }

    @Test func largeDeviceNumbersAreThoseOfTheKernel() throws {
        try tree.addVivid(0, instance: 0)
        try tree.write("4097:65793\n", to: "/sys/devices/platform/vivid.0/video4linux/video0/dev")
        // gnu_dev_makedev(0x1001, 0x10101).
        #expect(tree.catalog.nodes().map(\.deviceNumber) == [0x1000_1010_0101])
    }
}
