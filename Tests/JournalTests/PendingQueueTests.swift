import Journal
import TestSupport
import Testing

struct PendingQueueTests {
    @Test func nothingWaits() {
        let queue = Subject(capacity: 4, gathering: .milliseconds(50))
        #expect(queue.next(at: 0) == "wait")
    }

    @Test func looksGatherFromTheFirst() {
        let queue = Subject(capacity: 4, gathering: .milliseconds(50))
        #expect(queue.offer(look: 1, at: 0) == "0 wake")
        #expect(queue.next(at: 1) == "wait 50")
        #expect(queue.offer(look: 2, at: 40) == "0")
        #expect(queue.next(at: 49) == "wait 50")
        #expect(queue.next(at: 50) == "write 1 2")
        #expect(queue.next(at: 51) == "wait")
        #expect(queue.offer(look: 3, at: 60) == "0 wake")
        #expect(queue.next(at: 60) == "wait 110")
    }

    @Test func somethingUrgentTakesAllAtOnceInOrder() {
        let queue = Subject(capacity: 4, gathering: .milliseconds(50))
        #expect(queue.offer(look: 1, at: 0) == "0 wake")
        #expect(queue.offer(urgent: "a") == false, "it has been woken already")
        #expect(queue.offer(look: 2, at: 0) == "0")
        #expect(queue.offer(urgent: "b") == false)
        #expect(queue.offer(urgent: "c") == false)
        #expect(queue.offer(look: 3, at: 0) == "0")
        #expect(queue.next(at: 0) == "write 1 a 2 b c 3")
        #expect(queue.offer(urgent: "d") == true)
        #expect(queue.next(at: 0) == "write d")
    }

    @Test func theOldestLooksGoAndNothingUrgent() {
        let queue = Subject(capacity: 3, gathering: .zero)
        var dropped = 0
        for number in 0..<10 {
            dropped += queue.queue.offer(look: number, at: queue.start).dropped
            _ = queue.offer(urgent: "m\(number)")
        }
        #expect(dropped == 7)
        #expect(queue.queue.lookCount == 3)
        #expect(queue.next(at: 0) == "write m0 m1 m2 m3 m4 m5 m6 7 m7 8 m8 9 m9")
    }

    @Test func thereIsRoomUntilHalfOfItIsTaken() {
        var queue = PendingQueue<Int, String>(capacity: 4, gathering: .zero)
        let now = ContinuousClock.now
        #expect(queue.hasRoom)
        _ = queue.offer(look: 1, at: now)
        #expect(queue.hasRoom)
        _ = queue.offer(look: 2, at: now)
        #expect(!queue.hasRoom)
        _ = queue.next(at: now)
        #expect(queue.hasRoom)
        // What failed is still there with what came meanwhile.
        _ = queue.offer(look: 3, at: now)
        #expect(queue.putBack([1, 2], retryAt: now) == 0)
        #expect(!queue.hasRoom)
    }

    @Test(arguments: 1...5)
    func theNewestLooksStay(capacity: Int) {
        let queue = Subject(capacity: capacity, gathering: .zero)
        for count in 1...20 {
            #expect(queue.offer(look: count, at: 0).hasPrefix(count > capacity ? "1" : "0"))
        }
        let newest = (21 - capacity...20).map(String.init).joined(separator: " ")
        #expect(queue.next(at: 0) == "write \(newest)")
    }

    @Test func whatFailedComesBackFirstAndLater() {
        let queue = Subject(capacity: 4, gathering: .milliseconds(50))
        #expect(queue.putBack([1, 2], retryAt: 1000) == 0)
        #expect(queue.next(at: 0) == "wait 1000")
        #expect(queue.offer(look: 3, at: 10) == "0 wake")
        #expect(queue.next(at: 70) == "wait 1000", "a look does not try the disk before its time")
        #expect(queue.next(at: 1000) == "write 1 2 3")
        #expect(queue.next(at: 1001) == "wait")
    }

    @Test func somethingUrgentDoesNotWaitForTheRetry() {
        let queue = Subject(capacity: 4, gathering: .milliseconds(50))
        _ = queue.putBack([1, 2], retryAt: 1000)
        _ = queue.offer(look: 3, at: 10)
        _ = queue.offer(urgent: "a")
        #expect(queue.next(at: 11) == "write 1 2 3 a")
    }

