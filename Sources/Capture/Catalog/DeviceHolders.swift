import Foundation

/// The processes that have a device open, as far as this one may see.
package struct DeviceHolders: Equatable, Sendable {
    /// A process that has the device open.
    package struct Holder: Equatable, Sendable, CustomStringConvertible {
        package var processID: pid_t
        /// The name of its program, of which the kernel keeps 15 bytes.
        package var command: String

        package init(processID: pid_t, command: String) {
            self.processID = processID
            self.command = command
        }

        /// `ffmpeg (pid 123)`.
        package var description: String { "\(command) (pid \(processID))" }
    }

    /// All but this process, in the order of their numbers.
    package var others: [Holder] = []
    /// Whether this process has the device open itself.
    package var includesThisProcess = false
    /// Whether there may be more: without rights over other users' processes one does not see what they have open.
    package var isPartial = false

    /// Looks through all processes, which takes some milliseconds.
    ///
    /// - Parameters:
    ///   - device: `st_rdev` of the node.
    ///   - root: The folder that holds `proc`.
    package init(of device: dev_t, root: String = "/", thisProcess: pid_t = getpid()) {
        let files = SystemFiles(root: root)
        let processes = files.names(in: "/proc").names.compactMap { Int(digits: $0).flatMap { pid_t(exactly: $0) } }
        // Where /proc hides other users' processes (`hidepid`, systemd's `ProtectProc`), the first one is missing.
        isPartial = !processes.contains(1)
        for process in processes.sorted() {
            let folder = "/proc/\(process)/fd"
            let (descriptors, code) = files.names(in: folder)
            if code == EACCES || code == EPERM { isPartial = true }
            let isHolder = descriptors.contains { descriptor in
                // The link's text is had without touching what it leads to, and spares asking that of every file.
                files.link("\(folder)/\(descriptor)")?.contains("/dev/video") == true
                    && files.deviceNumber("\(folder)/\(descriptor)") == device
            }
            guard isHolder else { continue }
            if process == thisProcess {
                includesThisProcess = true
            } else {
                let command = files.text("/proc/\(process)/comm") ?? "a program"
                others.append(Holder(processID: process, command: command))
            }
        }
    }

    /// Who has it, in words: `ffmpeg (pid 123), pipewire (pid 45)`; nil when nobody was found, and nobody can be missing.
    package var words: String? {
        guard includesThisProcess else { return otherWords }
        return (others.map(\.description) + ["Scenewatch itself"]).joined(separator: ", ")
    }

    /// The same, leaving out this process, which has the device open to ask.
    package var otherWords: String? {
        if !others.isEmpty { return others.map(\.description).joined(separator: ", ") }
        return isPartial ? "another user's program, which only root may name" : nil
    }
}
