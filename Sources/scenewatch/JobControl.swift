import Foundation
import Showing

/// Gives the terminal back before the program is stopped (Ctrl-Z), and draws the view anew when it goes on.
final class JobControl {
    private let sources: [any DispatchSourceSignal]

    init(_ view: LiveView) {
        // One queue, so that the view is not drawn anew before the stop.
        let queue = DispatchQueue(label: "job control")
        sources = [SIGTSTP, SIGCONT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if number == SIGTSTP {
                    view.suspend()
                    // Of this very thread, so that nothing follows before the program goes on.
                    raise(SIGSTOP)
                } else {
                    view.resume()
                }
            }
            source.resume()
            return source
        }
    }

    /// To be called when the view is closed.
    func end() {
        for source in sources { source.cancel() }
    }
}
