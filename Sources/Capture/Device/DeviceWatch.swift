import CVideo
import Foundation

/// Tells when devices may have come back, by inotify(7): a video node was made or may now be opened, a link in /dev/v4l
/// appeared, or somebody has closed the node that was busy.
///
/// It works on files alone, so that it needs no udev and no network socket. One per camera's thread.
package final class DeviceWatch {
    /// Readable when something may have changed; -1 where the kernel gives no inotify.
    package let descriptor: Int32
    private let root: String
    private var linkFolders: Set<Int32> = []
    private var node: Int32?

    /// - Parameter root: The folder of device nodes, `/dev`.
    package init(root: String = "/dev") {
        self.root = root
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        inotify_add_watch(descriptor, root, Self.arrival)
        watchLinkFolders()
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    // udev grants access to a node shortly after it was made: IN_ATTRIB.
    private static let arrival = UInt32(IN_CREATE | IN_MOVED_TO | IN_ATTRIB)

    private func watchLinkFolders() {
        for folder in ["v4l", "v4l/by-id", "v4l/by-path"] {
            let watch = inotify_add_watch(descriptor, "\(root)/\(folder)", Self.arrival)
            if watch >= 0 { linkFolders.insert(watch) }
        }
    }

    /// From now on the closing of this node, by whomever, counts too; nil ends that. To be called when this process has
    /// closed the node itself.
    package func watchClosing(of path: String?) {
        if let node { inotify_rm_watch(descriptor, node) }
        node = path.flatMap { path in
            let watch = inotify_add_watch(descriptor, path, UInt32(IN_CLOSE_WRITE | IN_CLOSE_NOWRITE))
            return watch >= 0 ? watch : nil
        }
    }

    /// Reads what was told. Returns whether a device may be back.
    package func drain() -> Bool {
        guard descriptor >= 0 else { return false }
        var isNews = false
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
                    isNews = isNews || isAboutVideo(event, name)
                    offset = end
                }
            }
        }
        if isNews { watchLinkFolders() }
        return isNews
    }

    private func isAboutVideo(_ event: inotify_event, _ name: String) -> Bool {
        // An overflow: what was told is not known.
        if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { return true }
        if event.mask & UInt32(IN_IGNORED) != 0 { return false }
        return event.wd == node || linkFolders.contains(event.wd) || name.hasPrefix("video") || name == "v4l"
    }
}
