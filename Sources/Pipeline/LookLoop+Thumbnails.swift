import Capture
import Configuration
import Journal

/// Which looks' pictures are kept small, and handing them over. Nothing is decoded on this thread.
extension LookLoop {
    /// Of one camera.
    struct ThumbnailState {
        var rule = ThumbnailRule()
        var recent = RecentFrames()
    }

    /// Whether thumbnails let a recording that is played fast go on.
    var hasRoomForThumbnails: Bool { wiring.thumbnails?.desk.hasRoom ?? true }

    /// A look was handed to the journal, with the messages that it made.
    func keepPicture(of station: Station, _ messages: [JournalMessage]) {
        guard let (kinds, desk) = wiring.thumbnails else { return }
        guard kinds == .events else {
            var copy = Frame()
            copy.copy(station.frame)
            return desk.make(copy, of: station.name)
        }
        guard !station.watches.isEmpty else { return }
        let keeps = station.thumbnails.rule.keeps(
            at: station.frame.monotonic,
            isTurn: messages.contains(where: \.isOfEvent),
            hasActive: station.watches.contains { watches[$0].eventID != nil }
        )
        guard keeps else { return station.thumbnails.recent.add(station.frame) }
        if messages.contains(where: { if case .eventStarted = $0 { true } else { false } }) {
            for frame in station.thumbnails.recent.takeAll() { desk.make(frame, of: station.name) }
        }
        var copy = Frame()
        copy.copy(station.frame)
        desk.make(copy, of: station.name)
    }

    /// An event on a camera ended without a look: its last one shows what there was to see.
    func keepLastPicture(of station: Station) {
        guard let (kinds, desk) = wiring.thumbnails, kinds == .events,
            let last = station.thumbnails.recent.takeAll().last
        else { return }
        desk.make(last, of: station.name)
    }
}

extension JournalMessage {
    fileprivate var isOfEvent: Bool {
        switch self {
        case .eventStarted, .eventEnded: true
        default: false
        }
    }
}
