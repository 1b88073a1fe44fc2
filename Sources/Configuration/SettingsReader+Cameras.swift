extension SettingsReader {
    /// The cameras that could be read, and every name that is given, so that a trigger is not blamed for a camera that
    /// is wrong elsewhere.
    mutating func cameras(in top: Section) -> (settings: [CameraSettings], names: [String]) {
        let values = require("cameras", in: top) { entry throws(Faults) in
            let items = try entry.items()
            guard !items.isEmpty else {
                throw Faults("`cameras` is empty; there must be at least one", at: entry.value.place)
            }
            return items
        }
        var names = DistinctNames(called: "camera")
        var devices: [String: (camera: String, line: Int)] = [:]
        var cameras: [CameraSettings] = []
        for value in values ?? [] {
            guard let section = section(value, called: "a camera", path: "cameras[]") else { continue }
            let name = name(in: section, distinctFrom: &names)
            let camera = camera(in: section, name: name)
            cameras.append(camera)
            if case .device(let path) = camera.source, let place = section.entry("device")?.value.place {
                if let other = devices[path] {
                    report("\(quoted(path)) is already the device of \(other.camera) at line \(other.line)", at: place)
                } else {
                    devices[path] = (name.isEmpty ? "the camera" : "camera \(quoted(name))", place.line)
                }
            }
        }
        return (cameras, names.all)
    }

    private mutating func camera(in section: Section, name: String) -> CameraSettings {
        let source = source(in: section)
        var camera = CameraSettings(name: name, source: source ?? .command([]))
        camera.look = read("look", in: section, or: .standard) { entry throws(Faults) in
            try entry.parsed { text throws(InvalidValue) in try LookRate(parsing: text) }
        }
        camera.view = view(in: section)
        camera.pace = read("pace", in: section, or: .real) { entry throws(Faults) in
            try entry.choice(of: PaceSetting.self)
        }
        if let entry = section.entry("format") {
            camera.format = read(entry) { entry throws(Faults) in try entry.fourCharacterCode() }
        }
        if let entry = section.entry("size") {
            camera.size = read(entry) { entry throws(Faults) in try entry.pictureSize() }
        }
        if let entry = section.entry("rate") {
            camera.rate = read(entry) { entry throws(Faults) in try entry.frameRate() }
        }
        trust(of: &camera, in: section)
        checkSource(of: &camera, in: section)
        return camera
    }

    /// When the camera is not to be believed, and when a picture is not worth encoding.
    private mutating func trust(of camera: inout CameraSettings, in section: Section) {
        camera.lostAfter = read("lost-after", in: section, or: camera.lostAfter) { entry throws(Faults) in
            try entry.parsed(Duration.init(parsing:))
        }
        camera.blindAfter = read("blind-after", in: section, or: camera.blindAfter) { entry throws(Faults) in
            try entry.patienceOrNever()
        }
        // A codec that sends changes only may give the same picture for seconds.
        if section.sourceKeys.first?.key == "command" { camera.frozenAfter = .seconds(60) }
        camera.frozenAfter = read("frozen-after", in: section, or: camera.frozenAfter) { entry throws(Faults) in
            try entry.patienceOrNever()
        }
        camera.nightBelow = read("night-below", in: section, or: camera.nightBelow) { entry throws(Faults) in
            try entry.wholeNumber(in: 1...245)
        }
        camera.reuse = read("reuse", in: section, or: camera.reuse) { entry throws(Faults) in try entry.truth() }
        camera.refresh = read("refresh", in: section, or: camera.refresh) { entry throws(Faults) in
            let refresh = try entry.parsed(Duration.init(parsing:))
            guard refresh >= .seconds(1), refresh <= .seconds(3600) else { throw entry.mustBe("from 1s to 1h") }
            return refresh
        }
    }

    /// Refuses what does not go with the source.
    private mutating func checkSource(of camera: inout CameraSettings, in section: Section) {
        let kind = section.sourceKeys.first?.key
        if kind != "device", kind != "match" {
            refuse("format", in: section, because: "is for `device` and `match`; other sources give JPEG")
        }
        switch kind {
        case "device", "match":
            refuse("loop", in: section, because: "is for `file` and `folder`; a device has no end")
            refuse("pace", in: section, because: "is for `file` and `folder`; a device knows one pace only")
        case "file", "folder":
            refuse("size", in: section, because: "is for `device` and `match`; files have the size they have")
            refuse("frozen-after", in: section, because: "is for live sources; a recording may show the same for long")
            camera.frozenAfter = nil
            camera.rate = camera.playedRate
            if case .file(_, loop: true) = camera.source { refuseEndlessHaste(camera, in: section) }
            if case .folder(_, loop: true) = camera.source { refuseEndlessHaste(camera, in: section) }
        case "command":
            refuse("loop", in: section, because: "is for `file` and `folder`; a command can repeat by itself")
            refuse("size", in: section, because: "is for `device` and `match`; a command sets its own size")
            refuse("rate", in: section, because: "is not for `command`, which sets its own pace")
            refuse("pace", in: section, because: "is for `file` and `folder`; a command sets its own pace")
        default: break
        }
    }

    /// Media time would run away from the clock for ever, and events with it.
    private mutating func refuseEndlessHaste(_ camera: CameraSettings, in section: Section) {
        guard camera.pace == .fastest else { return }
        refuse("loop", in: section, because: "does not go with `pace: fastest`: it would never come to an end")
    }

    private mutating func source(in section: Section) -> SourceSettings? {
        let loop = read("loop", in: section, or: false) { entry throws(Faults) in try entry.truth() }
        let keys = section.sourceKeys
        guard let first = keys.first else {
            report("a camera needs one of \(listed(Section.sourceNames, "or"))", at: section.place)
            return nil
        }
        for other in keys.dropFirst() {
            report("a camera has one source, and this one has \(quoted(first.key)) already", at: other.place)
        }
        if first.key == "match" { return match(first) }
        let folder = folder
        return read(first) { entry throws(Faults) in
            switch entry.key {
            case "device": .device(path: try entry.devicePath())
            case "file": .file(path: try entry.path(in: folder), loop: loop)
            case "folder": .folder(path: try entry.path(in: folder), loop: loop)
            default: .command(try entry.command(in: folder))
            }
        }
    }

    private mutating func match(_ entry: Value.Entry) -> SourceSettings? {
        guard let section = section(entry.value, called: "`match`", path: "cameras[].match") else { return nil }
        func text(_ key: String) -> String? {
            section.entry(key).flatMap { entry in read(entry) { entry throws(Faults) in try entry.phrase() } }
        }
        let (card, bus, serial) = (text("card"), text("bus"), text("serial"))
        guard card != nil || bus != nil || serial != nil else {
            report("`match` needs at least one of `card`, `bus` or `serial`", at: entry.place)
            return nil
        }
        return .match(card: card, bus: bus, serial: serial)
    }

    private mutating func refuse(_ key: String, in section: Section, because reason: String) {
        if let entry = section.entry(key) { report("\(quoted(key)) \(reason)", at: entry.place) }
    }
}

