import Showing
import Testing

@Suite("Cells")
struct CellsTests {
    @Test(
        "text is as wide as a terminal shows it, or not wider than any does",
        arguments: [
            ("", 0), ("abc", 3), ("ÄÖß", 3), ("e\u{301}", 1), ("\u{301}", 0), ("“…”┃█·", 6), ("日本語", 6),
            ("ｶﾞ", 2), ("ＡＢ", 4), ("한국", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("😀", 2), ("🇩🇪", 2), ("☂", 1),
            ("☂\u{FE0F}", 2), ("👍🏽", 4), ("क्षि", 3), ("\u{3000}", 2), ("𠀀", 2),
        ]
    )
    func width(text: String, cells: Int) {
        #expect(text.cells == cells)
    }

    @Test("what a terminal would act on, or would hide or turn about, is replaced")
    func shown() {
        #expect("a\u{1B}[2Jb\r\nc".shown == "a�[2Jb�c")
        for hidden in ["\u{200B}", "\u{202E}", "\u{2066}", "\u{FEFF}", "\u{AD}", "\u{2028}", "\u{9B}", "\u{7F}", "👩‍👧"] {
            #expect("a \(hidden) b".shown == "a � b")
        }
        #expect("naïve 日本 😀 e\u{301}".shown == "naïve 日本 😀 e\u{301}")
    }

    @Test("cut and padded text fits, and no character is halved")
    func fitting() {
        #expect("abcdef".cut(to: 4) == "abc…")
        #expect("abcd".cut(to: 4) == "abcd")
        #expect("abcd".cut(to: 1) == "a")
        #expect("abcd".cut(to: 0) == "")
        #expect("日本語".cut(to: 6) == "日本語")
        #expect("日本語".cut(to: 5) == "日本…")
        #expect("日本語".cut(to: 4) == "日…")
        #expect("日本語".cut(to: 1) == "")
        #expect("日本".padded(to: 6) == "日本  ")
        #expect("日本".padded(to: 3) == "日本")
        for text in ["a日b本c語d", "e\u{301}😀🇩🇪x", ""] {
            for columns in 0...12 {
                #expect(text.cut(to: columns).cells <= columns)
                #expect(text.cut(to: columns).padded(to: columns).cells == columns)
            }
        }
    }
}
