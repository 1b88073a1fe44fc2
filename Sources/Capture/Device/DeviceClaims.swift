import Foundation
import Synchronization

/// Which device is captured by which of this process's cameras: a device that two of them want is refused in words,
/// instead of by an EBUSY that would blame this very process, and no camera opens a node that another one streams from.
public final class DeviceClaims: Sendable {
    private struct Claim {
        var camera: String
        var capability: NodeCapability?
    }

    private let claims = Mutex<[dev_t: Claim]>([:])

    /// No device is claimed yet.
    public init() {}

    /// Returns the camera that has the device already; nil when it is now `camera`'s.
    func claim(_ device: dev_t, for camera: String) -> String? {
        claims.withLock { claims in
            if let claim = claims[device] { return claim.camera }
            claims[device] = Claim(camera: camera)
            return nil
        }
    }

    func learn(_ device: dev_t, _ capability: NodeCapability) {
        claims.withLock { $0[device]?.capability = capability }
    }

    func release(_ device: dev_t) {
        claims.withLock { $0[device] = nil }
    }

    /// What is known of the devices that are claimed, by their numbers. One that is still being opened, and may hang in
    /// that, passes for none that captures: nobody else is to open it.
    var known: [dev_t: NodeCapability] {
        claims.withLock { claims in
            claims.mapValues { $0.capability ?? NodeCapability(card: "", driver: "", busInfo: "", flags: 0) }
        }
    }
}
