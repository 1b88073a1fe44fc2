import Capture
import Foundation
import Testing

/// On files in a folder in the place of device nodes: inotify does not tell them apart.
@Suite struct DeviceWatchTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/scenewatch-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func make(_ path: String) { _ = FileManager.default.createFile(atPath: path, contents: Data()) }

    @Test func aNodeThatIsMadeIsTold() throws {
        try withFolder { folder in
            let watch = DeviceWatch(root: folder)
            #expect(watch.drain() == .none)
            make("\(folder)/tty7")
            #expect(watch.drain() == .none)
            make("\(folder)/video3")
            #expect(watch.drain() == .arrived)
            #expect(watch.drain() == .none)
        }
    }

    @Test func aNodeThatMayNowBeOpenedIsTold() throws {
        try withFolder { folder in
            make("\(folder)/video0")
            let watch = DeviceWatch(root: folder)
            chmod("\(folder)/video0", 0o600)
            #expect(watch.drain() == .arrived)
        }
    }

    @Test func linksInFoldersThatDidNotExistAreTold() throws {
        try withFolder { folder in
            let watch = DeviceWatch(root: folder)
            try FileManager.default.createDirectory(atPath: "\(folder)/v4l/by-id", withIntermediateDirectories: true)
            #expect(watch.drain() == .arrived)
            _ = watch.drain()
            make("\(folder)/v4l/by-id/usb-camera")
            #expect(watch.drain() == .arrived)
        }
    }

    @Test func theClosingOfANodeIsTold() throws {
        try withFolder { folder in
            for name in ["video0", "null"] { make("\(folder)/\(name)") }
            let watch = DeviceWatch(root: folder)
            close(open("\(folder)/null", O_RDWR))
            #expect(watch.drain() == .none)
            close(open("\(folder)/video0", O_RDWR))
            #expect(watch.drain() == .freed)
            #expect(watch.drain() == .none)
            // What has come is more than what was let go of.
            close(open("\(folder)/video0", O_RDWR))
            make("\(folder)/video1")
            #expect(watch.drain() == .arrived)
        }
    }
}
