import Capture
import Testing

@Suite struct CommandSilenceTests {
    @Test func theFirstPictureMayTakeHalfAMinute() {
        var silence = CommandSilence(start: .seconds(100))
        #expect(silence.judge(at: .milliseconds(129_999)) == .patient)
        #expect(silence.judge(at: .seconds(130)) == .lost(.seconds(30)))
        silence.pictureCame(at: .seconds(131))
        #expect(silence.judge(at: .seconds(135)) == .patient)
    }

    @Test func aFastCommandIsMissedSoon() {
        var silence = CommandSilence(start: .zero)
        for picture in 1...100 { silence.pictureCame(at: .milliseconds(picture * 100)) }
        #expect(silence.judge(at: .milliseconds(14_999)) == .patient)
        #expect(silence.judge(at: .seconds(15)) == .amiss(.seconds(5)))
        #expect(silence.judge(at: .seconds(16)) == .patient)
        #expect(silence.judge(at: .seconds(20)) == .lost(.seconds(10)))
    }

    @Test func onePictureAMinuteIsAPaceToo() {
        var silence = CommandSilence(start: .zero)
        for minute in 1...10 {
            let picture = Duration.seconds(minute * 60 - 58)
            silence.pictureCame(at: picture)
            for second in 0..<60 { #expect(silence.judge(at: picture + .seconds(second)) == .patient) }
        }
        #expect(silence.judge(at: .seconds(542 + 120)) == .amiss(.seconds(120)))
        #expect(silence.judge(at: .seconds(542 + 240)) == .lost(.seconds(240)))
        // Of one that has printed a single picture nothing is known.
        var single = CommandSilence(start: .zero)
        single.pictureCame(at: .seconds(1))
        #expect(single.judge(at: .seconds(150)) == .patient)
        #expect(single.judge(at: .seconds(151)) == .amiss(.seconds(150)))
        #expect(single.judge(at: .seconds(301)) == .lost(.seconds(300)))
    }

    @Test func aSlowOneHasItsOwnPace() {
        var silence = CommandSilence(start: .zero)
        silence.pictureCame(at: .seconds(1))
        silence.pictureCame(at: .seconds(9))
        silence.pictureCame(at: .seconds(10))
        #expect(silence.judge(at: .seconds(25)) == .patient)
        #expect(silence.judge(at: .seconds(26)) == .amiss(.seconds(16)))
        #expect(silence.judge(at: .seconds(41)) == .patient)
        #expect(silence.judge(at: .seconds(42)) == .lost(.seconds(32)))
        silence.pictureCame(at: .seconds(43))
        #expect(silence.judge(at: .seconds(44)) == .patient)
        #expect(silence.judge(at: .seconds(110)) == .amiss(.seconds(67)))
    }
}
