import Configuration
import Foundation
import Testing

/// `Config/scenewatch.yaml`, held against the reader: it loads, its commented keys load too, and none is missing.
@Suite struct ExampleTests {
    private static let path = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Config/scenewatch.yaml").path

    /// The example with every line of the form `# key:` or `# - key:` uncommented, for the keys that there are.
    private func uncommented() throws -> [String] {
        let keys = Set(
            Schema.keyPaths.map { String($0[($0.lastIndex(of: ".").map($0.index(after:)) ?? $0.startIndex)...]) }
        )
        let text = try String(contentsOfFile: Self.path, encoding: .utf8)
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let match = line.wholeMatch(of: #/( *)# ( *(?:- )?)([a-z-]+)(:.*)/#), keys.contains(String(match.3))
            else { return String(line) }
            return "\(match.1)\(match.2)\(match.3)\(match.4)"
        }.map { line in
            // Pictures are looked at.
            line.replacing("pictures/bin-out.jpg", with: picturePath("published/rocket.jpg"))
                .replacing("pictures/bin-in.jpg", with: picturePath("jpeg/baseline-444.jpg"))
        }
    }

    @Test func loadsAsItIs() throws {
        let settings = try Settings.load(path: Self.path)
        #expect(settings.cameras.map(\.name) == ["front-door"])
        #expect(settings.triggers.map(\.name) == ["parcel-left", "car-in-the-drive"])
        guard case .device(let device) = settings.cameras[0].source else {
            Issue.record("the first camera is no device")
            return
        }
        #expect(device.hasPrefix("/dev/v4l/by-id/"))
    }

    @Test func loadsWithEveryKeyUncommented() throws {
        let settings = try parse(uncommented().joined(separator: "\n"))
        #expect(settings.cameras.map(\.name) == ["front-door", "garage", "recording", "time-lapse", "garden"])
        #expect(
            settings.cameras.dropFirst().map(\.source) == [
                .match(card: "HD Pro Webcam C920", bus: "usb-0000:00:14.0-2", serial: "5D2F1A3E"),
                .file(path: "/etc/scenewatch/clip.mjpeg", loop: false),
                .folder(path: "/etc/scenewatch/frames/", loop: true),
                .command([
                    "ffmpeg", "-loglevel", "error", "-rtsp_transport", "tcp", "-i", "rtsp://10.0.0.7/stream", "-r", "5",
                    "-f", "mjpeg", "-",
                ]),
            ]
        )
    }

    @Test func commentedValuesAreTheDefaults() throws {
        let asItIs = try Settings.load(path: Self.path)
        let full = try parse(uncommented().joined(separator: "\n"))
        #expect(full.model == asItIs.model)
        // Its format has no default to show.
        var camera = full.cameras[0]
        camera.format = nil
        #expect(camera == asItIs.cameras[0])
        #expect(full.socket == asItIs.socket)
        #expect(full.journal == asItIs.journal)
        #expect(full.batch == asItIs.batch)
    }

    /// Each key in turn is given a wrong name; the reader then says in which mapping it stands.
    @Test func hasEveryKey() throws {
        let sections = [
            "": "", " in `model`": "model.", " in a camera": "cameras[].", " in `match`": "cameras[].match.",
            " in `view`": "cameras[].view.", " in a region": "cameras[].view.regions[].",
            " in a trigger": "triggers[].", " in `when`": "triggers[].when.", " in `night`": "triggers[].night.",
            " in `schedule`": "triggers[].schedule.", " in `socket`": "socket.", " in `journal`": "journal.",
            " in `batch`": "batch.", " in `describe`": "describe.",
        ]
        let lines = try uncommented()
        var found: Set<String> = []
        for (index, line) in lines.enumerated() {
            guard let match = line.wholeMatch(of: #/( *(?:- )?)([a-z-]+)(:.*)/#) else { continue }
            var changed = lines
            changed[index] = "\(match.1)zzzzzzzzzzzz\(match.3)"
            for problem in problemsOf(changed.joined(separator: "\n")) {
                guard let place = problem.firstMatch(of: #/unknown key `zzzzzzzzzzzz`([^;]*)/#),
                    let section = sections[String(place.1)]
                else { continue }
                found.insert(section + match.2)
            }
        }
        #expect(found == Set(Schema.keyPaths))
    }
}
