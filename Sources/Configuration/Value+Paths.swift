extension Value.Entry {
    /// A path, resolved against `folder` where it is relative.
    func path(in folder: String) throws(Faults) -> String {
        let path = try text()
        guard !path.isEmpty else { throw Faults("\(quoted(key)) is empty", at: value.place) }
        guard path != "~", !path.hasPrefix("~/") else {
            throw Faults("\(quoted(key)): `~` is not expanded; write the folder out", at: value.place)
        }
        guard !path.contains("://") else {
            throw mustBe("a path; for a URL use `command` with a program that writes JPEG, such as ffmpeg")
        }
        return resolve(path, in: folder)
    }
}

/// `path` itself where it is absolute, else the path below `folder`. `..` is left alone: with symbolic links only the
/// system knows where it leads.
func resolve(_ path: String, in folder: String) -> String {
    if path.hasPrefix("/") || folder.isEmpty { return path }
    var rest = path[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2).drop { $0 == "/" } }
    return folder.hasSuffix("/") ? folder + rest : "\(folder)/\(rest)"
}
