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
            #expect(!watch.drain())
            make("\(folder)/tty7")
            #expect(!watch.drain())
            make("\(folder)/video3")
            #expect(watch.drain())
            #expect(!watch.drain())
        }
    }

    @Test func aNodeThatMayNowBeOpenedIsTold() throws {
        try withFolder { folder in
            make("\(folder)/video0")
            let watch = DeviceWatch(root: folder)
            chmod("\(folder)/video0", 0o600)
            #expect(watch.drain())
        }
    }

    @Test func linksInFoldersThatDidNotExistAreTold() throws {
        try withFolder { folder in
            let watch = DeviceWatch(root: folder)
            try FileManager.default.createDirectory(atPath: "\(folder)/v4l/by-id", withIntermediateDirectories: true)
            #expect(watch.drain())
            _ = watch.drain()
            make("\(folder)/v4l/by-id/usb-camera")
            #expect(watch.drain())
        }
    }

    @Test func theClosingOfANodeIsToldWhenAskedFor() throws {
        try withFolder { folder in
            let path = "\(folder)/video0"
            make(path)
            let watch = DeviceWatch(root: folder)
            func openAndClose() { close(open(path, O_RDWR)) }
            openAndClose()
            #expect(!watch.drain())
            watch.watchClosing(of: path)
            openAndClose()
            #expect(watch.drain())
            watch.watchClosing(of: nil)
            openAndClose()
            #expect(!watch.drain())
            watch.watchClosing(of: "\(folder)/video7")
            #expect(!watch.drain())
        }
    }
}
