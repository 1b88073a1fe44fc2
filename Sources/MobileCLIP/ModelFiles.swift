import Foundation

/// Where models lie: a configuration or a command names one by its path or by its name.
public enum ModelFiles {
    /// The folders in which a name is looked for, in order: `$SCENEWATCH_MODELS`, the user's data folder, that which was
    /// installed with this program, the system's.
    public static var folders: [String] {
        let environment = ProcessInfo.processInfo.environment
        var folders: [String] = []
        if let own = environment["SCENEWATCH_MODELS"], !own.isEmpty { folders.append(own) }
        if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
            folders.append("\(data)/scenewatch/models")
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            folders.append("\(home)/.local/share/scenewatch/models")
        }
        folders += besideProgram(try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        for system in ["/var/lib", "/usr/local/share", "/usr/share"] {
            let folder = "\(system)/scenewatch/models"
            if !folders.contains(folder) { folders.append(folder) }
        }
        return folders
    }

    /// What belongs to a program: `PREFIX/share/scenewatch/models` of one in `PREFIX/bin`, and `Config/models` of a
    /// checkout for one that was built in it.
    package static func besideProgram(_ path: String?) -> [String] {
        guard let path, path.hasPrefix("/") else { return [] }
        let folder = path.split(separator: "/").dropLast()
        if folder.last == "bin" {
            return ["/" + (folder.dropLast() + ["share", "scenewatch", "models"]).joined(separator: "/")]
        }
        guard let build = folder.lastIndex(of: ".build") else { return [] }
        return ["/" + (folder[..<build] + ["Config", "models"]).joined(separator: "/")]
    }

    /// Where this user installs models: `$SCENEWATCH_MODELS`, the system's folder for root, whose daemon reads it, else the
    /// user's data folder.
    public static var folderForInstalling: String {
        let isOwn = !(ProcessInfo.processInfo.environment["SCENEWATCH_MODELS"] ?? "").isEmpty
        return isOwn || geteuid() != 0 ? folders[0] : "/var/lib/scenewatch/models"
    }

    /// The file of a model that is named by its path (anything with a slash, or that exists) or by its name.
    ///
    /// - Throws: `ModelError` that names the folders which were searched, or says how to install it.
    public static func path(of model: String) throws(ModelError) -> String {
        if model.contains("/") || FileManager.default.fileExists(atPath: model) { return model }
        let published = PublishedModel.named(model)
        // A file of just that name comes before the published name of another spelling.
        for name in [model] + (published.map { [$0.name] } ?? []) {
            if let path = folders.lazy.compactMap({ path(of: name, in: $0) }).first { return path }
        }
        let searched = "looked for \(model).safetensors and \(model).pt in \(folders.joined(separator: ", "))"
        if let published {
            let problem = "it is not installed; get it with: scenewatch model install \(published.name) (\(searched))"
            throw ModelError(path: model, problem: problem)
        }
        let problem = "no such model; \(searched); scenewatch model list names those there are"
        throw ModelError(path: model, problem: problem)
    }

    /// The file of a model of that name in a folder; nil where there is none.
    public static func path(of name: String, in folder: String) -> String? {
        for ending in ["", ".safetensors", ".pt"] {
            let path = "\(folder)/\(name)\(ending)"
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue { return path }
        }
        return nil
    }

    /// Every model that can be named, with its file, in the order of names.
    public static func installed() -> [(name: String, path: String)] {
        var found: [String: String] = [:]
        for folder in folders {
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for file in files where !file.hasPrefix(".") {
                guard let ending = [".safetensors", ".pt"].first(where: file.hasSuffix) else { continue }
                let name = String(file.dropLast(ending.count))
                if found[name] == nil { found[name] = path(of: name, in: folder) }
            }
        }
        return found.map { ($0.key, $0.value) }.sorted { $0.name < $1.name }
    }
}
