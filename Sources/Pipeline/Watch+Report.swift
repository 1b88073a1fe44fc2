import EventSocket
import Journal
import Matching

extension Watch {
    /// Its state as the socket tells it.
    var report: TriggerState {
        let state: TriggerState.State =
            switch state {
            case .unknown: .unknown
            case .inactive: .inactive
            case .active: .active
            }
        return TriggerState(
            trigger: trigger,
            camera: camera,
            state: state,
            since: since,
            event: eventID?.description,
            score: latest?.score.map { EventLine.Score(EventScore($0)) },
            at: latest?.at,
            dryRun: isDryRun ? true : nil
        )
    }
}
