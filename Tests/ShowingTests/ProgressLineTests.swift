import Showing
import Testing

@Suite("Progress line")
struct ProgressLineTests {
    @Test("nothing is shown for two seconds, then a line ten times a second at most")
    func pace() {
        var line = ProgressLine()
        var shown: [Int] = []
        for milliseconds in stride(from: 0, to: 2300, by: 10) {
            let elapsed = Duration.milliseconds(milliseconds)
            if line.text("going", share: 0.5, at: elapsed, columns: 80) != nil { shown.append(milliseconds) }
            #expect(line.isShown == !shown.isEmpty)
        }
        #expect(shown == [2000, 2100, 2200])
    }

    @Test("it is as wide as it may be, and says a share that makes sense")
    func width() {
        for (share, columns, text) in [
            (0.25, 200, "going  " + String(repeating: "█", count: 10) + String(repeating: "·", count: 30) + "  25 %"),
            (0.5, 25, "going  █████·····  50 %"), (1.5, 17, "going  ██  100 %"), (-1, 17, "going  ··  0 %"),
            (0.5, 12, "going 50 %"), (0.5, 8, "going …"),
        ] {
            var line = ProgressLine()
            let shown = line.text("going", share: share, at: .seconds(3), columns: columns)
            #expect(shown == text)
            #expect((shown?.cells ?? 0) < columns)
        }
    }
}
