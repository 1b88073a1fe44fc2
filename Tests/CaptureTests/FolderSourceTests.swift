import Capture
import Foundation
import Testing

@Suite struct FolderSourceTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func playsByTheNamesBytesAndLeavesOthersOut() async throws {
        for (mark, name) in ["a10.jpg", "a9.JPEG", "B.Jpg", "\u{E9}.jpeg"].enumerated() {
            _ = try folder.write(Pictures.tiny(UInt8(mark + 1)), to: name)
        }
        _ = try folder.write(Pictures.tiny(50), to: "notes.png")
        _ = try folder.write(Pictures.tiny(51), to: "jpg")
        let recording = Recording(.folder(path: folder.path, loop: false, rate: 200))
        #expect(await recording.waits { $0.notices.last == .ended("\(folder.path) is over after 4 pictures") })
        #expect(recording.frames.map(\.bytes) == [3, 1, 2, 4].map { Pictures.tiny($0) })
        #expect(recording.complaints.isEmpty)
    }

    @Test func badPicturesAreSaidCountedAndPassedOver() async throws {
        _ = try folder.write([], to: "1.jpg")
        _ = try folder.write(Pictures.tiny(1), to: "2.jpg")
        _ = try folder.write(Pictures.tiny(2).dropLast(2), to: "3.jpg")
        _ = try folder.write(Array("not a picture".utf8), to: "4.jpg")
        try FileManager.default.createDirectory(atPath: folder.path + "/5.jpg", withIntermediateDirectories: true)
        symlink("/nonexistent", folder.path + "/6.jpg")
        _ = try folder.write(Pictures.tiny(7), to: "7.jpg")
        let recording = Recording(.folder(path: folder.path, loop: false, rate: 500))
        #expect(await recording.waits { $0.notices.last == .ended("\(folder.path) is over after 2 pictures") })
        #expect(recording.frames.map(\.bytes) == [Pictures.tiny(1), Pictures.tiny(7)])
        #expect(recording.camera.counters.corrupt == 5)
        #expect(
            recording.complaints == [
                "\(folder.path)/1.jpg is empty",
                "\(folder.path)/3.jpg holds no whole JPEG picture",
                "\(folder.path)/5.jpg is not a regular file",
                "\(folder.path)/6.jpg cannot be opened: No such file or directory",
            ]
        )
    }

    @Test func isListedAnewOnEachLoop() async throws {
        _ = try folder.write(Pictures.tiny(1), to: "1.jpg")
        let recording = Recording(.folder(path: folder.path, loop: true, rate: 200))
        #expect(await recording.waits { $0.frames.count >= 3 })
        _ = try folder.write(Pictures.tiny(2), to: "2.jpg")
        #expect(await recording.waits { $0.frames.last?.bytes == Pictures.tiny(2) })
        recording.camera.stop()
    }

    @Test(arguments: [true, false])
    func aFolderWithoutAPictureIsLost(loop: Bool) async throws {
        _ = try folder.write([], to: "1.jpg")
        let recording = Recording(.folder(path: folder.path, loop: loop, rate: 30))
        #expect(await recording.waits { $0.camera.counters.reopened >= 1 })
        recording.camera.stop()
        #expect(recording.reasons == ["no JPEG picture in \(folder.path)"])
        #expect(recording.camera.counters.reopened <= 10)
    }

    @Test func aMissingFolderIsLost() async throws {
        let path = folder.path + "/none"
        let recording = Recording(.folder(path: path, loop: true, rate: 30))
        #expect(await recording.waits { $0.reasons == ["cannot open the folder \(path): No such file or directory"] })
        recording.camera.stop()
    }
}
