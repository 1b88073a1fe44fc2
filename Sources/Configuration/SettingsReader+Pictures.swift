extension SettingsReader {
    /// The pictures that a trigger looks for, and those that compete with them.
    mutating func pictures(in section: Section) -> (image: [PictureSetting], against: [PictureSetting]) {
        let image = pictures("image", in: section)
        let against = pictures("against-image", in: section)
        for one in against where image.contains(where: { $0.setting.bytes == one.setting.bytes }) {
            report(
                "the picture \(one.setting.path) is also in `image`, which cannot compete with itself",
                at: one.place
            )
        }
        let entry = section.entry("image")
        if let entry, section.entry("against-image") == nil {
            report(
                "`image` needs `against-image`: at least one picture of the same view without the scene; "
                    + "`scenewatch snapshot` takes one",
                at: entry.place
            )
        }
        if entry == nil, let other = section.entry("against-image") {
            report("`against-image` goes with `image`, which is missing", at: other.place)
        }
        if section.entry("prompt") == nil, entry != nil, let other = section.entry("against") {
            report(
                "`against` goes with a `prompt`, which is missing; what pictures compete with is `against-image`",
                at: other.place
            )
        }
        return (image.map(\.setting), against.map(\.setting))
    }

    /// Where words and pictures are looked for, what they score can be compared as a probability only.
    mutating func checkMeasures(of settings: TriggerSettings, in section: Section) {
        guard !settings.image.isEmpty, !settings.prompt.isEmpty else { return }
        for (key, condition) in [("when", settings.when), ("night", settings.night?.when ?? settings.when)] {
            guard let entry = section.entry(key), condition.measure != .probability else { continue }
            report(
                "`\(condition.measure.rawValue)` is not the same of words and of pictures: with both `prompt` and `image` "
                    + "use `probability`, or make two triggers of it",
                at: entry.value.place
            )
        }
    }

    private mutating func pictures(_ key: String, in section: Section) -> [(setting: PictureSetting, place: Place)] {
        let folder = folder
        let paths: [Placed] = read(key, in: section, or: []) { entry throws(Faults) in
            let paths = try entry.picturePaths(in: folder)
            guard !paths.isEmpty else { throw Faults("\(quoted(key)) is empty", at: entry.value.place) }
            return paths
        }
        var pictures: [(setting: PictureSetting, place: Place)] = []
        for path in paths {
            do throws(InvalidValue) {
                let setting = try PictureSetting(path: path.text)
                if pictures.contains(where: { $0.setting.bytes == setting.bytes }) {
                    report("the picture \(path.text) is twice in \(quoted(key))", at: path.place)
                }
                pictures.append((setting, path.place))
            } catch {
                report(error.message, at: path.place)
            }
        }
        return pictures
    }
}

extension Value.Entry {
    /// One path or a list of them.
    fileprivate func picturePaths(in folder: String) throws(Faults) -> [Placed] {
        guard case .list(let items) = value.content else { return [try picturePath(in: folder)] }
        var paths: [Placed] = []
        var faults: [Fault] = []
        for item in items {
            do throws(Faults) {
                paths.append(try Value.Entry(key: key, place: item.place, value: item).picturePath(in: folder))
            } catch {
                faults += error.faults
            }
        }
        guard faults.isEmpty else { throw Faults(faults) }
        return paths
    }

    private func picturePath(in folder: String) throws(Faults) -> Placed {
        if case .text(let text, _) = value.content, text.contains("://") {
            throw Faults("\(quoted(key)) must be a path; download the picture, and name the file", at: value.place)
        }
        return Placed(text: try path(in: folder), place: value.place)
    }
}
