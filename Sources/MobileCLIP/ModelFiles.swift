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

    /// The file of a model that is named by its path (anything with a slash, or that exists) or by its name.
    ///
    /// - Throws: `ModelError` that names the folders which were searched.
    public static func path(of model: String) throws(ModelError) -> String {
        if model.contains("/") || FileManager.default.fileExists(atPath: model) { return model }
        for folder in folders {
            for ending in ["", ".safetensors", ".pt"] {
                let path = "\(folder)/\(model)\(ending)"
                var isFolder: ObjCBool = false
                if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
                    return path
                }
            }
        }
        throw ModelError(
            path: model,
            problem:
                "no such model; looked for \(model).safetensors and \(model).pt in \(folders.joined(separator: ", "))"
        )
    }
}
