import EventSocket
import Foundation
import NIOCore
import Testing

@Suite struct WireTests {
    @Test func anEventIsOneSortedReadableLine() throws {
        let line = String(buffer: try Wire.line(Sample.started(1_842)))
        #expect(
            line
                == #"{"at":"2026-11-23T08:14:03.218Z","camera":"front-door","crop":1,"event":"01J","frame":99120,"#
                + #""kind":"event.started","score":{"margin":0.043,"probability":0.93,"rival":"an empty doorstep","#
                + #""similarity":0.271},"seq":1842,"trigger":"parcel-left"}"# + "\n"
        )
    }

    @Test func journaledIsSaidOnlyWhenItIsNot() throws {
        var line = EventLine.cameraFound(seq: 1, camera: "a/b", at: Sample.time)
        #expect(!String(buffer: try Wire.line(line)).contains("journaled"))
        line.journaled = false
        let bytes = try Wire.line(line)
        #expect(String(buffer: bytes).contains(#""camera":"a/b","journaled":false"#))
        #expect(try Wire.message(EventLine.self, from: bytes).journaled == false)
    }

    @Test func everyKindComesBackAsItWent() throws {
        let lines: [EventLine] = [
            Sample.started(1),
            .started(
                seq: 1,
                event: "01J",
                trigger: "t",
                camera: "c",
                at: Sample.time,
                score: Sample.score,
                crop: 2,
                region: "gate",
                frame: 3,
                suppressed: 4,
                journaled: false
            ),
            .ended(
                seq: 2,
                event: "01J",
                trigger: "t",
                camera: "c",
                at: Sample.time,
                reason: .configChanged,
                started: Sample.time,
                score: Sample.score
            ),
            .cameraLost(seq: 3, camera: "c", at: Sample.time, reason: "gone\nfor \"ever\""),
            .cameraFound(seq: 4, camera: "c", at: Sample.time, reason: nil, journaled: false),
            .promptChanged(seq: 5, trigger: "t", at: Sample.time),
            .daemonReloaded(seq: 6, at: Sample.time),
        ]
        #expect(Set(lines.map(\.kind)) == Set(EventLine.Kind.allCases))
        for line in lines {
            let bytes = try Wire.line(line)
            #expect(try Wire.message(EventLine.self, from: bytes) == line)
            #expect(bytes.readableBytesView.filter { $0 == UInt8(ascii: "\n") }.count == 1)
        }
    }

    @Test func aScoreThatIsNoNumberDoesNotStopTheEvent() throws {
        let score = EventLine.Score(probability: .nan, similarity: .infinity, margin: -.infinity, rival: nil)
        let read = try Wire.message(EventLine.self, from: try Wire.line(Sample.started(1, score: score)))
        #expect(read.score?.probability.isNaN == true)
        #expect(read.score?.similarity == .infinity)
        #expect(read.score?.margin == -.infinity)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"),
        (3.218, "1970-01-01T00:00:03.218Z"),
        (0.0004, "1970-01-01T00:00:00.000Z"),
        (59.9996, "1970-01-01T00:01:00.000Z"),
        (-0.001, "1969-12-31T23:59:59.999Z"),
        (1_795_421_643.218, "2026-11-23T08:14:03.218Z"),
        (1_709_251_199.999, "2024-02-29T23:59:59.999Z"),
    ])
    func timesHaveMilliseconds(seconds: Double, text: String) throws {
        #expect(WireTime.text(Date(timeIntervalSince1970: seconds)) == text)
        let read = try #require(WireTime.date(text))
        #expect(read == Date(timeIntervalSince1970: (seconds * 1_000).rounded() / 1_000))
        #expect(WireTime.text(read) == text)
    }

    @Test func everyMillisecondOfASecondIsItself() {
        for millisecond in 0..<1_000 {
            let text = WireTime.text(Date(timeIntervalSince1970: 1_795_421_643 + Double(millisecond) / 1_000))
            let digits = String(1_000 + millisecond).dropFirst()
            #expect(text == "2026-11-23T08:14:03.\(digits)Z")
        }
    }

    @Test func absurdTimesAreSaidSomehow() {
        #expect(!WireTime.text(Date(timeIntervalSince1970: 1e300)).isEmpty)
        #expect(!WireTime.text(Date(timeIntervalSince1970: .infinity)).isEmpty)
        #expect(!WireTime.text(Date(timeIntervalSince1970: .nan)).isEmpty)
    }

    @Test func timesAreReadWithAndWithoutFraction() {
        #expect(WireTime.date("2026-11-23T08:14:03Z") == WireTime.date("2026-11-23T08:14:03.000Z"))
        #expect(WireTime.date("2026-11-23T08:14:03Z") != nil)
        #expect(WireTime.date("yesterday") == nil)
        #expect(WireTime.date("") == nil)
    }

    @Test func numbersAreRounded() {
        #expect((0.1 + 0.83).rounded(decimals: 6) == 0.93)
        #expect((-0.0000005).rounded(decimals: 6) == -0.000001)
        #expect(0.1234564.rounded(decimals: 6) == 0.123456)
        #expect(1e300.rounded(decimals: 6) == 1e300)
        #expect(Double.infinity.rounded(decimals: 6) == .infinity)
    }
}
