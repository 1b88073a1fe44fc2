import Configuration
import Testing

@Suite struct TriggerProblemTests {
    @Test(arguments: [
        Wrong.top("triggers: all", "3:11: `triggers` must be a list, not `all`"),
        .top("triggers: {a: b}", "3:11: `triggers` must be a list, not a mapping"),
        .top("triggers: [dog]", "3:12: a trigger must be a mapping of keys to values, not text"),
        .top("triggers: [~]", "3:12: a trigger must be a mapping of keys to values, not nothing"),
        .top("triggers:\n  - prompt: a dog", "4:5: the key `name` is missing"),
        .top("triggers:\n  - name: dog", "4:5: the key `prompt` is missing"),
        .top(
            "triggers:\n  - {name: dog, prompt: a}\n  - {name: dog, prompt: b}",
            "5:12: the name `dog` already belongs to the trigger at line 4"
        ),
        .trigger("promt: a cat", "6:5: unknown key `promt` in a trigger; did you mean `prompt`?"),
        .trigger("wehn: margin > 0", "6:5: unknown key `wehn` in a trigger; did you mean `when`?"),
    ])
    func structure(_ wrong: Wrong) { wrong.check() }

    @Test(arguments: [
        Wrong.top("triggers: [{name: a, prompt: }]", "3:22: `prompt` has no value"),
        .top("triggers: [{name: a, prompt: []}]", "3:30: `prompt` is empty"),
        .top("triggers: [{name: a, prompt: '  '}]", "3:30: `prompt` is empty"),
        .top(
            "triggers: [{name: a, prompt: [a dog, '', ~, [b]]}]",
            "3:38: an item of `prompt` is empty",
            "3:42: an item of `prompt` must be text, not nothing",
            "3:45: an item of `prompt` must be text, not a list"
        ),
        .top(
            "triggers: [{name: a, prompt: {a: b}}]",
            "3:30: `prompt` must be text or a list of texts, not a mapping"
        ),
        .top(
            "triggers:\n  - name: a\n    prompt:\n      - a dog: barking",
            "6:9: an item of `prompt` must be text, not a mapping; put text with a `: ` in it between quotes"
        ),
        .top("triggers: [{name: a, prompt: [a dog, A  Dog]}]", "3:38: `A  Dog` is twice in `prompt`"),
        .trigger("against:", "6:5: `against` has no value"),
        .trigger("against: ''", "6:14: `against` is empty"),
        .trigger("against: [a cat, a dog]", "6:22: `a dog` is also in `prompt`, which cannot compete with itself"),
        .trigger("against: A DOG ", "6:14: `A DOG` is also in `prompt`, which cannot compete with itself"),
        .trigger("against: [a cat, a cat]", "6:22: `a cat` is twice in `against`"),
    ])
    func prompts(_ wrong: Wrong) { wrong.check() }

    @Test(arguments: [
        Wrong.trigger("cameras: door", "6:14: `cameras` must be a list, not `door`"),
        .trigger("cameras: []", "6:14: `cameras` is empty; leave it out to watch all of them"),
        .trigger("cameras: [dor]", "6:15: there is no camera `dor`; did you mean `door`?"),
        .trigger("cameras: [kitchen]", "6:15: there is no camera `kitchen`; there are `door` and `yard`"),
        .trigger("cameras: [door, yard, door]", "6:27: `door` is twice in `cameras`"),
        .trigger("cameras: [[door]]", "6:15: an item of `cameras` must be text, not a list"),
    ])
    func cameras(_ wrong: Wrong) { wrong.check() }

