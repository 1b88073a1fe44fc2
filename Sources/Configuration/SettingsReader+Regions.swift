/// The regions of cameras, and the triggers that are judged on some of them.
extension SettingsReader {
    // MARK: Of a camera

    mutating func view(in section: Section) -> ViewSetting {
        guard let entry = section.entry("view") else { return .full }
        if case .mapping = entry.value.content { return regions(in: entry) }
        return read(entry) { entry throws(Faults) -> ViewSetting in
            switch entry.value.content {
            case .text("center", _): return .center
            case .text("full", _): return .full
            default: throw entry.mustBe("`center`, `full` or a mapping with `regions`")
            }
        } ?? .full
    }

    private mutating func regions(in entry: Value.Entry) -> ViewSetting {
        guard let view = section(entry.value, called: "`view`", path: "cameras[].view") else { return .full }
        let most = 8
        let values = require("regions", in: view) { entry throws(Faults) in
            let items = try entry.items()
            guard !items.isEmpty else { throw Faults("`regions` is empty", at: entry.value.place) }
            guard items.count <= most else {
                throw Faults("there are \(items.count) regions; a camera has at most \(most)", at: items[most].place)
            }
            return items
        }
        var names = DistinctNames(called: "region")
        return .regions((values ?? []).compactMap { region($0, &names) })
    }

    private mutating func region(_ value: Value, _ names: inout DistinctNames) -> RegionSettings? {
        guard let section = section(value, called: "a region", path: "cameras[].view.regions[]") else { return nil }
        func share(_ key: String, from least: Int) -> Int? {
            require(key, in: section) { entry throws(Faults) in try entry.share(from: least) }
        }
        var region = RegionSettings(name: name(in: section, distinctFrom: &names), left: 0, top: 0, width: 0, height: 0)
        let (left, width) = (share("left", from: 0), share("width", from: Self.leastShare))
        let (top, height) = (share("top", from: 0), share("height", from: Self.leastShare))
        for (start, length, key, edge) in [(left, width, "width", "right"), (top, height, "height", "lower")] {
            guard let start, let length, start + length > Self.whole, let place = section.entry(key)?.value.place else {
                continue
            }
            let end = Self.percent(start + length)
            report("the region ends at \(end), beyond the picture's \(edge) edge", at: place)
        }
        (region.left, region.top) = (left ?? 0, top ?? 0)
        (region.width, region.height) = (width ?? 0, height ?? 0)
        return region
    }

    /// All of a picture, and the least that a region may be of it.
    private static let (whole, leastShare) = (10_000, 200)

    private static func percent(_ share: Int) -> String {
        let (whole, fraction) = (share / 100, share % 100)
        return fraction == 0 ? "\(whole)%" : "\(whole).\(fraction < 10 ? "0" : "")\(fraction)%"
    }

    // MARK: Of a trigger

    /// The regions on whose crops a trigger is judged. It then watches those of its cameras that have one of them, where
    /// it names no cameras itself.
    mutating func regions(
        in section: Section,
        cameras watched: inout [String],
        known: [String: [String]]
    ) -> [String] {
        guard let entry = section.entry("regions") else { return [] }
        let names = read(entry) { entry throws(Faults) in
            let names = try entry.phrases()
            guard !names.isEmpty else {
                throw Faults("`regions` is empty; leave it out to be judged on all crops", at: entry.value.place)
            }
            return names
        }
        guard let names else { return [] }
        let there = watched.flatMap { known[$0] ?? [] }
        var seen = Set<String>()
        for name in names {
            if !seen.insert(name.text).inserted {
                report("\(quoted(name.text)) is twice in `regions`", at: name.place)
            } else if !there.contains(name.text) {
                let hint = suggestion(for: name.text, among: there)
                report("no camera that is watched has a region \(quoted(name.text))\(hint)", at: name.place)
            }
        }
        let without = watched.filter { seen.isDisjoint(with: known[$0] ?? []) }
        if section.entry("cameras") == nil {
            watched.removeAll(where: without.contains)
        } else if without.count < watched.count {
            for camera in without {
                report(
                    "the camera \(quoted(camera)) has none of these regions: give it one, or take it out of `cameras`",
                    at: entry.value.place
                )
            }
        }
        return names.map(\.text)
    }
}

extension Value.Entry {
    /// A share such as `12.5%`, in hundredths of a per cent.
    fileprivate func share(from least: Int) throws(Faults) -> Int {
        let text = try text()
        let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
        guard text.last == "%", (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.isDigits }),
            let whole = Int(parts[0]), parts.count == 1 || parts[1].utf8.count <= 2
        else { throw mustBe("a share of the picture such as `12.5%`, with two decimals at most") }
        let fraction = parts.count == 1 ? "00" : parts[1] + String(repeating: "0", count: 2 - parts[1].utf8.count)
        let share = whole > 100 ? Int.max : whole * 100 + (Int(fraction) ?? 0)
        guard share >= least, share <= 10_000 else { throw mustBe("from \(least / 100)% to 100%") }
        return share
    }
}
