import Configuration
import Foundation
import Testing

@Suite struct GoodSettingsTests {
    @Test func defaults() throws {
        let settings = try parse(
            """
            model: {use: mobileclip2-s0}
            cameras:
              - name: door
                device: /dev/video0
            triggers:
              - name: dog
                prompt: a dog
            """
        )
        let dog = TriggerSettings(name: "dog", prompt: ["a dog"], cameras: ["door"])
        let door = CameraSettings(name: "door", source: .device(path: "/dev/video0"))
        #expect(settings == Settings(model: ModelSettings(use: "mobileclip2-s0"), cameras: [door], triggers: [dog]))

        #expect(settings.model.precision == .auto)
        #expect(door.size == nil)
        #expect(door.rate == nil)
        #expect(door.look.perSecond == 4)
        #expect(door.view == .full)
        #expect(dog.against == [])
        #expect(dog.when.description == "probability >= 0.8")
        #expect(dog.clear.description == "probability < 0.8")
        #expect(dog.hold == .zero)
        #expect(dog.release == .zero)
        #expect(settings.socket == SocketSettings(path: "/run/scenewatch/scenewatch.sock", mode: 0o660))
        #expect(settings.journal == JournalSettings(path: "/var/lib/scenewatch/journal.db"))
        #expect(settings.batch == BatchSettings(size: 8, wait: .milliseconds(10)))
    }