extension SettingsReader.Section {
    fileprivate static let sourceNames = ["device", "match", "file", "folder", "command"]

    /// In the order of their places.
    fileprivate var sourceKeys: [Value.Entry] {
        Self.sourceNames.compactMap(entry).sorted { $0.place < $1.place }
    }
}

extension Value.Entry {
    fileprivate func devicePath() throws(Faults) -> String {
        let path = try path(in: "")
        guard path.hasPrefix("/") else { throw mustBe("an absolute path, such as `/dev/video0`") }
        return path
    }

    fileprivate func pictureSize() throws(Faults) -> PictureSize {
        let parts = try text().split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(\.isDigits) else {
            throw mustBe("a width and a height, such as `1280x720`")
        }
        let allowed = 16...16384
        guard let width = Int(parts[0]), let height = Int(parts[1]), allowed.contains(width), allowed.contains(height)
        else { throw mustBe("from 16x16 to 16384x16384") }
        return PictureSize(width: width, height: height)
    }

    /// A V4L2 pixel format, as its tools print it.
    fileprivate func fourCharacterCode() throws(Faults) -> String {
        let text = try text()
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw mustBe("the four characters of a pixel format, such as `YUYV` or `MJPG`")
        }
        return text
    }

    /// A second at least: a single picture shows neither a covered lens nor a frozen camera.
    fileprivate func patienceOrNever() throws(Faults) -> Duration? {
        guard try text() != "never" else { return nil }
        let patience = try parsed(Duration.init(parsing:))
        guard patience >= .seconds(1) else { throw mustBe("at least 1s, or `never`") }
        return patience
    }

    fileprivate func frameRate() throws(Faults) -> Double {
        let rate = try number()
        guard rate >= 0.001, rate <= 240 else { throw mustBe("0.001 to 240 frames a second") }
        return rate
    }
}
