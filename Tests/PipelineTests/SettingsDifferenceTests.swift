import Configuration
import Pipeline
import Testing

@Suite("Differences between settings")
struct SettingsDifferenceTests {
    private typealias Seat = SettingsDifference.Seat

    private static func camera(_ name: String, _ look: Int) -> CameraSettings {
        CameraSettings(
            name: name,
            source: .command([name]),
            look: (try? LookRate(parsing: "\(look)/s")) ?? .standard
        )
    }

    /// Two cameras, each absent or in one of two ways, and two triggers: one absent or with one of two rules, of two
    /// programs, on any of the cameras; the other absent or on all cameras.
    private static let everything: [Settings] = {
        var all: [Settings] = []
        for ways in 1..<9 {
            let cameras = [("a", ways % 3), ("b", ways / 3)].filter { $0.1 > 0 }.map { camera($0.0, $0.1) }
            let names = cameras.map(\.name)
            let choices = (1..<(1 << names.count)).map { bits in names.indices.filter { bits >> $0 & 1 == 1 } }
            var first: [[TriggerSettings]] = [[]]
            for choice in choices {
                for hold in [0, 1] {
                    for program in ["x", "y"] {
                        first.append([
                            TriggerSettings(
                                name: "t",
                                prompt: ["p"],
                                cameras: choice.map { names[$0] },
                                hold: .seconds(hold),
                                run: [program]
                            )
                        ])
                    }
                }
            }
            let second = TriggerSettings(name: "u", prompt: ["q"], cameras: names)
            for triggers in first {
                for other in [[], [second]] {
                    all.append(
                        Settings(model: ModelSettings(use: "m"), cameras: cameras, triggers: triggers + other)
                    )
                }
            }
        }
        return all
    }()

    @Test("another region of a camera begins it anew with all its triggers, and other regions of a trigger that one")
    func regions() {
        func settings(left: Int, regions: [String]) -> Settings {
            let names = ["step", "gate"]
            let view = names.map { RegionSettings(name: $0, left: left, top: 0, width: 5000, height: 10_000) }
            return Settings(
                model: ModelSettings(use: "m"),
                cameras: [CameraSettings(name: "a", source: .command(["a"]), view: .regions(view))],
                triggers: [
                    TriggerSettings(name: "t", prompt: ["p"], cameras: ["a"], regions: regions),
                    TriggerSettings(name: "u", prompt: ["q"], cameras: ["a"]),
                ]
            )
        }
        let old = settings(left: 0, regions: ["step"])
        let moved = SettingsDifference(from: old, to: settings(left: 100, regions: ["step"]))
        #expect(moved.cameras.changed == ["a"] && moved.keptSeats.isEmpty && moved.refusals.isEmpty)
        let other = SettingsDifference(from: old, to: settings(left: 0, regions: ["gate"]))
        #expect(other.keptCameras == ["a"] && other.triggers.changed == ["t"])
        #expect(other.keptSeats == [Seat(trigger: "u", camera: "a")])
    }

    private func seats(of settings: Settings) -> Set<Seat> {
        Set(settings.triggers.flatMap { trigger in trigger.cameras.map { Seat(trigger: trigger.name, camera: $0) } })
    }

    @Test("of all that can be different, exactly what is the same goes on")
    func everyPair() {
        var pairs = 0
        for old in Self.everything {
            for new in Self.everything {
                let difference = SettingsDifference(from: old, to: new)
                var expected: Set<Seat> = []
                for seat in seats(of: old).intersection(seats(of: new)) {
                    let triggers = [old, new].compactMap { $0.triggers.first { $0.name == seat.trigger } }
                    let cameras = [old, new].compactMap { $0.cameras.first { $0.name == seat.camera } }
                    let goesBySame = triggers[0].hold == triggers[1].hold && triggers[0].prompt == triggers[1].prompt
                    if goesBySame, cameras[0] == cameras[1] { expected.insert(seat) }
                }
                let isRight =
                    difference.keptSeats == expected && difference.isEmpty == (old == new)
                    && difference.refusals.isEmpty && difference.keys.isEmpty
                    && isRight(difference.cameras, old.cameras, new.cameras, \.name)
                    && isRight(difference.triggers, old.triggers, new.triggers, \.name)
                    && difference.keptCameras == Set(new.cameras.filter(old.cameras.contains).map(\.name))
                if !isRight { Issue.record("from \(old) to \(new): \(difference)") }
                pairs += 1
            }
        }
        #expect(pairs > 10_000)
    }

