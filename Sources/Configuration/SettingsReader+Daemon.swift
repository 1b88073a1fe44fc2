/// The sections that there are once: model, socket, batch; the journal's is in a file of its own.
extension SettingsReader {
    mutating func settings(_ root: Value) -> Settings {
        guard let top = section(root, called: "the configuration", path: "") else {
            return Settings(model: ModelSettings(use: ""), cameras: [])
        }
        let model = model(in: top)
        let cameras = cameras(in: top)
        return Settings(
            model: model,
            cameras: cameras.settings,
            triggers: triggers(in: top, cameras: cameras.names, regions: cameras.settings.regionNames),
            describe: describe(in: top),
            socket: socket(in: top),
            journal: journal(in: top),
            batch: batch(in: top)
        )
    }

    private mutating func model(in top: Section) -> ModelSettings {
        let value = require("model", in: top) { entry throws(Faults) in entry.value }
        guard let value, let section = section(value, called: "`model`", path: "model") else {
            return ModelSettings(use: "")
        }
        let folder = folder
        return ModelSettings(
            use: require("use", in: section) { entry throws(Faults) in try entry.modelReference(in: folder) } ?? "",
            precision: read("precision", in: section, or: .auto) { entry throws(Faults) in
                try entry.choice(of: ModelSettings.Precision.self)
            }
        )
    }

    private mutating func socket(in top: Section) -> SocketSettings {
        let section = optionalSection("socket", in: top)
        let standard = SocketSettings()
        let folder = folder
        return SocketSettings(
            path: read("path", in: section, or: standard.path) { entry throws(Faults) in
                try entry.socketPath(in: folder)
            },
            mode: read("mode", in: section, or: standard.mode) { entry throws(Faults) in try entry.mode() },
            operators: read("operators", in: section, or: standard.operators) { entry throws(Faults) in
                try entry.users()
            }
        )
    }

    private mutating func batch(in top: Section) -> BatchSettings {
        let section = optionalSection("batch", in: top)
        let standard = BatchSettings()
        return BatchSettings(
            size: read("size", in: section, or: standard.size) { entry throws(Faults) in
                try entry.wholeNumber(in: 1...64)
            },
            wait: read("wait", in: section, or: standard.wait) { entry throws(Faults) in
                let wait = try entry.parsed(Duration.init(parsing:))
                // All cameras wait with it, and the watchdog listens.
                guard wait <= .seconds(1) else { throw entry.mustBe("at most 1s") }
                return wait
            }
        )
    }
}

extension Value.Entry {
    /// The path of a checkpoint, or the name of an installed model.
    fileprivate func modelReference(in folder: String) throws(Faults) -> String {
        let text = try text()
        if text.hasSuffix(".safetensors") || text.hasSuffix(".pt") { return try path(in: folder) }
        guard isName(text) else {
            throw mustBe("a file that ends in .safetensors or .pt, or the name of a model")
        }
        return text
    }

    /// A path that fits the address of a Unix socket.
    fileprivate func socketPath(in folder: String) throws(Faults) -> String {
        let path = try path(in: folder)
        let length = path.utf8.count
        guard length <= 107 else {
            throw Faults(
                "\(quoted(key)): a socket's path has at most 107 bytes, and \(quoted(path)) has \(length)",
                at: value.place
            )
        }
        return path
    }

    /// Permission bits in octal. Unquoted, YAML's versions disagree on whether `0660` is 660 or 432.
    fileprivate func mode() throws(Faults) -> UInt16 {
        guard case .text(let text, let isQuoted) = value.content else { throw mustBe("text such as \"0660\"") }
        guard isQuoted else { throw mustBe("between quotes, as in \"0660\"") }
        guard (3...4).contains(text.utf8.count), text.isDigits, let mode = UInt16(text, radix: 8), mode <= 0o777 else {
            throw mustBe("three octal digits after an optional 0, as in \"0660\"")
        }
        return mode
    }
}

/// A letter or digit, then up to 63 letters, digits, `.`, `_` or `-`, all ASCII.
func isName(_ text: String) -> Bool {
    func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
    guard let first = text.utf8.first, isAlphanumeric(first), text.utf8.count <= 64 else { return false }
    return text.utf8.allSatisfy { isAlphanumeric($0) || "._-".utf8.contains($0) }
}