    @Test(arguments: [
        Wrong.trigger(
            "when: 0.8",
            "6:11: `when`: `0.8` is not a measure, a comparison and a threshold, such as `probability >= 0.8`"
        ),
        .trigger("when: [a]", "6:11: `when` must be text, not a list"),
        .trigger("when:", "6:5: `when` has no value"),
        .trigger("when: probabilty > 0.8", "6:11: `when`: unknown measure `probabilty`; did you mean `probability`?"),
        .trigger(
            "when: score > 0.8",
            "6:11: `when`: unknown measure `score`; there are `probability`, `similarity` and `margin`"
        ),
        .trigger(
            "when: probability == 0.8",
            "6:11: `when`: unknown comparison `==`; there are `>=`, `>`, `<=` and `<`"
        ),
        .trigger("when: probability >= 80%", "6:11: `when`: the threshold `80%` is not a number such as 0.8"),
        .trigger("when: probability >= nan", "6:11: `when`: the threshold `nan` is not a number such as 0.8"),
        .trigger(
            "when: probability >= 80",
            "6:11: `when`: the threshold 80 is outside the range of probability, 0 to 1"
        ),
        .trigger(
            "when: similarity < -1.5",
            "6:11: `when`: the threshold -1.5 is outside the range of similarity, -1 to 1"
        ),
        .trigger("when: margin > 2.1", "6:11: `when`: the threshold 2.1 is outside the range of margin, -2 to 2"),
        .trigger(
            "clear: margin",
            "6:12: `clear`: `margin` is not a measure, a comparison and a threshold, such as `probability >= 0.8`"
        ),
        .trigger(
            "when: margin > 0.1\n    clear: probability < 0.5",
            "7:12: `clear` must be of the same measure as `when`, margin"
        ),
        .trigger("clear: margin < 0.5", "6:12: `clear` must be of the same measure as `when`, probability"),
        .trigger(
            "when: probability >= 0.5\n    clear: probability < 0.75",
            "7:12: `clear: probability < 0.75` and `when: probability >= 0.5` are both true of 0.625"
        ),
        .trigger(
            "when: probability >= 0.5\n    clear: probability <= 0.5",
            "7:12: `clear: probability <= 0.5` and `when: probability >= 0.5` are both true of 0.5"
        ),
        .trigger(
            "clear: similarity > 0.25\n    when: similarity < 0.5",
            "6:12: `clear: similarity > 0.25` and `when: similarity < 0.5` are both true of 0.375"
        ),
        .trigger(
            "clear: probability > 0.9",
            "6:12: `clear` must look the other way than `when`, as `probability < 0.8` does"
        ),
    ])
    func conditions(_ wrong: Wrong) { wrong.check() }

    @Test(arguments: [
        Wrong.trigger("hold: 2", "6:11: `hold`: `2` needs a unit: ms, s, m, h or d, as in `2s`"),
        .trigger("hold: -2s", "6:11: `hold`: `-2s` is negative; a duration is at least 0"),
        .trigger("hold: 2 s", "6:11: `hold`: `2 s` has the unknown unit ` s`; there are ms, s, m, h and d"),
        .trigger("release: 5min", "6:14: `release`: `5min` has the unknown unit `min`; there are ms, s, m, h and d"),
        .trigger("release: 366d", "6:14: `release`: `366d` is longer than 365 days"),
        .trigger(
            "release: soon",
            "6:14: `release`: `soon` is not a duration such as `500ms`, `2s`, `5m`, `12h` or `7d`"
        ),
        .trigger("release: [5s]", "6:14: `release` must be text, not a list"),
        .trigger("release: ~", "6:5: `release` has no value"),
    ])
    func durations(_ wrong: Wrong) { wrong.check() }

    @Test(arguments: [
        Wrong.trigger("night: {}", "6:12: `night` needs a `when`"),
        .trigger("night: { clear: probability < 0.5 }", "6:12: `night` needs a `when`"),
        .trigger("night:", "6:11: `night` must be a mapping of keys to values, not nothing"),
        .trigger("night: dark", "6:12: `night` must be a mapping of keys to values, not text"),
        .trigger(
            "night: { wehn: margin > 0 }",
            "6:12: `night` needs a `when`",
            "6:14: unknown key `wehn` in `night`; did you mean `when`?"
        ),
        .trigger(
            "night: { when: margin > 0, clear: probability < 0.5 }",
            "6:39: `clear` must be of the same measure as `when`, margin"
        ),
        .trigger(
            "cooldown: soon",
            "6:15: `cooldown`: `soon` is not a duration such as `500ms`, `2s`, `5m`, `12h` or `7d`"
        ),
        .trigger(
            "run: notify-send",
            "6:10: `run` must be a list of a program and its arguments; there is no shell, not "
                + "`notify-send`"
        ),
        .trigger("run: []", "6:10: `run` is empty"),
        .trigger("run: [~/tell]", "6:10: `run`: `~` is not expanded; write the folder out"),
        .trigger("dry-run: yes", "6:14: `dry-run` must be `true` or `false`, not `yes`"),
    ])
    func nightsAndTrials(_ wrong: Wrong) { wrong.check() }

    @Test func blamesNoTriggerForAWrongCamera() {
        let yaml = """
            model: {use: m}
            cameras: [{name: door, look: 9}]
            triggers: [{name: dog, prompt: a dog, cameras: [door]}]
            """
        #expect(
            problemsOf(yaml) == [
                "2:11: a camera needs one of `device`, `match`, `file`, `folder` or `command`",
                "2:30: `look`: `9` is not a rate such as `4/s`, `10/min` or `6/h`",
            ]
        )
    }
}
