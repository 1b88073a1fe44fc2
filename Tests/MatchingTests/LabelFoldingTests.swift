import Matching
import TestSupport
import Testing

@Suite("Labels folded into spans")
struct LabelFoldingTests {
    private typealias Span = LabelFolding.Span

    /// One look a quarter of a second, each a word of letters that are labels; `.` is a look without labels, `-` one that
    /// shows nothing, and a blank is no look.
    private func fold(_ looks: String, every interval: Int64 = 250) -> [Span] {
        var folding = LabelFolding()
        var spans: [Span] = []
        for (index, word) in looks.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            guard !word.isEmpty else { continue }
            let labels = word == "." || word == "-" ? nil : word.map(String.init)
            spans += folding.look(at: Int64(index) * interval, labels: labels, isEvidence: word != "-")
        }
        return spans + folding.finish()
    }

    private func times(_ count: Int, _ word: String) -> String {
        Array(repeating: word, count: count).joined(separator: " ")
    }

    private func span(_ label: String, _ from: Int64, _ until: Int64, _ looks: Int, every: Int64 = 250) -> Span {
        Span(part: .label(label, looks: looks), from: from * every, until: until * every)
    }

    @Test("a label lasts from the first to the last look that has it")
    func plain() {
        #expect(fold(times(8, "a")) == [span("a", 0, 7, 8)])
        #expect(fold("\(times(4, ".")) \(times(8, "a")) \(times(4, "."))") == [span("a", 4, 11, 8)])
        #expect(fold("") == [])
    }

    @Test("several labels have spans of their own, the one that ends first first")
    func several() {
        let spans = fold("\(times(4, "ab")) \(times(20, "b")) \(times(20, "c"))")
        #expect(spans == [span("a", 0, 3, 4), span("b", 0, 23, 24), span("c", 24, 43, 20)])
    }

    @Test("two that take turns are both there")
    func turns() {
        #expect(fold(times(10, "a b")) == [span("a", 0, 18, 10), span("b", 1, 19, 10)])
    }

    @Test("a moment without it does not end it: two seconds, or two looks of a slow camera; more do")
    func gaps() {
        #expect(fold("\(times(8, "a")) \(times(8, ".")) \(times(8, "a"))") == [span("a", 0, 23, 16)])
        let apart = fold("\(times(8, "a")) \(times(12, ".")) \(times(8, "a"))")
        #expect(apart == [span("a", 0, 7, 8), span("a", 20, 27, 8)])
        #expect(fold("a a . . a a", every: 20_000) == [span("a", 0, 5, 4, every: 20_000)])
        let slow = fold("a a x x x a a", every: 20_000)
        #expect(slow.filter { $0.part == .label("a", looks: 2) }.map(\.from) == [0, 100_000])
    }

    @Test("what a single look has is not told, unless looks are rare")
    func single() {
        #expect(fold("\(times(8, "a")) ab \(times(8, "a"))") == [span("a", 0, 16, 17)])
        #expect(fold("a b a", every: 10_000).contains(span("b", 1, 1, 1, every: 10_000)))
        #expect(!fold("a b a", every: 9999).contains { $0.part == .label("b", looks: 1) })
        #expect(fold("a") == [span("a", 0, 0, 1)])  // there is no other look to go by
    }

    @Test("what is missing in more than half of the looks is not told")
    func sparse() {
        #expect(fold(times(12, "ab b b")).map(\.part) == [.label("b", looks: 36)])
        #expect(fold(times(12, "ab b")).map(\.part) == [.label("a", looks: 12), .label("b", looks: 24)])
    }

    @Test("looks that show nothing, or of which nothing is said, are told when they are ten seconds in a row")
    func nothing() {
        let blind = fold("\(times(8, "a")) \(times(41, "-")) \(times(8, "a"))")
        #expect(blind == [span("a", 0, 7, 8), Span(part: .blind, from: 2000, until: 12_000), span("a", 49, 56, 8)])
        #expect(fold("\(times(8, "a")) \(times(20, "-")) \(times(8, "a"))") == [span("a", 0, 35, 16)])
        #expect(fold(times(40, "-")) == [])
        #expect(fold(times(41, "-")) == [Span(part: .blind, from: 0, until: 10_000)])
        #expect(fold(times(41, ".")) == [Span(part: .silent, from: 0, until: 10_000)])
        #expect(fold("\(times(20, ".")) a \(times(20, "."))") == [])
    }

    @Test("a pause ends all, and is a hole, where it is longer than a minute and than four looks take")
    func pauses() {
        var folding = LabelFolding()
        var spans: [Span] = []
        for time in [0, 1000, 2000, 62_000, 63_000, 63_000 + 60_001, 125_000] as [Int64] {
            spans += folding.look(at: time, labels: ["a"])
        }
        spans += folding.finish()
        #expect(
            spans == [
                Span(part: .label("a", looks: 5), from: 0, until: 63_000),
                Span(part: .unwatched, from: 63_000, until: 123_001),
                Span(part: .label("a", looks: 2), from: 123_001, until: 125_000),
            ]
        )
        // Once in ten minutes is no pause, as is known from the second time on.
        let slow: [LabelFolding.Part] = [.label("a", looks: 1), .unwatched, .label("a", looks: 4)]
        #expect(fold(times(5, "a"), every: 600_000).map(\.part) == slow)
    }

    @Test("a look from before the last one counts for nothing")
    func backwards() {
        var folding = LabelFolding()
        #expect(folding.look(at: 1000, labels: ["a"]) == [])
        #expect(folding.look(at: 500, labels: ["b"]) == [])
        #expect(folding.look(at: 1250, labels: ["a"]) == [])
        #expect(folding.finish() == [Span(part: .label("a", looks: 2), from: 1000, until: 1250)])
        #expect(folding.finish() == [])
    }

    @Test("of any history: spans of a label do not touch, hold only looks that there were, and come as they end")
    func histories() {
        var random = SplitMix(state: 3)
        for _ in 0..<2000 {
            var folding = LabelFolding()
            var spans: [Span] = []
            var time: Int64 = 0
            var seen: [String: Set<Int64>] = [:]
            let pace = [100, 250, 1000, 15_000].randomElement(using: &random) ?? 250
            for _ in 0..<Int.random(in: 0..<120, using: &random) {
                time += Int64.random(in: 1...4, using: &random) * Int64(pace)
                if Int.random(in: 0..<60, using: &random) == 0 { time += 100_000 }
                let labels = ["a", "b", "c"].filter { _ in Bool.random(using: &random) }
                let isEvidence = Int.random(in: 0..<10, using: &random) > 0
                if isEvidence { for label in labels { seen[label, default: []].insert(time) } }
                spans += folding.look(at: time, labels: labels, isEvidence: isEvidence)
            }
            spans += folding.finish()
            for name in ["a", "b", "c"] {
                var end = Int64.min
                for span in spans {
                    guard case .label(name, let looks) = span.part else { continue }
                    #expect(span.from > end && span.from <= span.until)
                    end = span.until
                    let own = seen[name]?.filter { (span.from...span.until).contains($0) } ?? []
                    #expect(own.count == looks && own.contains(span.from) && own.contains(span.until))
                }
            }
            #expect(spans.allSatisfy { $0.from >= 0 && $0.until <= time })
        }
    }
}
