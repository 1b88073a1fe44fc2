import Configuration
import EventSocket
import Foundation
import Imaging
import Showing
import Testing

@Suite("Live page")
struct LivePageTests {
    private func state(picture: Bool = true) throws -> LiveState {
        var state = LiveState(
            title: "scenewatch: demo",
            conditions: ["dog": .standard, "box": try Condition(.similarity, .atLeast, 0.25)]
        )
        let score = EventLine.Score(probability: 0.5, similarity: 0.3, margin: 0.1, rival: "x")
        state.update([
            TriggerState(trigger: "dog", camera: "door", state: .inactive, score: score),
            TriggerState(trigger: "box", camera: "door", state: .active, score: score),
            TriggerState(trigger: "new", camera: "door", state: .unknown),
        ])
        state.clock = "1.5 of 75.0 s"
        for number in 1...30 { state.tell("event \(number)") }
        if picture { state.picture = try Picture(width: 16, height: 9, pixels: [UInt8](repeating: 200, count: 432)) }
        return state
    }

    /// What a terminal shows of a line.
    private func visible(_ line: String) -> String {
        line.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
    }

    @Test("fits every size, and shows what there is room for")
    func sizes() throws {
        for colours in [Terminal.Colours.none, .indexed, .direct] {
            for columns in stride(from: 1, through: 200, by: 7) {
                for rows in 1...60 {
                    let size = Terminal.Size(columns: columns, rows: rows)
                    let lines = LivePage.lines(try state(), size: size, colours: colours)
                    #expect(lines.count <= rows)
                    #expect(lines.allSatisfy { visible($0).count <= columns }, "\(size)")
                    if colours == .none { #expect(lines.allSatisfy { !$0.contains("\u{1B}") }) }
                }
            }
        }
        #expect(LivePage.lines(try state(), size: .init(columns: 0, rows: 0), colours: .direct).isEmpty)
    }

    @Test("has title, clock, picture, bars and the latest events")
    func parts() throws {
        let lines = LivePage.lines(try state(), size: .init(columns: 80, rows: 40), colours: .direct)
        #expect(visible(lines[0]).hasPrefix("scenewatch: demo") && visible(lines[0]).hasSuffix("1.5 of 75.0 s"))
        #expect(lines.count { $0.contains("▀") } > 10)
        let bars = lines.map(visible).filter { $0.contains("┃") }
        #expect(bars.count == 3)
        #expect(bars[0].hasPrefix("dog") && bars[0].contains("0.50"))
        #expect(bars[1].hasPrefix("box") && bars[1].contains("0.300") && bars[1].hasSuffix("ACTIVE"))
        #expect(bars[2].hasPrefix("new") && bars[2].hasSuffix("unknown"))
        #expect(lines.last == "event 30")
        let small = LivePage.lines(try state(), size: .init(columns: 80, rows: 12), colours: .direct)
        #expect(!small.contains { $0.contains("▀") })
        #expect(small.last == "event 30")
        let plain = LivePage.lines(try state(), size: .init(columns: 80, rows: 40), colours: .none)
        #expect(!plain.contains { $0.contains("▀") })
    }

    @Test("a bar is as long as its value, with a mark at the threshold")
    func bars() throws {
        func bar(_ value: Double?, _ condition: Condition) -> String {
            LivePage.bar(
                .init(trigger: "a", camera: "b", state: .inactive, condition: condition, value: value),
                10
            )
        }
        #expect(bar(nil, .standard) == "········┃·")
        #expect(bar(0, .standard) == "········┃·")
        #expect(bar(0.5, .standard) == "█████···┃·")
        #expect(bar(1, .standard) == "████████┃█")
        #expect(bar(.nan, .standard).count == 10)
        let margin = try Condition(.margin, .above, 0)
        #expect(bar(-1, margin) == "·····┃····")
        #expect(bar(0.1, margin) == "█████┃████")
        #expect(bar(0, try Condition(.probability, .atLeast, 1)) == "·········┃")
    }

    @Test("text of every width keeps to the columns, and none of it is passed on that a terminal would act on")
    func hostileWords() throws {
        var state = LiveState(title: "門\u{1B}[2J👩‍👧 ~\u{202E}/demo.yaml", conditions: [:])
        state.update([
            TriggerState(trigger: "郵便配達員が荷物を置く", camera: "door", state: .active),
            TriggerState(trigger: "e\u{301}te\u{301}", camera: "\u{9B}31m", state: .inactive),
        ])
        state.clock = "12:00"
        state.tell("猫が来た😀🇩🇪 " + String(repeating: "か", count: 100))
        for columns in 1...100 {
            let lines = LivePage.lines(state, size: .init(columns: columns, rows: 30), colours: .none)
            #expect(lines.allSatisfy { $0.cells <= columns }, "\(columns)")
            #expect(lines.allSatisfy { $0 == $0.shown })
        }
        let lines = LivePage.lines(state, size: .init(columns: 60, rows: 30), colours: .none)
        #expect(lines[0].cells == 60 && lines[0].hasPrefix("門�[2J� ~�/demo.yaml") && lines[0].hasSuffix("12:00"))
        let bars = lines.filter { $0.contains("┃") }
        // Bars begin in the same column, however wide their names are.
        #expect(bars.count == 2)
        #expect(Set(bars.map { $0.prefix { $0 != "·" }.reduce(0) { $0 + $1.cells } }).count == 1)
    }

    @Test("pictures keep their proportions, two pixels a cell")
    func halfBlocks() throws {
        let red = try Picture(width: 2, height: 2, pixels: [255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255])
        let lines = HalfBlocks.lines(of: red, within: .init(columns: 2, rows: 10), colours: .direct)
        #expect(lines == ["\u{1B}[38;2;255;0;0;48;2;0;0;255m▀▀\u{1B}[0m"])
        let indexed = HalfBlocks.lines(of: red, within: .init(columns: 2, rows: 10), colours: .indexed)
        #expect(indexed == ["\u{1B}[38;5;196;48;5;21m▀▀\u{1B}[0m"])
        #expect(HalfBlocks.lines(of: red, within: .init(columns: 2, rows: 10), colours: .none).isEmpty)
        #expect(HalfBlocks.lines(of: Picture(), within: .init(columns: 2, rows: 10), colours: .direct).isEmpty)
        let wide = try Picture(width: 160, height: 90, pixels: [UInt8](repeating: 9, count: 43200))
        let shown = HalfBlocks.lines(of: wide, within: .init(columns: 80, rows: 100), colours: .direct)
        #expect(shown.count == 23)
        #expect(shown.allSatisfy { visible($0).count == 80 })
        let low = HalfBlocks.lines(of: wide, within: .init(columns: 80, rows: 9), colours: .direct)
        #expect(low.count == 9)
        #expect(visible(low[0]).count == 32)
    }

    @Test("colours are those of xterm's palette that are nearest")
    func palette() {
        #expect(HalfBlocks.index(red: 0, green: 0, blue: 0) == 16)
        #expect(HalfBlocks.index(red: 255, green: 255, blue: 255) == 231)
        #expect(HalfBlocks.index(red: 128, green: 128, blue: 128) == 244)
        #expect(HalfBlocks.index(red: 0, green: 255, blue: 0) == 46)
        for level in 0...255 {
            #expect((16...255).contains(HalfBlocks.index(red: level, green: level, blue: 255 - level)))
        }
    }

    @Test("a terminal's colours are what it says, and what a person wants")
    func terminals() {
        func terminal(_ environment: [String: String], _ isTerminal: Bool = true) -> Terminal {
            Terminal(environment: environment, isTerminal: isTerminal)
        }
        #expect(terminal(["TERM": "xterm-256color", "COLORTERM": "truecolor"]).colours == .direct)
        #expect(terminal(["TERM": "xterm", "COLORTERM": "24bit"]).colours == .direct)
        for kind in ["screen-256color", "xterm", "tmux", "linux"] {
            #expect(terminal(["TERM": kind]).colours == .indexed)
        }
        for kind in ["xterm-direct", "xterm-kitty", "foot", "alacritty"] {
            #expect(terminal(["TERM": kind]).colours == .direct)
        }
        #expect(terminal(["TERM": "vt100"]).colours == .none)
        #expect(terminal(["TERM": "vt100"]).isAddressable)
        #expect(terminal(["TERM": "xterm-256color", "NO_COLOR": "1"]).colours == .none)
        #expect(terminal(["TERM": "xterm-256color", "NO_COLOR": ""]).colours == .indexed)
        for (environment, isTerminal) in [([:], true), (["TERM": "dumb"], true), (["TERM": "xterm-256color"], false)] {
            #expect(!terminal(environment, isTerminal).isAddressable)
            #expect(terminal(environment, isTerminal).colours == .none)
        }
    }

    @Test("only lines that have changed are written, and lines that are gone are erased")
    func changes() {
        let all = TerminalScreen.changes(from: nil, to: ["a", "b"])
        #expect(all == "\u{1B}[2J\u{1B}[1;1H\u{1B}[Ka\u{1B}[2;1H\u{1B}[Kb")
        #expect(TerminalScreen.changes(from: ["a", "b"], to: ["a", "b"]) == "")
        #expect(
            TerminalScreen.changes(from: ["a", "b"], to: ["a", "c", "d"]) == "\u{1B}[2;1H\u{1B}[Kc\u{1B}[3;1H\u{1B}[Kd"
        )
        #expect(TerminalScreen.changes(from: ["a", "b", "c"], to: ["a"]) == "\u{1B}[2;1H\u{1B}[J")
    }

