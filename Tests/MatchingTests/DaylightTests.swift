import Matching
import Testing

@Suite("Daylight")
struct DaylightTests {
    private func run(_ looks: [(Int, Int)]) -> [Bool] {
        var daylight = Daylight(nightBelow: 40)
        return looks.map { daylight.observe(luma: $0.1, at: .seconds($0.0)) }
    }

    @Test("the first look decides at once")
    func first() {
        #expect(run([(0, 39)]) == [true])
        #expect(run([(0, 40)]) == [false])
    }

    @Test("it is night after ten seconds of dark pictures, and a bright one in between begins them anew")
    func dusk() {
        #expect(
            run([(0, 100), (1, 30), (10, 30), (10, 60), (11, 30), (20, 30), (21, 30)]) == [
                false, false, false, false, false, false, true,
            ]
        )
    }

    @Test("it is day after ten seconds that are ten levels brighter")
    func dawn() {
        #expect(
            run([(0, 10), (1, 45), (30, 49), (31, 50), (40, 50), (41, 50)]) == [true, true, true, true, true, false]
        )
    }
}
