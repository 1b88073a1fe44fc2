import Foundation
import Hooks
import Testing

/// The examples, run as hooks. The programs that they need are played by scripts that write down what they were given.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ExampleHookTests {
    private static let payload = #"{"camera":"front-door","event":"01JDC9","kind":"event.started"}"#

    private static let started = [
        "SCENEWATCH_EVENT": "01JDC9", "SCENEWATCH_KIND": "event.started", "SCENEWATCH_TRIGGER": "parcel-left",
        "SCENEWATCH_CAMERA": "front-door", "SCENEWATCH_AT": "2026-11-23T08:14:03.218Z",
        "SCENEWATCH_PROBABILITY": "0.93",
    ]

    private static let ended = started.merging(["SCENEWATCH_KIND": "event.ended", "SCENEWATCH_REASON": "cleared"]) {
        $1
    }

    private func makeFake(_ name: String, in folder: TemporaryFolder, status: Int = 0) throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/bin", withIntermediateDirectories: true)
        try folder.script(
            "bin/\(name)",
            """
            #!/bin/sh
            for argument; do printf '%s\\n' "$argument"; done >'\(folder.path)/arguments'
            cat >'\(folder.path)/input'
            exit \(status)

            """
        )
    }

    /// Runs an example as a hook, and returns what was logged.
    private func run(
        _ example: String,
        _ arguments: [String] = [],
        environment: [String: String] = started,
        in folder: TemporaryFolder
    ) async -> [String] {
        let bench = Bench()
        bench.run(
            [packageRoot + "/Examples/hooks/" + example] + arguments,
            payload: Data(Self.payload.utf8),
            environment: environment.merging(["PATH": folder.path + "/bin:/usr/bin:/bin"]) { $1 }
        )
        #expect(await bench.isDone())
        return bench.logged
    }

    @Test func aNotificationIsShown() async throws {
        let folder = try TemporaryFolder()
        try makeFake("notify-send", in: folder)
        let options = ["--app-name=Scenewatch", "--icon=camera-web", "--", "parcel-left on front-door"]
        #expect(await run("desktop-notification.sh", in: folder) == [])
        #expect(folder.lines("arguments") == options + ["started, probability 0.93"])
        #expect(await run("desktop-notification.sh", environment: Self.ended, in: folder) == [])
        #expect(folder.lines("arguments") == options + ["ended (cleared)"])
    }

    @Test func aMessageIsSent() async throws {
        let folder = try TemporaryFolder()
        try makeFake("sendmail", in: folder)
        #expect(await run("email.sh", ["me@example.org", "camera@example.org"], in: folder) == [])
        #expect(folder.lines("arguments") == ["-i", "-t"])
        #expect(
            folder.text("input") == """
                From: camera@example.org
                To: me@example.org
                Subject: parcel-left on front-door started
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: 8bit
                Auto-Submitted: auto-generated

                parcel-left on front-door started at 2026-11-23T08:14:03.218Z.

                \(Self.payload)

                """
        )
    }

    @Test func aFailureIsTold() async throws {
        let folder = try TemporaryFolder()
        try makeFake("sendmail", in: folder, status: 75)
        #expect(await run("email.sh", ["me@example.org"], in: folder) == [about + "exited with status 75"])
        let logged = await run("email.sh", in: folder)
        #expect(logged.count == 2 && logged.first?.hasSuffix("to whom shall the message go?") == true)
    }

    @Test func anEventIsPublished() async throws {
        let folder = try TemporaryFolder()
        try makeFake("mosquitto_pub", in: folder)
        #expect(await run("mqtt.sh", ["broker.example.org", "-p", "8883"], in: folder) == [])
        let topic = ["-h", "broker.example.org", "-t", "scenewatch/front-door/parcel-left", "-q", "1", "-l"]
        #expect(folder.lines("arguments") == topic + ["-p", "8883"])
        #expect(folder.text("input") == Self.payload + "\n")
    }

    @Test func aClipIsRecordedWhenAnEventStarts() async throws {
        let folder = try TemporaryFolder()
        try makeFake("ffmpeg", in: folder)
        let common = ["-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
        let output = ["-f", "matroska", "/srv/my clips/01JDC9.mkv"]
        #expect(await run("save-clip.sh", ["rtsp://camera/1", "/srv/my clips", "20"], in: folder) == [])
        #expect(
            folder.lines("arguments")
                == common + ["-rtsp_transport", "tcp", "-i", "rtsp://camera/1", "-c", "copy", "-t", "20"] + output
        )
        #expect(await run("save-clip.sh", ["/dev/video2", "/srv/my clips"], in: folder) == [])
        let encoding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
        #expect(
            folder.lines("arguments")
                == common + ["-f", "v4l2", "-i", "/dev/video2"] + encoding + ["-t", "10"] + output
        )
        try FileManager.default.removeItem(atPath: folder.path + "/arguments")
        #expect(await run("save-clip.sh", ["/dev/video2", "/srv"], environment: Self.ended, in: folder) == [])
        #expect(folder.text("arguments").isEmpty)
        let hostile = Self.started.merging(["SCENEWATCH_EVENT": "../x"]) { $1 }
        let logged = await run("save-clip.sh", ["/dev/video2", "/srv"], environment: hostile, in: folder)
        #expect(logged.first == about + "says: \"../x\" is no id of an event" && folder.text("arguments").isEmpty)
    }

    @Test(.enabled(if: isInstalled("ffmpeg")))
    func aClipCanBePlayed() async throws {
        let folder = try TemporaryFolder()
        let clip = packageRoot + "/Config/demo/clip.mjpeg"
        #expect(await run("save-clip.sh", [clip, folder.path, "1"], in: folder) == [])
        let data = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/01JDC9.mkv"))
        #expect(data.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) && data.count > 1000)
    }

    @Test(.enabled(if: isInstalled("curl", "python3")))
    func anEventIsPosted() async throws {
        let folder = try TemporaryFolder()
        let server = try Receiver(folder)
        defer { server.terminate() }
        #expect(await eventually { folder.text("port").hasSuffix("\n") })
        let address = "http://127.0.0.1:" + folder.lines("port").joined()

        #expect(
            await run("webhook.sh", [address + "/hook?a=b&c", "json", "--header", "X-Token: 1 2"], in: folder) == []
        )
        #expect(folder.lines("request") == ["/hook?a=b&c", "application/json", "None", "1 2"])
        #expect(folder.text("body") == Self.payload + "\n")

        #expect(await run("webhook.sh", [address + "/mytopic", "ntfy"], in: folder) == [])
        #expect(folder.lines("request").dropFirst(2).first == "parcel-left on front-door")
        #expect(folder.text("body") == "started, probability 0.93")

        let logged = await run("webhook.sh", [address + "/missing"], in: folder)
        #expect(logged.first?.contains("404") == true && logged.last == about + "exited with status 22")
    }

    @Test func whatLooksLikeNtfyIsTakenForIt() async throws {
        let folder = try TemporaryFolder()
        try makeFake("curl", in: folder)
        #expect(await run("webhook.sh", ["https://ntfy.sh/mytopic"], environment: Self.ended, in: folder) == [])
        #expect(folder.lines("arguments").contains("Title: parcel-left on front-door"))
        #expect(folder.lines("arguments").suffix(2) == ["--url", "https://ntfy.sh/mytopic"])
        #expect(folder.text("input") == "ended (cleared)")
        #expect(await run("webhook.sh", ["https://example.org/ntfy"], in: folder) == [])
        #expect(folder.lines("arguments").contains("Content-Type: application/json"))
        #expect(folder.text("input") == Self.payload + "\n")
    }
}

/// An HTTP server that writes down what is posted to it.
private final class Receiver: Sendable {
    private let identifier: pid_t

    init(_ folder: TemporaryFolder) throws {
        let program = """
            import http.server, os, sys
            folder = sys.argv[1]
            def write(name, data):
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(data)
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    write("body", self.rfile.read(int(self.headers["Content-Length"])))
                    lines = [self.path, *(str(self.headers[name]) for name in ("Content-Type", "Title", "X-Token"))]
                    write("request", "\\n".join(lines).encode())
                    self.send_response(404 if self.path == "/missing" else 204)
                    self.end_headers()
                def log_message(self, *arguments):
                    pass
            server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
            write("port", b"%d\\n" % server.server_port)
            server.serve_forever()
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", program, folder.path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        identifier = process.processIdentifier
    }

    func terminate() {
        // It was started with the signals of whichever thread that was, SIGTERM perhaps among those that it blocks.
        kill(identifier, SIGKILL)
    }
}
