import Configuration
import Testing

@Suite("Regions") struct RegionTests {
    private static func cameras(_ regions: String, triggers: String = "") -> String {
        """
        model: {use: m}
        cameras:
          - {name: door, file: a, view: {regions: \(regions)}}
          - {name: yard, file: b}
        triggers:
          - {name: calm, prompt: a, cameras: [yard]}
        \(triggers)
        """
    }

    private static let two = """
        [{name: step, left: 10%, top: 40.5%, width: 30%, height: 50.25%}, \
        {name: gate, left: 0%, top: 0%, width: 100%, height: 2%}]
        """

    @Test func areRead() throws {
        let settings = try parse(
            Self.cameras(Self.two, triggers: "  - {name: t, prompt: b, regions: step}")
        )
        #expect(
            settings.cameras[0].view
                == .regions([
                    RegionSettings(name: "step", left: 1000, top: 4050, width: 3000, height: 5025),
                    RegionSettings(name: "gate", left: 0, top: 0, width: 10_000, height: 200),
                ])
        )
        #expect(settings.cameras[0].view.regionNames == ["step", "gate"])
        // Without cameras, those that have one of the regions.
        #expect(settings.triggers[1].regions == ["step"] && settings.triggers[1].cameras == ["door"])
        #expect(settings.triggers[0].regions.isEmpty)
    }

    private static func region(_ lines: String) -> String { cameras("[{name: step, \(lines)}]") }

    @Test(arguments: [
        Wrong(cameras("[]"), "3:43: `regions` is empty"),
        Wrong(cameras("step"), "3:43: `regions` must be a list, not `step`"),
        Wrong(cameras("[step]"), "3:44: a region must be a mapping of keys to values, not text"),
        Wrong(region("left: 0%, top: 0%, width: 10%"), "3:44: the key `height` is missing"),
        Wrong(
            region("left: 0%, top: 0%, width: 10%, hieght: 10%, height: 10%"),
            "3:88: unknown key `hieght` in a region; did you mean `height`?"
        ),
        Wrong(
            region("left: 10, top: 0%, width: 1.5%, height: 10.125%"),
            "3:63: `left` must be a share of the picture such as `12.5%`, with two decimals at most, not `10`",
            "3:83: `width` must be from 2% to 100%, not `1.5%`",
            "3:97: `height` must be a share of the picture such as `12.5%`, with two decimals at most, not `10.125%`"
        ),
        Wrong(
            region("left: 80%, top: 99.95%, width: 20.01%, height: 100.01%"),
            "3:88: the region ends at 100.01%, beyond the picture's right edge",
            "3:104: `height` must be from 2% to 100%, not `100.01%`"
        ),
        Wrong(
            cameras(
                "[{name: a, left: 0%, top: 0%, width: 9%, height: 9%}, {name: a, left: 0%, top: 0%, width: 9%, height: 9%}]"
            ),
            "3:104: the name `a` already belongs to the region at line 3"
        ),
    ])
    func problems(_ wrong: Wrong) { wrong.check() }

    @Test(arguments: [
        Wrong(
            cameras(two, triggers: "  - {name: t, prompt: b, regions: [stop]}"),
            "7:36: no camera that is watched has a region `stop`; did you mean `step`?"
        ),
        Wrong(
            cameras(two, triggers: "  - {name: t, prompt: b, regions: [step], cameras: [yard]}"),
            "7:36: no camera that is watched has a region `step`"
        ),
        Wrong(
            cameras(two, triggers: "  - {name: t, prompt: b, regions: [step], cameras: [door, yard]}"),
            "7:35: the camera `yard` has none of these regions: give it one, or take it out of `cameras`"
        ),
        Wrong(
            cameras(two, triggers: "  - {name: t, prompt: b, regions: [step, step]}"),
            "7:42: `step` is twice in `regions`"
        ),
        Wrong(
            cameras(two, triggers: "  - {name: t, prompt: b, regions: []}"),
            "7:35: `regions` is empty; leave it out to be judged on all crops"
        ),
        Wrong(
            cameras(two, triggers: "  - {name: t, when: {not: calm}, regions: [step]}"),
            "7:34: `regions` does not go with a `when` of other triggers: a combination goes by other triggers"
        ),
    ])
    func ofTriggers(_ wrong: Wrong) { wrong.check() }
}
