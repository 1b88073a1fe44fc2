import Configuration
import Testing

@Suite struct NegationTests {
    private func warnings(_ prompt: String, against: [String] = []) -> [String] {
        TriggerSettings(name: "t", prompt: [prompt], against: against, cameras: ["c"]).negationWarnings
    }

    @Test(arguments: [
        ("a street without cars", "without", "a street with cars"),
        ("no people in the room", "no", "people in the room"),
        ("a door that is not closed", "not", "a door that is closed"),
        ("a dog that isn't on a leash", "isn't", "a dog that is on a leash"),
        ("Nobody at the door", "Nobody", "somebody at the door"),
        ("the light, which won’t burn", "won’t", "the light, which will burn"),
    ])
    func proposesARival(phrase: String, word: String, affirmed: String) {
        #expect(
            warnings(phrase) == [
                "`\(phrase)`: the model does not understand `\(word)`, and hears much the same as in `\(affirmed)`; "
                    + "describe what is there instead, and add `\(affirmed)` to `against`"
            ]
        )
        #expect(warnings(phrase, against: [affirmed]).first?.hasSuffix("as a rival is right") == true)
    }

    @Test func knowsSeveralInOnePhrase() {
        #expect(
            warnings("neither a car nor a person, and no dog, no cat") == [
                "`neither a car nor a person, and no dog, no cat`: the model does not understand `neither` and `nor` and "
                    + "`no`, and hears much the same as in `a car or a person, and dog, cat`; describe what is there "
                    + "instead, and add `a car or a person, and dog, cat` to `against`"
            ]
        )
    }

    @Test(arguments: ["not", "no, never!", "never …"])
    func hasNoRivalToProposeWhereNothingElseIsSaid(phrase: String) {
        let words = warnings(phrase)
        #expect(words.count == 1)
        #expect(words.first?.hasSuffix("and hears nothing else; describe what is there instead") == true)
    }

    @Test(arguments: [
        "a note on a door", "a knot in a rope", "northern lights", "an empty street", "a Norwegian flag", "",
    ])
    func leavesOthersAlone(phrase: String) {
        #expect(warnings(phrase).isEmpty)
    }

    @Test func warnsOfRivalsToo() {
        #expect(
            warnings("a car", against: ["a street without a car"]) == [
                "`a street without a car`: the model does not understand `without`, and hears much the same as in "
                    + "`a street with a car`; describe what is there instead"
            ]
        )
    }
}
