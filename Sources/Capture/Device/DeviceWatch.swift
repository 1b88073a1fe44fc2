import CVideo
import Foundation

/// Tells when devices may have come back, by inotify(7): a video node was made or may now be opened, a link in /dev/v4l
/// appeared, or somebody has closed a node.
///
/// It works on files alone, so that it needs no udev and no network socket. One per camera's thread.
package final class DeviceWatch {
    /// What was told.
    package enum News: Sendable {
        case none
        /// A node was closed, by whomever.
        case freed
        /// A node or a link has come, or may now be opened.
        case arrived
    }

    /// Readable when something may have changed; -1 where the kernel gives no inotify.
    package let descriptor: Int32
    private let root: String
    private var linkFolders: Set<Int32> = []

    /// - Parameter root: The folder of device nodes, `/dev`.
    package init(root: String = "/dev") {
        self.root = root
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        inotify_add_watch(descriptor, root, Self.arrival | Self.closing)
        watchLinkFolders()
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    // udev grants access to a node shortly after it was made: IN_ATTRIB.
    private static let arrival = UInt32(IN_CREATE | IN_MOVED_TO | IN_ATTRIB)
    private static let closing = UInt32(IN_CLOSE_WRITE | IN_CLOSE_NOWRITE)

    private func watchLinkFolders() {
        for folder in ["v4l", "v4l/by-id", "v4l/by-path"] {
            let watch = inotify_add_watch(descriptor, "\(root)/\(folder)", Self.arrival)
            if watch >= 0 { linkFolders.insert(watch) }
        }
    }

    /// Reads what was told since the last time, and returns the most of it.
    package func drain() -> News {
        guard descriptor >= 0 else { return .none }
        var (hasArrived, isFreed) = (false, false)
        withUnsafeTemporaryAllocation(byteCount: 8192, alignment: MemoryLayout<inotify_event>.alignment) { buffer in
            while true {
                let count = retryingInterrupts { read(descriptor, buffer.baseAddress, buffer.count) }
                guard count > 0 else { return }
                var offset = 0
                let header = MemoryLayout<inotify_event>.size
                while offset + header <= count {
                    let event = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                    let end = min(offset + header + Int(event.len), count)
                    let name = String(decoding: buffer[offset + header..<end].prefix { $0 != 0 }, as: UTF8.self)
                    switch news(in: event, name) {
                    case .none: break
                    case .freed: isFreed = true
                    case .arrived: hasArrived = true
                    }
                    offset = end
                }
            }
        }
        if hasArrived { watchLinkFolders() }
        return hasArrived ? .arrived : isFreed ? .freed : .none
    }

    private func news(in event: inotify_event, _ name: String) -> News {
        // An overflow: what was told is not known.
        if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { return .arrived }
        if event.mask & UInt32(IN_IGNORED) != 0 { return .none }
        if event.mask & Self.closing != 0 { return name.hasPrefix("video") ? .freed : .none }
        return linkFolders.contains(event.wd) || name.hasPrefix("video") || name == "v4l" ? .arrived : .none
    }
}
