import ArgumentParser
import Configuration
import EventSocket
import Foundation

/// A moment as people write it: `2026-11-23T08:14:00Z`, or how long ago, `7d`.
func moment(parsing text: String) throws -> Date {
    if let date = WireTime.date(text) { return date }
    do throws(InvalidValue) {
        return Date() - (try Duration(parsing: text)) / .seconds(1)
    } catch {
        throw ValidationError("“\(text)” is neither a time such as 2026-11-23T08:14:00Z nor how long ago, such as 7d")
    }
}

/// Reads a configuration; in words, with exit status 78, where it is wrong.
func loadSettings(_ path: String) throws -> Settings {
    do throws(InvalidConfiguration) {
        return try Settings.load(path: path)
    } catch {
        sayAsIs(error.description)
        throw ExitCode(EX_CONFIG)
    }
}
