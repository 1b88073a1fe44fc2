import Capture
import EventSocket
import Foundation
import Imaging
import Synchronization

/// Where pictures are asked for, from any thread, and given by the thread that looks at the camera's next look. Nobody
/// waits for anybody, and where nobody asks, a look costs nothing more.
final class SnapshotDesk: Sendable {
    typealias Answer = @Sendable (Result<Snapshot, RequestError>) -> Void

    private struct Wish {
        let width: Int
        let answer: Answer
        /// When whoever asked has given up, by the monotonic clock.
        let deadline: Duration
    }

    private let cameras: Set<String>
    private let wishes = Mutex<[String: [Wish]]>([:])
    private let count = Atomic(0)

    init(cameras: [String]) {
        self.cameras = Set(cameras)
    }

    /// Why there cannot be a picture; nil when there may be.
    func ask(_ request: SnapshotRequest, then answer: @escaping Answer) -> RequestError? {
        guard cameras.contains(request.camera) else {
            return RequestError(.unknownCamera, "no camera is called “\(request.camera.prefix(64))”")
        }
        let now = monotonicNow()
        let wish = Wish(width: request.width, answer: answer, deadline: now + .seconds(Snapshot.patience))
        wishes.withLock { wishes in
            wishes[request.camera, default: []].removeAll { $0.deadline < now }
            wishes[request.camera, default: []].append(wish)
            count.store(wishes.values.reduce(0) { $0 + $1.count }, ordering: .releasing)
        }
        return nil
    }

    /// Gives those who asked for it the picture of a look.
    func give(_ picture: Picture, of camera: String, frame: UInt64, at date: Date) {
        guard count.load(ordering: .acquiring) > 0 else { return }
        let wanted = wishes.withLock { wishes in
            let wanted = wishes.removeValue(forKey: camera) ?? []
            count.store(wishes.values.reduce(0) { $0 + $1.count }, ordering: .releasing)
            return wanted
        }
        var made: [Int: Result<Snapshot, RequestError>] = [:]
        for wish in wanted {
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
            let small = try picture.resized(atMost: width)
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
