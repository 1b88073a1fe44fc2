import Capture
import Configuration
import Foundation
import Journal
import Matching

extension Settings {
    /// Every trigger on every camera that it watches.
    ///
    /// - Parameters:
    ///   - matchers: one of each trigger; nil of a combination.
    ///   - lastStarts: of the events in the journal, up to now. A cooldown goes on over a restart; but a recording that is
    ///     played fast has a time of its own, and begins anew.
    func watches(
        _ matchers: [Matcher?],
        lastStarts: [EventStartTime],
        now: (monotonic: Duration, date: Date) = (monotonicNow(), Date())
    ) -> [Watch] {
        let fast = Set(cameras.filter { $0.pace == .fastest }.map(\.name))
        let depths = triggers.depths
        return zip(triggers, matchers).flatMap { trigger, matcher in
            trigger.cameras.map { camera in
                // What was on trial holds back nothing that is told.
                let last = lastStarts.filter {
                    $0.trigger == trigger.name && $0.camera == camera && (trigger.dryRun || !$0.isDryRun)
                }.map(\.at).max()
                let since = last.map { now.date.timeIntervalSince($0) } ?? -1
                return Watch(
                    trigger: trigger.name,
                    camera: camera,
                    matcher: matcher,
                    combination: trigger.combination,
                    regions: Set(trigger.regions),
                    depth: depths[trigger.name] ?? 0,
                    rule: TriggerRule(trigger),
                    isDryRun: trigger.dryRun,
                    lastStart: since < 0 || fast.contains(camera) ? nil : now.monotonic - .seconds(since)
                )
            }
        }
    }
}

extension JournalMessage {
    /// What happened, for the log.
    var words: String {
        switch self {
        case .eventStarted(let start): "\(start.trigger) started on \(start.camera) (\(start.id))"
        case .eventEnded(let end): "\(end.trigger) ended on \(end.camera): \(end.reason.rawValue) (\(end.id))"
        case .cameraLost(let change): "\(change.camera) is lost: \(change.reason)"
        case .cameraFound(let change): "\(change.camera) is found: \(change.reason)"
        case .promptChanged(let change): "\(change.trigger) was \(change.reason)"
        case .daemonReloaded(let reload): "reloaded: \(reload.reason)"
        }
    }
}