    private func isRight<Value: Equatable>(
        _ names: SettingsDifference.Names,
        _ old: [Value],
        _ new: [Value],
        _ name: (Value) -> String
    ) -> Bool {
        let (before, after) = (Set(old.map(name)), Set(new.map(name)))
        return Set(names.added) == after.subtracting(before) && Set(names.removed) == before.subtracting(after)
            && Set(names.changed)
                == Set(new.filter { value in !old.contains(value) }.map(name)).intersection(before)
    }

    private static let settings = Settings(
        model: ModelSettings(use: "m"),
        cameras: [camera("a", 1)],
        triggers: [TriggerSettings(name: "t", prompt: ["p"], cameras: ["a"])]
    )

    private func difference(_ change: (inout Settings) -> Void) -> SettingsDifference {
        var new = Self.settings
        change(&new)
        return SettingsDifference(from: Self.settings, to: new)
    }

    @Test("what takes a restart is refused in words, each by its key")
    func refusals() {
        let socket = difference {
            $0.socket.path = "/s"
            $0.socket.mode = 0o60
        }
        #expect(
            socket.refusals == [
                "socket.path cannot change while the daemon runs: it is `/run/scenewatch/scenewatch.sock`, and would be "
                    + "`/s`; restart the daemon",
                "socket.mode cannot change while the daemon runs: it is `0660`, and would be `0060`; restart the daemon",
            ]
        )
        #expect(difference { $0.model.use = "n" }.refusals.first?.hasPrefix("model.use cannot") == true)
        #expect(difference { $0.model.precision = .f32 }.refusals.first?.hasPrefix("model.precision cannot") == true)
        #expect(difference { $0.journal.path = "/j" }.refusals.first?.hasPrefix("journal.path cannot") == true)
        #expect(difference { $0.journal.limit = 1 }.refusals.first?.hasPrefix("what the journal keeps cannot") == true)
        #expect(difference { $0.journal.path = "/j" }.isEmpty == false)
    }

    @Test("any change of a trigger but of its cameras and program makes it another")
    func rules() throws {
        let night = try Condition(.probability, .atLeast, 0.95)
        let schedule = Schedule(windows: [Schedule.Window(days: [.mon], from: 0, to: 60)])
        let changes: [(inout TriggerSettings) -> Void] = [
            { $0.prompt = ["other"] }, { $0.against = ["r"] }, { $0.when = night }, { $0.clear = night.inverted },
            { $0.night = Conditions(when: night) }, { $0.hold = .seconds(1) }, { $0.release = .seconds(1) },
            { $0.cooldown = .seconds(1) }, { $0.schedule = schedule }, { $0.dryRun = true },
        ]
        for change in changes {
            let difference = difference { change(&$0.triggers[0]) }
            #expect(difference.keptSeats.isEmpty)
            #expect(difference.triggers.changed == ["t"])
            #expect(difference.keptCameras == ["a"])
        }
        let program = difference { $0.triggers[0].run = ["x"] }
        #expect(program.keptSeats == [Seat(trigger: "t", camera: "a")])
        #expect(program.triggers.changed == ["t"])
    }

    @Test("what is different is said in words")
    func words() {
        #expect(difference { _ in }.words == "nothing has changed")
        #expect(difference { $0.batch.size = 2 }.words == "batch changed")
        #expect(difference { $0.socket.operators = [7] }.words == "socket.operators changed")
        let several = difference { settings in
            settings.triggers = (1...7).map { TriggerSettings(name: "t\($0)", prompt: ["p"], cameras: ["a"]) }
            settings.cameras[0].rate = 5
            settings.cameras.append(Self.camera("b", 1))
        }
        #expect(
            several.words
                == "triggers t1 t2 t3 t4 t5 and 2 more added, trigger t removed, camera b added, camera a changed"
        )
    }

    @Test("the order in which things stand is no difference")
    func order() {
        let cameras = [Self.camera("a", 1), Self.camera("b", 1)]
        let one = Settings(model: ModelSettings(use: "m"), cameras: cameras)
        let other = Settings(model: ModelSettings(use: "m"), cameras: cameras.reversed())
        #expect(SettingsDifference(from: one, to: other).isEmpty)
    }
}
