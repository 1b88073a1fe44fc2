import Capture
import Foundation
import Testing

@Suite struct DeviceHoldersCatalogTests {
    private let tree: CatalogTree
    private let null: dev_t

    /// A null device stands for the camera, since nobody may make another.
    init() throws {
        tree = try CatalogTree()
        var status = stat()
        try #require(stat("/dev/null", &status) == 0)
        null = status.st_rdev
        try tree.link("/dev/video0", to: "/dev/null")
        try tree.link("/dev/video1", to: "/dev/zero")
    }

    private func addProcess(_ number: Int, _ command: String, open files: [String]) throws {
        try tree.write("\(command)\n", to: "/proc/\(number)/comm")
        try tree.make("/proc/\(number)/fd")
        for (descriptor, file) in files.enumerated() {
            let target = file.hasPrefix("/dev/video") ? tree.root + file : file
            try tree.link("/proc/\(number)/fd/\(descriptor)", to: target)
        }
    }

    private func holders() -> DeviceHolders { DeviceHolders(of: null, root: tree.root, thisProcess: 50) }

    @Test func whoHasItOpenIsNamed() throws {
        try addProcess(1, "init", open: ["/dev/null", "socket:[77]"])
        try addProcess(300, "ffmpeg", open: ["/dev/null", "/dev/video0", "/dev/video0"])
        try addProcess(20, "pipe\u{1B}wire", open: ["/dev/video1", "/dev/video0"])
        try addProcess(21, "other", open: ["/dev/video1", "/dev/video9"])
        try tree.write("", to: "/proc/self/comm")
        let found = holders()
        #expect(
            found.others == [
                DeviceHolders.Holder(processID: 20, command: "pipe\u{FFFD}wire"),
                DeviceHolders.Holder(processID: 300, command: "ffmpeg"),
            ]
        )
        #expect(!found.isPartial)
        #expect(found.words == "pipe\u{FFFD}wire (pid 20), ffmpeg (pid 300)")
    }

    @Test func thisProcessIsToldFromOthers() throws {
        try addProcess(1, "init", open: [])
        try addProcess(50, "scenewatchd", open: ["/dev/video0"])
        #expect(holders().includesThisProcess)
        #expect(holders().others.isEmpty)
        #expect(holders().words == "Scenewatch itself")
    }

    @Test func nobodyIsNobodyOnlyWhereAllAreSeen() throws {
        try addProcess(1, "init", open: [])
        #expect(holders().words == nil)
        try FileManager.default.removeItem(atPath: tree.root + "/proc/1")
        #expect(holders().words == "another user's program, which only root may name")
    }
}
