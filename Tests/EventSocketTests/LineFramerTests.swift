import EventSocket
import NIOCore
import Testing

@Suite struct LineFramerTests {
    private func frames(_ pieces: [String], longest: Int = 8, ending: Bool = false) -> [String] {
        var framer = LineFramer(longest: longest)
        var said: [String] = []
        func take() {
            while let frame = framer.next() {
                switch frame {
                case .line(let line): said.append(String(buffer: line))
                case .tooLong: said.append("too long")
                }
            }
        }
        for piece in pieces {
            var bytes = ByteBuffer(string: piece)
            framer.append(&bytes)
            take()
        }
        if ending {
            framer.end()
            take()
        }
        return said
    }

    @Test func everyWayToCutAStreamGivesTheSameLines() {
        let stream = "ab\n\ncde\r\nf\n12345678\ng"
        let wanted = ["ab", "", "cde", "f", "12345678", "g"]
        let bytes = Array(stream)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let pieces = [bytes[..<first], bytes[first..<second], bytes[second...]].map { String($0) }
                #expect(frames(pieces, ending: true) == wanted)
                #expect(frames(pieces) == wanted.dropLast())
            }
        }
    }

    @Test func theLongestLineIsALineAndOneByteMoreIsNot() {
        #expect(frames(["12345678\n"]) == ["12345678"])
        #expect(frames(["123456789\n", "a\n"]) == ["too long"])
        #expect(frames(["12345", "6789"]) == ["too long"])
        #expect(frames(["a\n12345", "6789", "\nb\n"], ending: true) == ["a", "too long"])
    }

    @Test func manyLinesInOnePieceComeOutTogether() {
        let lines = (0..<2_000).map { "\($0)" }
        #expect(frames([lines.joined(separator: "\n") + "\n"]) == lines)
    }

    @Test func nothingIsHeldAfterTheLimit() {
        var framer = LineFramer(longest: 1_000)
        var most = 0
        for _ in 0..<100 {
            var bytes = ByteBuffer(repeating: UInt8(ascii: "x"), count: 100)
            framer.append(&bytes)
            most = max(most, framer.held)
            _ = framer.next()
        }
        #expect(most == 1_100)
        #expect(framer.held == 0)
    }
}
