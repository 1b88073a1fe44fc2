import ArgumentParser
import Configuration
import Foundation
import Showing

/// A moment as people write it, “ago” counted from now.
func moment(parsing text: String) throws -> Date {
    try moment(parsing: text, now: Date())
}

/// A moment as people write it: a time (``LocalTime``), or how long ago, `7d`.
///
/// - Parameter now: what “ago” is counted from; the same for moments that are compared.
func moment(parsing text: String, now: Date) throws -> Date {
    if let date = LocalTime.date(text) { return date }
    do throws(InvalidValue) {
        return now - (try Duration(parsing: text)) / .seconds(1)
    } catch {
        let kinds = "neither a time such as 2026-11-23T08:14:00 or 2026-11-23 nor how long ago, such as 7d"
        // Of what begins as a number it is known what is wrong with it.
        let why = text.first?.isWholeNumber == true ? ": \(error.message)" : ""
        throw ValidationError("“\(text)” is \(kinds)\(why)")
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
