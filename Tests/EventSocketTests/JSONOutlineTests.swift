import EventSocket
import Testing

@Suite struct JSONOutlineTests {
    @Test(arguments: [
        ("", 0, 1), ("1", 0, 1), ("{}", 1, 2), ("[[]]", 2, 3), ("[1,2,3]", 1, 4), ("[[],[]]", 2, 5),
        (#"{"a":[{"b":1}]}"#, 3, 4), (#""[[[[,,,,""#, 0, 1), (#"["\"[[",1]"#, 1, 3), (#"["\\",[]]"#, 2, 4),
        ("]]][", 0, 2), (#"["unended [[["#, 1, 2),
    ])
    func depthAndValues(text: String, depth: Int, values: Int) {
        let outline = JSONOutline(text.utf8)
        #expect(outline.depth == depth)
        #expect(outline.values == values)
    }
}