    @Test func everything() throws {
        let settings = try parse(
            """
            model:
              use: models/mobileclip2_s0.safetensors
              precision: f32
            cameras:
              - {name: door, device: /dev/v4l/by-id/a, size: 1280x720, rate: 12.5, look: 10/min, view: center}
              - {name: clip, file: clip.mjpeg, loop: true, lost-after: 0s, blind-after: never, reuse: false, refresh: 1m,
                 night-below: 60}
              - {name: frames, folder: ./frames/, rate: 2, loop: false, pace: fastest}
              - name: garage
                match: {card: HD Pro Webcam C920, serial: 0012}
                format: MJPG
                blind-after: 1m
                frozen-after: never
              - {name: garden, command: [ffmpeg, -i, "rtsp://a/b", 5, "~", ''], look: 60/s}
            triggers:
              - name: parcel
                prompt: [a parcel, a box]
                against: an empty doorstep
                cameras: [garden, door]
                when: margin>0.05
                clear: margin <= 0
                hold: 500ms
                release: 1.5m
                night: {when: probability >= 0.9, clear: probability < 0.5}
                cooldown: 5m
                schedule: {days: sat, between: "08:30-12:00", zone: UTC}
                dry-run: true
                run: [./tell, --now, '']
            socket: {path: run/s.sock, mode: "600"}
            journal: {path: /data/journal.db}
            batch: {size: 64, wait: 0s}
            """
        )
        #expect(
            settings.model == ModelSettings(use: "/etc/scenewatch/models/mobileclip2_s0.safetensors", precision: .f32)
        )
        #expect(
            try settings.cameras == [
                CameraSettings(
                    name: "door",
                    source: .device(path: "/dev/v4l/by-id/a"),
                    size: PictureSize(width: 1280, height: 720),
                    rate: 12.5,
                    look: LookRate(parsing: "10/min"),
                    view: .center
                ),
                CameraSettings(
                    name: "clip",
                    source: .file(path: "/etc/scenewatch/clip.mjpeg", loop: true),
                    rate: 10,
                    lostAfter: .zero,
                    blindAfter: nil,
                    frozenAfter: nil,
                    nightBelow: 60,
                    reuse: false,
                    refresh: .seconds(60)
                ),
                CameraSettings(
                    name: "frames",
                    source: .folder(path: "/etc/scenewatch/frames/", loop: false),
                    rate: 2,
                    pace: .fastest,
                    frozenAfter: nil
                ),
                CameraSettings(
                    name: "garage",
                    source: .match(card: "HD Pro Webcam C920", bus: nil, serial: "0012"),
                    format: "MJPG",
                    blindAfter: .seconds(60),
                    frozenAfter: nil
                ),
                CameraSettings(
                    name: "garden",
                    source: .command(["ffmpeg", "-i", "rtsp://a/b", "5", "~", ""]),
                    look: LookRate(perSecond: 60),
                    frozenAfter: .seconds(60)
                ),
            ]
        )
        #expect(
            try settings.triggers == [
                TriggerSettings(
                    name: "parcel",
                    prompt: ["a parcel", "a box"],
                    against: ["an empty doorstep"],
                    cameras: ["garden", "door"],
                    when: Condition(.margin, .above, 0.05),
                    clear: Condition(.margin, .atMost, 0),
                    night: Conditions(
                        when: Condition(.probability, .atLeast, 0.9),
                        clear: Condition(.probability, .below, 0.5)
                    ),
                    hold: .milliseconds(500),
                    release: .seconds(90),
                    cooldown: .seconds(300),
                    schedule: Schedule(
                        windows: [Schedule.Window(days: [.sat], from: 30_600, to: 43_200)],
                        zone: TimeZone(identifier: "UTC")
                    ),
                    dryRun: true,
                    run: ["/etc/scenewatch/tell", "--now", ""]
                )
            ]
        )
        #expect(settings.socket == SocketSettings(path: "/etc/scenewatch/run/s.sock", mode: 0o600))
        #expect(settings.journal == JournalSettings(path: "/data/journal.db"))
        #expect(settings.batch == BatchSettings(size: 64, wait: .zero))
    }

    @Test func whatCanBePlayedFasterIsPlayedOnce() throws {
        var settings = try parse(
            """
            model: {use: m}
            cameras:
              - {name: door, device: /dev/video0}
              - {name: clip, file: /clip.mjpeg, loop: true, rate: 5}
              - {name: frames, folder: /frames}
              - {name: garden, command: [grab]}
            """
        )
        let before = settings.cameras
        settings.playFastest()
        #expect(settings.cameras[0] == before[0] && settings.cameras[3] == before[3])
        #expect(settings.cameras[1].source == .file(path: "/clip.mjpeg", loop: false))
        #expect(settings.cameras[1].rate == 5)
        #expect(settings.cameras.map(\.pace) == [.real, .fastest, .fastest, .real])
    }

    @Test func sectionsWithoutAValueAreDefaults() throws {
        let bare = try parse(topYAML("triggers:\nsocket:\njournal: ~\nbatch: {}"))
        #expect(try bare == parse(topYAML("")))
    }

    @Test func plainTextIsTextWhateverYAMLMakesOfIt() throws {
        let yaml = "model: {use: m}\ncameras: [{name: no, file: 1}, {name: 007, file: true}]"
        #expect(try parse(yaml).cameras.map(\.name) == ["no", "007"])
    }

    @Test func triggersWatchAllCamerasByDefault() throws {
        #expect(try parse(triggerYAML("")).triggers[0].cameras == ["door", "yard"])
    }

    @Test func aliasesAreExpanded() throws {
        let settings = try parse(
            topYAML(
                """
                triggers:
                  - {name: dog, prompt: a dog, against: &empty [an empty yard, a wall]}
                  - {name: cat, prompt: a cat, against: *empty}
                """
            )
        )
        #expect(settings.triggers[1].against == ["an empty yard", "a wall"])
    }

    @Test func promptsOverSeveralLines() throws {
        let yaml = "triggers:\n  - name: dog\n    prompt: >\n      a dog\n      on a sofa\n"
        #expect(try parse(topYAML(yaml)).triggers[0].prompt == ["a dog on a sofa"])
    }

    @Test(arguments: [
        ("probability >= 0.8", "probability < 0.5"), ("probability >= 0.5", "probability < 0.5"),
        ("probability > 0.5", "probability <= 0.5"), ("similarity < 0.1", "similarity >= 0.1"),
        ("margin <= -0.1", "margin > 0.1"),
    ])
    func conditionsThatDoNotOverlap(when: String, clear: String) throws {
        let trigger = try parse(triggerYAML("when: \(when)\n    clear: \(clear)")).triggers[0]
        #expect(trigger.when.description == when)
        #expect(trigger.clear.description == clear)
    }

    @Test func aSocketPathOf107Bytes() throws {
        let path = "/" + String(repeating: "é", count: 53)
        #expect(try parse(topYAML("socket: {path: \(path)}")).socket.path == path)
    }

    @Test func commandsKeepTheirArgumentsAndResolveTheirProgram() throws {
        func command(_ list: String) throws -> SourceSettings {
            try parse(cameraYAML(source: "command: \(list)", "")).cameras[0].source
        }
        #expect(try command("[./grab.sh, ./a]") == .command(["/etc/scenewatch/grab.sh", "./a"]))
        #expect(try command("[/bin/grab]") == .command(["/bin/grab"]))
        #expect(try command("[grab]") == .command(["grab"]))
    }
}
