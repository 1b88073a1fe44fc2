import Capture
import Configuration
import Foundation
import Journal

/// How the thread that looks goes over to other cameras and triggers, between two looks.
extension LookLoop {
    /// Ends what does not go on, begins what is new, and tells of it. What goes on is not touched.
    func adopt(_ plan: LookPlan) {
        let kept = Set(plan.seats.filter(\.isKept).map(\.watch.seat))
        var ends: [JournalMessage] = []
        for station in stations {
            for index in station.watches where !kept.contains(watches[index].seat) {
                let end = watches[index].stop(at: station.now.wallClock, reason: .configurationChanged)
                if let end { ends.append(end) }
            }
        }
        let former = Dictionary(watches.map { ($0.seat, $0) }, uniquingKeysWith: { first, _ in first })
        watches = plan.seats.map { seat in seat.isKept ? former[seat.watch.seat] ?? seat.watch : seat.watch }
        stations = plan.cameras.map { camera in
            let name = camera.settings.name
            let own = watches.places(on: name)
            guard plan.keptCameras.contains(name), let station = stations.first(where: { $0.name == name }) else {
                return makeStation(camera, watches: own)
            }
            station.watches = own
            return station
        }
        batchSettings = plan.batch
        wiring.board.adopt(
            cameras: stations.map(\.name),
            keeping: plan.keptCameras,
            triggers: watches.map(\.report)
        )
        plan.onAdoption()
        for end in ends { tell(end) }
        wiring.journal.record(plan.message(Date()), then: plan.publish)
    }
}

extension Watch {
    /// Its trigger and camera.
    var seat: SettingsDifference.Seat { SettingsDifference.Seat(trigger: trigger, camera: camera) }
}