    @Test("an event's words have what and when, and why it ended")
    func words() {
        let score = EventLine.Score(probability: 0.931, similarity: 0.2712, margin: 0.043, rival: "an empty doorstep")
        let started = EventLine.started(
            seq: 1,
            event: "e",
            trigger: "parcel",
            camera: "door",
            at: Date(),
            score: score,
            crop: 0,
            frame: 9
        )
        #expect(
            started.words(time: "12.5 s")
                == "12.5 s  door  parcel  started  probability 0.93, similarity 0.271, margin +0.043 over “an empty doorstep”"
        )
        let ended = EventLine.ended(
            seq: 2,
            event: "e",
            trigger: "parcel",
            camera: "door",
            at: Date(),
            reason: .cameraLost,
            journaled: false
        )
        #expect(ended.words(time: "13 s") == "13 s  door  parcel  ended (camera-lost)  (not journalled)")
        let changed = EventLine.promptChanged(seq: 3, trigger: "parcel", at: Date(), reason: "added")
        #expect(changed.words(time: "14 s") == "14 s  parcel  was added")
        let reloaded = EventLine.daemonReloaded(seq: 4, at: Date(), reason: "batch changed")
        #expect(reloaded.words(time: "15 s") == "15 s  configuration reloaded (batch changed)")
    }
}
