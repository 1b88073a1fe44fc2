import Capture
import Foundation
import Testing

@Suite struct DeviceResolvingCatalogTests {
    private let tree: CatalogTree

    init() throws {
        tree = try CatalogTree()
    }

    private func match(_ card: String? = nil, bus: String? = nil, serial: String? = nil) throws -> DeviceSelector {
        .match(DeviceMatch(card: card, bus: bus, serial: serial))
    }

    private func reason(_ selector: DeviceSelector) -> String? {
        do throws(SourceLost) {
            _ = try tree.catalog.resolve(selector)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func aMatchWithoutAnythingIsNone() throws {
        #expect(DeviceMatch(card: "", serial: "") == DeviceMatch())
        #expect(try match("C920", serial: "A1").description == "card \"C920\", serial \"A1\"")
        #expect(DeviceSelector.path("/dev/video0").description == "/dev/video0")
    }

    @Test func aCameraIsFoundByAnyOfItsMarks() throws {
        try tree.addWebcam(0, port: "1", serial: "A1")
        try tree.addWebcam(2, port: "10", name: "Other", serial: "A2")
        for selector in [
            try match("hd pro webcam c920"), try match("c920"), try match(bus: "usb-0000:00:14.0-1"),
            try match(serial: "a1"), try match("C920", bus: "USB-0000:00:14.0-1", serial: "A1"),
        ] {
            #expect(try tree.catalog.resolve(selector) == "/dev/video0")
        }
        #expect(try tree.catalog.resolve(match(bus: "usb-0000:00:14.0-10")) == "/dev/video2")
    }

    @Test func aSerialIsWholeAndABusEndsWhereAPartDoes() throws {
        try tree.addWebcam(0, port: "10.3", serial: "A12")
        #expect(reason(try match(serial: "A1")) != nil)
        #expect(reason(try match(bus: "usb-0000:00:14.0-1")) != nil)
        #expect(reason(try match(bus: "usb-0000:00:14.0-10")) == nil)
        #expect(reason(try match(bus: "usb-0000:00:14.0-")) == nil)
        #expect(reason(try match("C920", serial: "B")) != nil)
    }

    @Test func theExactNameGoesBeforeLongerOnes() throws {
        try tree.addWebcam(0, port: "1", name: "HD Webcam C525")
        try tree.addWebcam(2, port: "2", name: "HD Webcam")
        #expect(try tree.catalog.resolve(match("HD Webcam")) == "/dev/video2")
    }

    @Test func aCameraIsFoundAgainUnderAnotherNumber() throws {
        try tree.addWebcam(0, port: "1", serial: "A1")
        let catalog = tree.catalog
        #expect(try catalog.resolve(match(serial: "A1")) == "/dev/video0")
        try tree.removeNode(0)
        try tree.removeNode(1)
        #expect(throws: SourceLost.self) { try catalog.resolve(match(serial: "A1")) }
        try tree.addWebcam(4, port: "2", serial: "A1")
        #expect(try catalog.resolve(match(serial: "A1")) == "/dev/video4")
    }

    @Test func whoIsNotThereIsToldWithWhoIs() throws {
        #expect(reason(try match("C920")) == "no camera matches card \"C920\" (there is none)")
        try tree.addWebcam(0, port: "1", name: "C270")
        #expect(reason(try match("C920")) == "no camera matches card \"C920\" (there are: \"C270\" at /dev/video0)")
        for number in 10..<16 { try tree.addVivid(number, instance: number) }
        #expect(
            reason(try match("C920"))
                == "no camera matches card \"C920\" (there are: \"C270\" at /dev/video0, \"vivid\" at /dev/video10, "
                + "\"vivid\" at /dev/video11, \"vivid\" at /dev/video12, \"vivid\" at /dev/video13 and 2 more)"
        )
    }

    @Test func severalAreRefusedWithWhatTellsThemApart() throws {
        try tree.addWebcam(0, port: "1", name: "C270")
        try tree.addWebcam(2, port: "2", name: "C270")
        #expect(
            reason(try match("C270"))
                == "card \"C270\" fits 2 cameras: /dev/video0 (bus usb-0000:00:14.0-1), "
                + "/dev/video2 (bus usb-0000:00:14.0-2); add `bus`"
        )
        #expect(try tree.catalog.resolve(match("C270", bus: "usb-0000:00:14.0-2")) == "/dev/video2")
        try tree.addWebcam(4, port: "3", name: "C270 HD", serial: "X")
        #expect(
            reason(try match("C27"))
                == "card \"C27\" fits 3 cameras: /dev/video0 (card \"C270\", bus usb-0000:00:14.0-1, no serial), "
                + "/dev/video2 (card \"C270\", bus usb-0000:00:14.0-2, no serial), "
                + "/dev/video4 (card \"C270 HD\", bus usb-0000:00:14.0-3, serial X); "
                + "add `bus` or `serial`, or write the whole `card`"
        )
    }

    @Test func whatNothingTellsApartIsNamedByItsPlace() throws {
        try tree.addWebcam(0, port: "1")
        let device = "pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.2"
        try tree.addNode(2, of: device, name: "HD Pro Webcam C920", bus: "usb-0000:00:14.0-1")
        #expect(
            reason(try match("C920"))
                == "card \"C920\" fits 2 cameras: "
                + "/dev/video0 (/dev/v4l/by-path/pci-0000:00:14.0-usb-0:1:1.0-video-index0), /dev/video2; "
                + "only their links in /dev/v4l/by-path tell them apart: use one of those"
        )
    }

    @Test func severalNodesOfOneCameraAreOne() throws {
        try tree.addWebcam(0, port: "1")
        // Behind the metadata, a second stream of the same camera.
        let device = "pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0"
        try tree.addNode(2, of: device, index: 2, name: "HD Pro Webcam C920", bus: "usb-0000:00:14.0-1")
        #expect(tree.catalog.entries().map(\.node) == ["/dev/video0", "/dev/video2"])
        #expect(tree.catalog.entries().firstOfEachCamera.count == 1)
        #expect(try tree.catalog.resolve(match("C920")) == "/dev/video0")
    }

    @Test func theDevicesOfVividAreTwoCameras() throws {
        try tree.addVivid(0, instance: 0)
        try tree.addVivid(1, instance: 1)
        #expect(try tree.catalog.resolve(match(bus: "platform:vivid-001")) == "/dev/video1")
        #expect(reason(try match("vivid"))?.hasSuffix("add `bus`") == true)
    }

    @Test func aCameraThatCannotBeOpenedIsFoundByWhatSysfsKnows() throws {
        try tree.addWebcam(0, port: "1", serial: "A")
        for node in ["/dev/video0", "/dev/video1"] { tree.answer(node, .failure(VideoFault("open", EACCES))) }
        #expect(try tree.catalog.resolve(match("C920", bus: "usb-0000:00:14.0-1", serial: "A")) == "/dev/video0")
    }

    @Test func aPathIsTakenAsItIsAndOpensNothing() throws {
        try tree.addWebcam(0, port: "1", serial: "A")
        let link = "/dev/v4l/by-id/usb-046d_HD_Pro_Webcam_C920_A-video-index0"
        for path in ["/dev/video0", link] { #expect(try tree.catalog.resolve(.path(path)) == path) }
        #expect(tree.openedNodes.isEmpty)
        #expect(reason(.path("/dev/video7")) == "/dev/video7 does not exist (unplugged?)")
        try tree.removeNode(0)
        #expect(reason(.path(link)) == "\(link) does not exist (unplugged?)")
    }

    @Test func aNameThatTwoCamerasShareIsRefused() throws {
        try tree.addWebcam(0, port: "1")
        let link = "/dev/v4l/by-id/usb-046d_HD_Pro_Webcam_C920-video-index0"
        #expect(reason(.path(link)) == nil)
        try tree.addWebcam(2, port: "2")
        let places = [1, 2].map { "/dev/v4l/by-path/pci-0000:00:14.0-usb-0:\($0):1.0-video-index0" }
        #expect(
            reason(.path(link))
                == "\(link) is the name of 2 identical cameras, and leads to any of them: use \(places[0]) "
                + "(now /dev/video0) or \(places[1]) (now /dev/video2) instead"
        )
        for place in places { #expect(reason(.path(place)) == nil) }
    }
}