    @Test func whatComesBackCountsAgainstTheCapacity() {
        let queue = Subject(capacity: 3, gathering: .zero)
        _ = queue.offer(look: 3, at: 0)
        _ = queue.offer(look: 4, at: 0)
        #expect(queue.putBack([1, 2], retryAt: 10) == 1)
        #expect(queue.next(at: 10) == "write 2 3 4")
    }

    @Test func aRetryComesEvenWithoutLooks() {
        let queue = Subject(capacity: 3, gathering: .zero)
        _ = queue.putBack([], retryAt: 10)
        #expect(queue.next(at: 9) == "wait 10")
        #expect(queue.next(at: 10) == "write")
        #expect(queue.next(at: 10) == "wait")
    }

    @Test func closingWritesWhatWaitsAndFinishes() {
        let queue = Subject(capacity: 3, gathering: .seconds(50))
        _ = queue.offer(look: 1, at: 0)
        _ = queue.next(at: 0)
        #expect(queue.close() == true)
        #expect(queue.close() == false)
        #expect(queue.offer(look: 2, at: 0) == "1")
        #expect(queue.offer(urgent: "a") == nil)
        #expect(queue.next(at: 0) == "write 1")
        #expect(queue.putBack([1], retryAt: 10) == 1, "there is no second try")
        #expect(queue.next(at: 0) == "finish")
        #expect(queue.next(at: 0) == "finish")
    }

    /// Against a plain model: whatever is offered and refused, nothing urgent is lost, and order is kept.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func randomHistories(seed: UInt64) {
        var randomness = SplitMix(state: seed)
        let queue = Subject(capacity: 5, gathering: .milliseconds(3))
        var model: [String] = []
        var clock = 0
        for number in 0..<400 {
            clock += Int.random(in: 0...2, using: &randomness)
            switch Int.random(in: 0..<8, using: &randomness) {
            case 0..<4:
                let dropped = Int(queue.offer(look: number, at: clock).prefix(1)) ?? 0
                model.append("\(number)")
                for _ in 0..<dropped {
                    if let oldest = model.firstIndex(where: { !$0.hasPrefix("m") }) { model.remove(at: oldest) }
                }
                #expect(model.count { !$0.hasPrefix("m") } <= 5)
            case 4:
                _ = queue.offer(urgent: "m\(number)")
                model.append("m\(number)")
            default:
                let step = queue.next(at: clock)
                guard step.hasPrefix("write") else {
                    #expect(model.allSatisfy { !$0.hasPrefix("m") }, "a message was left to wait")
                    continue
                }
                #expect(step == (["write"] + model).joined(separator: " "))
                model = []
            }
        }
    }
}

/// A queue whose times are milliseconds and whose answers are words.
private final class Subject {
    var queue: PendingQueue<Int, String>
    let start = ContinuousClock.now

    init(capacity: Int, gathering: Duration) {
        queue = PendingQueue(capacity: capacity, gathering: gathering)
    }

    /// How many were dropped, and whether the writer is woken.
    func offer(look: Int, at milliseconds: Int) -> String {
        let (dropped, wake) = queue.offer(look: look, at: start + .milliseconds(milliseconds))
        return "\(dropped)\(wake ? " wake" : "")"
    }

    func offer(urgent: String) -> Bool? { queue.offer(urgent: urgent) }

    func putBack(_ looks: [Int], retryAt milliseconds: Int) -> Int {
        queue.putBack(looks, retryAt: start + .milliseconds(milliseconds))
    }

    func close() -> Bool { queue.close() }

    func next(at milliseconds: Int) -> String {
        switch queue.next(at: start + .milliseconds(milliseconds)) {
        case .finish: return "finish"
        case .wait(nil): return "wait"
        case .wait(let due?): return "wait \(Int((due - start) / .milliseconds(1)))"
        case .write(let items):
            let words = items.map { item in
                switch item {
                case .look(let look): "\(look)"
                case .urgent(let urgent): urgent
                }
            }
            return (["write"] + words).joined(separator: " ")
        }
    }
}
