import EventSocket

extension StatusReport {
    /// The report in the text format of Prometheus (its documentation, "Exposition formats"), for a textfile collector.
    var metrics: String {
        var lines: [String] = []
        func metric(_ name: String, _ kind: String, _ help: String, _ samples: [(labels: String, value: Double)]) {
            guard !samples.isEmpty else { return }
            lines.append("# HELP scenewatch_\(name) \(help)")
            lines.append("# TYPE scenewatch_\(name) \(kind)")
            lines += samples.map { "scenewatch_\(name)\($0.labels) \(number($0.value))" }
        }
        func ofCameras(_ name: String, _ kind: String, _ help: String, _ value: (Camera) -> Double) {
            // Names are letters, digits, dots, dashes and underscores: nothing to escape.
            metric(name, kind, help, cameras.map { ("{camera=\"\($0.name)\"}", value($0)) })
        }
        ofCameras("camera_up", "gauge", "Whether the camera gives pictures that show something.") {
            $0.state == "streaming" || $0.state.hasPrefix("degraded") ? 1 : 0
        }
        ofCameras("frames_total", "counter", "Frames captured.") { Double($0.frames) }
        ofCameras("looks_total", "counter", "Frames looked at.") { Double($0.looks) }
        ofCameras("reused_total", "counter", "Crops that had not changed and kept their embedding.") {
            Double($0.reused)
        }
        ofCameras("replaced_total", "counter", "Frames that a newer one replaced.") { Double($0.replaced) }
        ofCameras("corrupt_total", "counter", "Frames that could not be decoded.") { Double($0.corrupt) }
        ofCameras("sequence_gaps_total", "counter", "Frames that the driver lost.") { Double($0.sequenceGaps) }
        ofCameras("reopened_total", "counter", "Times that the source was opened again.") { Double($0.reopened) }
        ofCameras("look_rate", "gauge", "Looks per second, lately.") { $0.lookRate }
        ofCameras("look_rate_asked", "gauge", "Looks per second, as configured.") { $0.askedRate }
        metric("load", "gauge", "Share of one processor that all looks asked for would take.", [("", encoder.load)])
        metric(
            "look_rate_limit",
            "gauge",
            "Looks per second that no camera gets more than, while there is not time for all.",
            encoder.commonRate.map { [("", $0)] } ?? []
        )
        metric("crops_total", "counter", "Crops encoded.", [("", Double(encoder.crops))])
        metric(
            "crop_seconds",
            "gauge",
            "Recent median time of one crop in the encoder.",
            encoder.medianMilliseconds.map { [("", $0 / 1000)] } ?? []
        )
        metric(
            "cutting_seconds",
            "gauge",
            "Recent median time to decode and cut a frame.",
            encoder.cuttingMilliseconds.map { [("", $0 / 1000)] } ?? []
        )
        metric("journal_bytes", "gauge", "Size of the journal.", [("", Double(journal.bytes))])
        metric("journal_dropped_total", "counter", "Looks that were not written.", [("", Double(journal.dropped))])
        if let retention = journal.retention {
            let limit = retention.limit.map { [("", Double($0))] } ?? []
            metric("journal_limit_bytes", "gauge", "Size that the journal may have.", limit)
            metric(
                "journal_free_bytes",
                "gauge",
                "Of the journal's size, what is empty.",
                [("", Double(retention.freeBytes))]
            )
            metric(
                "journal_oldest_look_seconds",
                "gauge",
                "When the oldest look was captured, since 1970.",
                retention.oldestLook.map { [("", $0.timeIntervalSince1970.rounded())] } ?? []
            )
            metric(
                "journal_deleted_total",
                "counter",
                "What was deleted because it was too old or too much.",
                [
                    ("{what=\"looks\"}", Double(retention.looks)),
                    ("{what=\"thumbnails\"}", Double(retention.thumbnails)),
                    ("{what=\"events\"}", Double(retention.events)),
                ]
            )
            metric(
                "journal_deleting",
                "gauge",
                "Whether something is being deleted, or space given back.",
                [("", retention.deleting == nil ? 0 : 1)]
            )
        }
        metric("subscribers", "gauge", "Connections that are subscribed.", [("", Double(subscribers))])
        metric(
            "trigger_active",
            "gauge",
            "Whether an event is open; absent while the state is unknown.",
            triggers.filter { $0.state != .unknown }.map {
                ("{trigger=\"\($0.trigger)\",camera=\"\($0.camera)\"}", $0.state == .active ? 1 : 0)
            }
        )
        return lines.joined(separator: "\n")
    }

    private func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
