import Capture
import Foundation
import Synchronization

/// A camera that runs, with all that it says and offers.
final class Recording: Sendable {
    private final class Store: Sendable {
        let frames = Mutex<[Frame]>([])
        let mailbox = Mutex<FrameMailbox?>(nil)

        func take() {
            var frame = Frame()
            guard let mailbox = mailbox.withLock({ $0 }), mailbox.take(into: &frame) else { return }
            frames.withLock { $0.append(frame) }
        }
    }

    private let store = Store()
    private let said = Notices()
    let camera: Camera

    init(_ source: FrameSource) {
        let mailbox = FrameMailbox { [weak store] in store?.take() }
        store.mailbox.withLock { $0 = mailbox }
        camera = Camera(name: "test", source: source, mailbox: mailbox) { [said] in said.add($0) }
        camera.start()
    }

    var notices: [CameraNotice] { said.all }
    var frames: [Frame] { store.frames.withLock { $0 } }

    var reasons: [String] {
        notices.compactMap { if case .lost(let reason, _) = $0 { reason } else { nil } }
    }

    var complaints: [String] {
        notices.compactMap { if case .complaint(let text) = $0 { text } else { nil } }
    }

    /// Waits until the condition holds; false when it does not within a time that is enough on any machine.
    func waits(until condition: (Recording) -> Bool) async -> Bool {
        await eventually { condition(self) }
    }
}

func eventually(_ condition: () -> Bool) async -> Bool {
    let deadline = monotonicNow() + .seconds(30)
    while monotonicNow() < deadline {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return condition()
}
