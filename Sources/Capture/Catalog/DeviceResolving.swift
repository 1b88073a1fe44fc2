import Foundation

extension DeviceCatalog {
    /// The path to open for the camera that is meant. To be called anew at each opening: nodes are renumbered.
    ///
    /// - Parameter known: As of ``entries(known:)``. A selector by path opens nothing.
    /// - Throws: when the camera is not there, or it cannot be told which one is meant.
    package func resolve(
        _ selector: DeviceSelector,
        known: [dev_t: NodeCapability] = [:]
    ) throws(SourceLost) -> String {
        switch selector {
        case .path(let path):
            try checkPath(path)
            return path
        case .match(let match):
            return try camera(match, known: known).node
        }
    }

    /// The camera that is meant; of several nodes the first that captures video.
    package func camera(
        _ match: DeviceMatch,
        known: [dev_t: NodeCapability] = [:]
    ) throws(SourceLost) -> DeviceEntry {
        let all = entries(known: known).firstOfEachCamera
        let meant = match.filter(all)
        guard let camera = meant.first else {
            throw SourceLost("no camera matches \(match) (\(listText(all)))")
        }
        guard meant.count == 1 else { throw SourceLost(ambiguityText(match, meant)) }
        return camera
    }

    private func checkPath(_ path: String) throws(SourceLost) {
        if files.isMissing(path) { throw SourceLost("\(path) does not exist (unplugged?)") }
        guard path.hasPrefix("/dev/v4l/by-id/"), let node = files.target(of: path) else { return }
        let nodes = nodes()
        guard let entry = nodes.first(where: { $0.node == node }), !entry.twins.isEmpty else { return }
        let sharing = nodes.filter { $0.node == node || entry.twins.contains($0.node) }
        let identical = Set(sharing.map(\.systemName)).count == 1 ? "identical " : ""
        let places = sharing.map { "\($0.byPath.first ?? $0.busText) (now \($0.node))" }
        throw SourceLost(
            "\(path) is the name of \(sharing.count) \(identical)cameras, and leads to any of them: "
                + "use \(places.joined(separator: " or ")) instead"
        )
    }

    private func listText(_ cameras: [DeviceEntry]) -> String {
        guard !cameras.isEmpty else { return "there is none" }
        let shown = cameras.prefix(5).map { "\"\($0.card)\" at \($0.node)" }
        let rest = cameras.count > 5 ? " and \(cameras.count - 5) more" : ""
        return "there are: \(shown.joined(separator: ", "))\(rest)"
    }

    /// Names each camera with what tells it from the others.
    private func ambiguityText(_ match: DeviceMatch, _ cameras: [DeviceEntry]) -> String {
        func differ(_ said: (DeviceEntry) -> String?) -> Bool { Set(cameras.map(said)).count > 1 }
        let (byCard, byBus, bySerial) = (differ(\.card), differ(\.busInfo), differ(\.serial))
        let names = cameras.map { camera in
            var marks: [String] = []
            if byCard { marks.append("card \"\(camera.card)\"") }
            if byBus { marks.append(camera.busText) }
            if bySerial { marks.append(camera.serial.map { "serial \($0)" } ?? "no serial") }
            if marks.isEmpty { marks += camera.byPath.prefix(1) }
            return marks.isEmpty ? camera.node : "\(camera.node) (\(marks.joined(separator: ", ")))"
        }
        var advice = [(byBus, "`bus`"), (bySerial, "`serial`")].compactMap { $0 ? "add \($1)" : nil }
        if advice.count == 2 { advice = ["add `bus` or `serial`"] }
        if byCard { advice.append("write the whole `card`") }
        if advice.isEmpty { advice = ["only their links in /dev/v4l/by-path tell them apart: use one of those"] }
        return "\(match) fits \(cameras.count) cameras: \(names.joined(separator: ", ")); "
            + advice.joined(separator: ", or ")
    }
}

extension DeviceEntry {
    fileprivate var busText: String { busInfo.isEmpty ? "bus unknown" : "bus \(busInfo)" }
}

extension [DeviceEntry] {
    /// Of the nodes of one camera the one with the lowest index, in the order in which they came.
    package var firstOfEachCamera: [DeviceEntry] {
        filter { entry in
            !contains { $0.camera == entry.camera && $0.index < entry.index }
        }
    }
}
