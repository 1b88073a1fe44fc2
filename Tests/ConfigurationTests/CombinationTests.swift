import Configuration
import Testing

@Suite struct CombinationTests {
    private static func triggers(_ lines: String) -> String {
        """
        model: {use: m}
        cameras: [{name: door, device: /dev/video0}, {name: yard, file: yard.mjpeg}]
        triggers:
          - {name: dog, prompt: a dog}
          - {name: cat, prompt: a cat, cameras: [yard]}
          - \(lines)
        """
    }

    @Test func isReadWithItsTimesAndTheCamerasInCommon() throws {
        let settings = try parse(
            Self.triggers("{name: both, when: {all: [dog, {not: cat}]}, hold: 2s, cooldown: 1m, dry-run: true}")
        )
        let both = settings.triggers[2]
        #expect(both.combination == .all([.trigger("dog"), .not(.trigger("cat"))]))
        #expect(both.cameras == ["yard"] && both.prompt.isEmpty)
        #expect(both.hold == .seconds(2) && both.cooldown == .seconds(60) && both.dryRun)
        #expect(both.whenText == "all: [dog, {not: cat}]" && both.clearText == "not: {all: [dog, {not: cat}]}")
    }

    @Test func mayNameAnotherThatComesLater() throws {
        let settings = try parse(
            Self.triggers("{name: none, when: {not: some}}\n  - {name: some, when: {any: [dog, cat]}}")
        )
        #expect(settings.triggers.depths == ["dog": 0, "cat": 0, "some": 1, "none": 2])
        #expect(settings.triggers[2].cameras == ["yard"])
        #expect(settings.triggers.withMembers(of: ["none"]) == ["none", "some", "dog", "cat"])
    }

    @Test(arguments: [
        Wrong(triggers("{name: c, when: {all: [dog, cart]}}"), "6:33: there is no trigger `cart`; did you mean `cat`?"),
        Wrong(triggers("{name: c, when: {not: c}}"), "6:27: the triggers go in a circle, c → c: take one of them out"),
        Wrong(
            triggers("{name: c, when: {not: d}}\n  - {name: d, when: {any: [dog, c]}}"),
            "7:33: the triggers go in a circle, c → d → c: take one of them out"
        ),
        Wrong(triggers("{name: c, when: {all: []}}"), "6:27: `all` is empty"),
        Wrong(
            triggers("{name: c, when: {}}"),
            "6:21: `when` needs one of `all`, `any` and `not`, or a condition on a score"
        ),
        Wrong(
            triggers("{name: c, when: {not: dog, any: [cat]}}"),
            "6:32: `any` stands beside `not`: put one of them inside the other"
        ),
        Wrong(
            triggers("{name: c, when: {al: [dog]}}"),
            "6:22: unknown key `al` in `when`; did you mean `all`?",
            "6:21: `when` needs one of `all`, `any` and `not`, or a condition on a score"
        ),
        Wrong(
            triggers("{name: c, prompt: a cow, when: {not: dog}}"),
            "6:15: `prompt` does not go with a `when` of other triggers: a combination goes by other triggers"
        ),
        Wrong(
            triggers("{name: c, when: {not: cat}, cameras: [door]}"),
            "6:33: the trigger `cat` does not watch `door`; add it there, or leave `cameras` out to watch what they have in common"
        ),
        Wrong(
            triggers("{name: cow, prompt: a cow, cameras: [door]}\n  - {name: c, when: {all: [cat, cow]}}"),
            "7:28: the triggers that `when` names have no camera in common"
        ),
    ])
    func problems(_ wrong: Wrong) { #expect(Set(problemsOf(wrong.yaml)) == Set(wrong.problems)) }

    /// Against the tables of Kleene's logic.
    @Test func isThreeValued() {
        let values: [Bool?] = [true, false, nil]
        for a in values {
            for b in values {
                let value = { (name: String) in name == "a" ? a : b }
                let both = Combination.all([.trigger("a"), .trigger("b")]).holds(value)
                #expect(both == (a == false || b == false ? false : a == nil || b == nil ? nil : true))
                let either = Combination.any([.trigger("a"), .trigger("b")]).holds(value)
                #expect(either == (a == true || b == true ? true : a == nil || b == nil ? nil : false))
            }
            #expect(Combination.not(.trigger("a")).holds { _ in a } == a.map { !$0 })
        }
    }
}
