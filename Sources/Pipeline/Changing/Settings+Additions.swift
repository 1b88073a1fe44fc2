import Configuration
import Journal

/// The settings of a file together with the triggers that were added to it.
package struct MergedSettings: Sendable, Equatable {
    /// With the added triggers behind the file's, in the order in which they were added.
    package var settings: Settings
    /// The names of those.
    package var added: Set<String> = []
    /// Which are not in force though they were added, and why, in words.
    package var warnings: [String] = []

    /// Takes each addition that can be taken. The file wins where both have a name: whoever wrote it could not know.
    package init(file: Settings, additions: [Addition]) {
        settings = file
        let own = Set(file.triggers.map(\.name))
        for addition in additions {
            guard !own.contains(addition.name) else {
                warnings.append(
                    "the trigger \(addition.name) that was added is not in force: the configuration has one of that name"
                )
                continue
            }
            do throws(InvalidConfiguration) {
                let trigger = try Settings.trigger(
                    parsing: addition.definition,
                    file: addition.name,
                    cameras: file.cameras
                )
                settings.triggers.append(trigger)
                added.insert(trigger.name)
            } catch {
                let reasons = error.problems.map(\.message).joined(separator: "; ")
                warnings.append("the trigger \(addition.name) that was added is not in force: \(reasons)")
            }
        }
    }
}
