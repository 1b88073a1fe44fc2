import Configuration
import Testing

/// Triggers that are given by themselves, as JSON.
@Suite struct AddedTriggerTests {
    private static let cameras = ["door", "yard"].map { CameraSettings(name: $0, source: .command([])) }

    private func read(_ json: String) throws(InvalidConfiguration) -> TriggerSettings {
        try Settings.trigger(parsing: json, file: "t", cameras: Self.cameras)
    }

    private func problems(_ json: String) -> [String] {
        do {
            _ = try read(json)
            return []
        } catch {
            return error.problems.map(\.message)
        }
    }

    @Test func isReadAsInTheFile() throws {
        let json = """
            {"against":["an empty yard"],"cameras":["yard"],"clear":"margin < 0","cooldown":"1m","dry-run":true,\
            "hold":"2s","name":"dog","night":{"when":"margin >= 0.2"},"prompt":["a dog: \\"barking\\"","ein Hund / Köter"],\
            "release":"5s","schedule":{"between":"08:00-18:00","days":"mon-fri"},"when":"margin >= 0.1"}
            """
        let yaml = """
            triggers:
              - name: dog
                prompt: ['a dog: "barking"', ein Hund / Köter]
                against: [an empty yard]
                cameras: [yard]
                when: margin >= 0.1
                clear: margin < 0
                night: {when: margin >= 0.2}
                hold: 2s
                release: 5s
                cooldown: 1m
                dry-run: true
                schedule: {days: mon-fri, between: "08:00-18:00"}
            """
        let cameras = "model: {use: m}\ncameras: [{name: door, file: a}, {name: yard, file: b}]\n"
        #expect(try read(json) == parse(cameras + yaml).triggers[0])
    }

    @Test func watchesAllCamerasThatThereAre() throws {
        #expect(try read(#"{"name":"a","prompt":"x"}"#).cameras == ["door", "yard"])
    }

    @Test func escapesAreThoseOfJSON() throws {
        let trigger = try read(#"{"name":"a","prompt":"a \u0041 \/ \\ \" é 🐕"}"#)
        #expect(trigger.prompt == ["a A / \\ \" é 🐕"])
    }

    @Test(arguments: [
        (#"{}"#, ["the key `name` is missing", "the key `prompt` is missing"]),
        (
            #"{"name":"a","promt":"x"}"#,
            ["the key `prompt` is missing", "unknown key `promt` in a trigger; did you mean `prompt`?"]
        ),
        (
            #"{"name":"a b","prompt":"x"}"#,
            [
                "the name `a b` is not allowed: it must be a letter or digit, then up to 63 letters, digits, `.`, `_` or `-`"
            ]
        ),
        (#"{"cameras":["gate"],"name":"a","prompt":"x"}"#, ["there is no camera `gate`; there are `door` and `yard`"]),
        (#"{"hold":2,"name":"a","prompt":"x"}"#, ["`hold`: `2` needs a unit: ms, s, m, h or d, as in `2s`"]),
        (#"{"name":"a","prompt":null}"#, ["`prompt` has no value"]),
        (#"{"name":"a","prompt":[]}"#, ["`prompt` is empty"]),
        (
            #"{"dry-run":"true","name":"a","prompt":"x"}"#,
            ["`dry-run` must be `true` or `false`, without quotes, not `true`"]
        ),
        (#"{"name":"a","prompt":"x","run":["sh"]}"#, ["`run` is for triggers in the configuration's file only"]),
        (#"[]"#, ["a trigger must be a mapping of keys to values, not a list"]),
    ])
    func saysWhatTheFileWouldSay(json: String, expected: [String]) {
        #expect(problems(json) == expected)
    }
}
