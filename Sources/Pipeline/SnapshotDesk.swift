import Capture
import EventSocket
import Foundation
import Imaging
import Synchronization

/// Where pictures are asked for, from any thread, and given by the thread that looks at the camera's next look. Nobody
/// waits for anybody, and where nobody asks, a look costs nothing more.
///
/// Where many ask, a look costs a bounded time more: pictures are made in few sizes, each once.
package final class SnapshotDesk: Sendable {
    package typealias Answer = @Sendable (Result<Snapshot, RequestError>) -> Void

    private struct Wish {
        /// One of `Snapshot.sizes`.
        let width: Int
        let answer: Answer
        /// When whoever asked has given up, by the monotonic clock.
        let deadline: Duration
    }

    /// So many may wait for a picture of one camera.
    package static let mostWishes = 16

    private let cameras: Mutex<Set<String>>
    private let wishes = Mutex<[String: [Wish]]>([:])
    private let count = Atomic(0)

    package init(cameras: [String]) {
        self.cameras = Mutex(Set(cameras))
    }

    /// From now on there are these cameras. Who waits for a picture of another goes on waiting.
    package func adopt(cameras names: [String]) {
        cameras.withLock { $0 = Set(names) }
    }

    /// Why there cannot be a picture; nil when there may be.
    package func ask(
        _ request: SnapshotRequest,
        at now: Duration = monotonicNow(),
        then answer: @escaping Answer
    ) -> RequestError? {
        guard cameras.withLock({ $0.contains(request.camera) }) else {
            return RequestError(.unknownCamera, "no camera is called “\(request.camera.prefix(64))”")
        }
        let width = Snapshot.sizes.first { $0 >= request.width } ?? Snapshot.widths.upperBound
        let wish = Wish(width: width, answer: answer, deadline: now + .seconds(Snapshot.patience))
        return wishes.withLock { wishes in
            var waiting = (wishes[request.camera] ?? []).filter { $0.deadline >= now }
            guard waiting.count < Self.mostWishes else {
                return RequestError(
                    .noPicture,
                    "\(waiting.count) others wait for a picture of camera “\(request.camera)”; ask again later"
                )
            }
            waiting.append(wish)
            wishes[request.camera] = waiting
            count.store(wishes.values.reduce(0) { $0 + $1.count }, ordering: .releasing)
            return nil
        }
    }

    /// Whether somebody waits for a picture of the camera.
    package func isWanted(_ camera: String) -> Bool {
        count.load(ordering: .acquiring) > 0 && wishes.withLock { $0[camera] != nil }
    }

    /// Gives those who asked for it, and have not given up, the picture of a look.
    package func give(
        _ picture: Picture,
        of camera: String,
        frame: UInt64,
        at date: Date,
        now: Duration = monotonicNow()
    ) {
        guard count.load(ordering: .acquiring) > 0 else { return }
        let wanted = wishes.withLock { wishes in
            let wanted = wishes.removeValue(forKey: camera) ?? []
            count.store(wishes.values.reduce(0) { $0 + $1.count }, ordering: .releasing)
            return wanted
        }
        var made: [Int: Result<Snapshot, RequestError>] = [:]
        for wish in wanted where wish.deadline >= now {
            let result =
                made[wish.width]
                ?? Result { () throws(RequestError) in
                    try Self.snapshot(picture, width: wish.width, camera: camera, frame: frame, at: date)
                }
            made[wish.width] = result
            wish.answer(result)
        }
    }

    private static func snapshot(
        _ picture: Picture,
        width: Int,
        camera: String,
        frame: UInt64,
        at date: Date
    ) throws(RequestError) -> Snapshot {
        do throws(ImagingError) {
            let small = try picture.resized(within: width, Snapshot.widths.upperBound)
            let (jpeg, width, height) = try JPEGEncoder().encode(small, mostBytes: Snapshot.mostBytes)
            return Snapshot(
                at: date,
                camera: camera,
                frame: Int(frame),
                jpeg: Data(jpeg),
                width: width,
                height: height
            )
        } catch {
            throw RequestError(.noPicture, "camera “\(camera)” gave a picture that cannot be shown: \(error)")
        }
    }
}
