import ArgumentParser
import Configuration
import Foundation
import Pipeline

/// What is judged, and of which time.
extension BacktestCommand {
    struct Times {
        var since: Date
        var until: Date
        var moments: [NamedMoment]
    }

    func times() throws -> Times {
        let now = Date()
        return Times(
            since: try since.map { try moment(parsing: $0, now: now) } ?? .distantPast,
            until: try until.map { try moment(parsing: $0, now: now) } ?? .distantFuture,
            moments: try yes.map { try named($0, isThere: true, now) } + no.map { try named($0, isThere: false, now) }
        )
    }

    /// `TIME` or `CAMERA@TIME`. No camera has an @ in its name.
    private func named(_ text: String, isThere: Bool, _ now: Date) throws -> NamedMoment {
        guard let at = text.firstIndex(of: "@") else {
            return NamedMoment(at: try moment(parsing: text, now: now), isThere: isThere)
        }
        let date = try moment(parsing: String(text[text.index(after: at)...]), now: now)
        return NamedMoment(camera: String(text[..<at]), at: date, isThere: isThere)
    }

    /// The prompt as a trigger, or those of the configuration, with what was added to it, that are asked for, on the cameras
    /// that are.
    func judged(_ settings: Settings) throws -> [TriggerSettings] {
        let cameras = try camera.map { try known($0, "camera", among: settings.cameras.map(\.name)) }
        let names = try trigger.map { try known($0, "trigger", among: settings.triggers.map(\.name)) }
        // Each once, in the configuration's order.
        let chosen = settings.cameras.map(\.name).filter { cameras.isEmpty || cameras.contains($0) }
        if isAdHoc { return [try adHoc(cameras: chosen)] }
        guard !settings.triggers.isEmpty else { throw fail("\(config) has no triggers; give a prompt", EX_CONFIG) }
        let triggers = settings.triggers.filter { names.isEmpty || names.contains($0.name) }.map { trigger in
            var trigger = trigger
            trigger.cameras = trigger.cameras.filter(chosen.contains)
            return trigger
        }
        if let blind = triggers.first(where: { $0.cameras.isEmpty }), !names.isEmpty {
            throw fail("trigger “\(blind.name)” does not watch \(chosen.joined(separator: ", "))")
        }
        let watching = triggers.filter { !$0.cameras.isEmpty }
        guard !watching.isEmpty else { throw fail("no trigger watches \(chosen.joined(separator: ", "))") }
        return watching
    }

    /// Refuses moments of cameras that there are not.
    func check(_ moments: [NamedMoment], _ settings: Settings) throws {
        for name in moments.compactMap(\.camera) {
            _ = try known(name, "camera", among: settings.cameras.map(\.name))
        }
    }

    private func known(_ name: String, _ kind: String, among names: [String]) throws -> String {
        guard !names.contains(name) else { return name }
        let hint =
            nearest(to: name, among: names).map { "did you mean “\($0)”?" }
            ?? (names.isEmpty ? "there is none" : "there are \(names.joined(separator: ", "))")
        throw fail("there is no \(kind) “\(name)” in \(config); \(hint)")
    }

    private func adHoc(cameras: [String]) throws -> TriggerSettings {
        do throws(InvalidValue) {
            let start = try when.map { text throws(InvalidValue) in try Condition(parsing: text) } ?? .standard
            let end = try clear.map { text throws(InvalidValue) in try Condition(parsing: text) }
            if let complaint = end?.complaint(asClearOf: start) { throw InvalidValue(complaint) }
            try checkMeasure(of: start, prompt: prompt, image)
            return TriggerSettings(
                name: prompt.first ?? image[0],
                prompt: prompt,
                against: against,
                image: try pictures(image),
                againstImage: try pictures(againstImage),
                cameras: cameras,
                when: start,
                clear: end,
                hold: try duration(hold),
                release: try duration(release),
                cooldown: try duration(cooldown)
            )
        } catch {
            throw fail(error.message)
        }
    }

    private func duration(_ text: String?) throws(InvalidValue) -> Duration {
        guard let text else { return .zero }
        return try Duration(parsing: text)
    }

    private func fail(_ message: String, _ status: Int32 = EX_USAGE) -> ExitCode {
        say(message)
        return ExitCode(status)
    }
}
