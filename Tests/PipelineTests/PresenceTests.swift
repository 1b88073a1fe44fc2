import Foundation
import Pipeline
import TestSupport
import Testing

@Suite("Presence")
struct PresenceTests {
    private func date(_ seconds: Double) -> Date { Date(timeIntervalSince1970: seconds) }

    @Test("a source that is away for less than the grace is no news")
    func blip() {
        var presence = Presence(grace: .seconds(5))
        presence.sourceFailed("unplugged", at: .seconds(10), date: date(10))
        #expect(presence.change(at: .milliseconds(14_999)) == nil)
        #expect(presence.due == .seconds(15))
        #expect(presence.isAway && !presence.isLost && presence.isTrusted)
        presence.sourceCame("back")
        #expect(presence.change(at: .seconds(20)) == nil)
        #expect(presence.due == nil)
    }

    @Test("after the grace it is lost, since it failed and for the last reason, then found")
    func lost() {
        var presence = Presence(grace: .seconds(5))
        presence.sourceFailed("unplugged", at: .seconds(10), date: date(10))
        presence.sourceFailed("does not exist", at: .seconds(11), date: date(11))
        #expect(presence.change(at: .seconds(15)) == .lost(reason: "does not exist", since: date(10)))
        #expect(presence.isLost && !presence.isTrusted)
        #expect(presence.change(at: .seconds(16)) == nil)
        presence.sourceFailed("busy", at: .seconds(17), date: date(17))
        #expect(presence.change(at: .seconds(30)) == nil)
        presence.sourceCame("640×480")
        #expect(presence.change(at: .seconds(31)) == .found("640×480"))
        #expect(presence.isTrusted)
        #expect(presence.change(at: .seconds(32)) == nil)
    }

    @Test("what is over for good is told at once")
    func ended() {
        var presence = Presence(grace: .seconds(3600))
        presence.sourceFailed("over", at: .seconds(1), date: date(1), isFinal: true)
        #expect(presence.change(at: .seconds(1)) == .lost(reason: "over", since: date(1)))
    }

    @Test("a recording that is over is told so, also where it had shown nothing")
    func endedBlind() {
        var presence = Presence(grace: .seconds(5))
        presence.saw("dark", since: .seconds(1), date: date(1))
        #expect(presence.change(at: .seconds(2)) == .lost(reason: "dark", since: date(1)))
        presence.sourceFailed("over", at: .seconds(3), date: date(3), isFinal: true)
        #expect(presence.change(at: .seconds(3)) == .lost(reason: "over", since: date(3)))
        #expect(presence.change(at: .seconds(4)) == nil)
    }

    @Test("pictures that show nothing are a loss, until they show something")
    func blind() {
        var presence = Presence(grace: .seconds(5))
        presence.saw(nil, since: .seconds(1), date: date(1))
        #expect(presence.change(at: .seconds(1)) == nil)
        presence.saw("the picture is dark", since: .seconds(2), date: date(2))
        #expect(!presence.isTrusted)
        #expect(presence.change(at: .seconds(2)) == .lost(reason: "the picture is dark", since: date(2)))
        presence.saw("the picture is frozen", since: .seconds(3), date: date(3))
        #expect(presence.change(at: .seconds(3)) == nil)
        presence.saw(nil, since: .seconds(4), date: date(4))
        #expect(presence.change(at: .seconds(4)) == .found("the picture is back"))
    }

    @Test("a camera that was dark and is then unplugged is found when both are over")
    func both() {
        var presence = Presence(grace: .zero)
        presence.saw("dark", since: .seconds(1), date: date(1))
        #expect(presence.change(at: .seconds(1)) == .lost(reason: "dark", since: date(1)))
        presence.sourceFailed("unplugged", at: .seconds(2), date: date(2))
        #expect(presence.change(at: .seconds(2)) == nil)
        presence.sourceCame("x")
        #expect(presence.change(at: .seconds(3)) == nil)
        presence.saw(nil, since: .seconds(4), date: date(4))
        #expect(presence.change(at: .seconds(4)) == .found("the picture is back"))
    }

    @Test("whatever happens, lost and found alternate, and a loss is told by when it must")
    func anything() {
        var random = SplitMix(state: 7)
        for _ in 0..<3000 {
            var presence = Presence(grace: .seconds(5))
            var (now, awaySince, isBlind, isLost): (Int, Int?, Bool, Bool) = (0, nil, false, false)
            for _ in 0..<50 {
                now += Int.random(in: 0...3, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0:
                    presence.sourceFailed("r", at: .seconds(now), date: date(Double(now)))
                    awaySince = awaySince ?? now
                case 1:
                    presence.sourceCame("x")
                    awaySince = nil
                default:
                    isBlind = Bool.random(using: &random)
                    presence.saw(isBlind ? "dark" : nil, since: .seconds(now), date: date(Double(now)))
                }
                switch presence.change(at: .seconds(now)) {
                case .lost:
                    #expect(!isLost)
                    isLost = true
                case .found:
                    #expect(isLost)
                    isLost = false
                case nil: break
                }
                #expect(presence.isLost == isLost)
                if awaySince.map({ now - $0 >= 5 }) == true || isBlind { #expect(isLost) }
                if awaySince == nil, !isBlind { #expect(!isLost) }
            }
        }
    }
}
