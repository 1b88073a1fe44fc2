import EventSocket
import Foundation
import Imaging
import Pipeline
import Synchronization
import Testing

@Suite("Snapshot desk")
struct SnapshotDeskTests {
    /// The answers to one who asks.
    private final class Asker: Sendable {
        private let answers = Mutex<[Result<Snapshot, RequestError>]>([])

        var all: [Result<Snapshot, RequestError>] { answers.withLock { $0 } }
        var pictures: [Snapshot] { all.compactMap { try? $0.get() } }

        func ask(_ desk: SnapshotDesk, _ camera: String = "door", width: Int = 640, at now: Int = 0) -> RequestError? {
            desk.ask(SnapshotRequest(camera: camera, width: width), at: .seconds(now)) { answer in
                self.answers.withLock { $0.append(answer) }
            }
        }
    }

    private let desk = SnapshotDesk(cameras: ["door", "garden"])
    private let date = Date(timeIntervalSince1970: 1_795_421_643.218)

    private func picture(_ width: Int, _ height: Int) throws -> Picture {
        try Picture(width: width, height: height, pixels: [UInt8](repeating: 99, count: width * height * 3))
    }

    private func give(_ picture: Picture, of camera: String = "door", at now: Int = 1) {
        desk.give(picture, of: camera, frame: 7, at: date, now: .seconds(now))
    }

    @Test("everybody who asked has the picture of the next look, once, and nobody that of another camera")
    func peers() throws {
        let peers = (0..<3).map { _ in Asker() }
        let other = Asker()
        for peer in peers { #expect(peer.ask(desk) == nil) }
        #expect(other.ask(desk, "garden") == nil)
        #expect(peers.allSatisfy { $0.all.isEmpty })
        give(try picture(800, 600))
        give(try picture(400, 300))
        for peer in peers {
            #expect(peer.all.count == 1)
            let snapshot = try #require(peer.pictures.first)
            #expect(snapshot.camera == "door" && snapshot.frame == 7 && snapshot.at == date)
            #expect(snapshot.width == 640 && snapshot.height == 480)
            #expect(snapshot.jpeg.starts(with: [0xFF, 0xD8]))
            #expect(snapshot == peers[0].pictures.first)
        }
        #expect(other.all.isEmpty)
        give(try picture(32, 32), of: "garden")
        #expect(other.pictures.map(\.width) == [32])
    }

    @Test(
        "widths are rounded up to a few, pictures are never enlarged, and never higher than the widest",
        arguments: [
            (16, 160), (160, 160), (161, 320), (320, 320), (500, 640), (641, 1280), (1280, 1280),
        ]
    )
    func widths(asked: Int, width: Int) throws {
        let asker = Asker()
        for size in [(2000, 1000), (200, 100), (1, 4000), (1000, 4000)] {
            #expect(asker.ask(desk, width: asked) == nil)
            give(try picture(size.0, size.1))
        }
        let pictures = asker.pictures
        try #require(pictures.count == 4)
        #expect((pictures[0].width, pictures[0].height) == (width, width / 2))
        #expect(pictures[1].width == min(width, 200))
        #expect((pictures[2].width, pictures[2].height) == (1, 1280))
        #expect((pictures[3].width, pictures[3].height) == (min(width, 320), min(width, 320) * 4))
    }

    @Test("who has waited for five seconds has been told so, and is given nothing more")
    func expiry() throws {
        let (early, late) = (Asker(), Asker())
        #expect(early.ask(desk, at: 0) == nil)
        #expect(late.ask(desk, at: 3) == nil)
        give(try picture(32, 32), at: 6)
        #expect(early.all.isEmpty)
        #expect(late.pictures.count == 1)
        give(try picture(32, 32), at: 7)
        #expect(early.all.isEmpty && late.all.count == 1)
    }

    @Test("so many may wait for one camera, and the next is refused, until the others have it or have given up")
    func many() throws {
        let askers = (0..<SnapshotDesk.mostWishes).map { _ in Asker() }
        for asker in askers { #expect(asker.ask(desk, at: 0) == nil) }
        let next = Asker()
        let refusal = try #require(next.ask(desk, at: 4))
        #expect(refusal.code == "no-picture")
        #expect(refusal.message == "16 others wait for a picture of camera “door”; ask again later")
        #expect(next.ask(desk, "garden", at: 4) == nil)
        give(try picture(32, 32), at: 4)
        #expect(askers.allSatisfy { $0.pictures.count == 1 })
        #expect(next.all.isEmpty)
        for asker in askers { #expect(asker.ask(desk, at: 10) == nil) }
        #expect(next.ask(desk, at: 15) != nil)
        #expect(next.ask(desk, at: 16) == nil)
    }

    @Test("an unknown camera is refused at once, and a picture that cannot be shown in words")
    func refusals() {
        let asker = Asker()
        #expect(asker.ask(desk, "dor") == RequestError(.unknownCamera, "no camera is called “dor”"))
        #expect(asker.ask(desk) == nil)
        give(Picture())
        guard case .failure(let error) = asker.all.first else {
            Issue.record("no refusal")
            return
        }
        #expect(error.code == "no-picture" && error.message.contains("cannot be shown"))
    }
}
