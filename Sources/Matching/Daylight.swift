/// Whether it is night for a camera, by how bright its pictures are: a pure state machine.
///
/// It is night when pictures have been darker than a level for ten seconds, and day again when they have been brighter
/// than that level and ten more for as long. So neither a passing car's lights nor a hand before the lens changes it.
public struct Daylight: Sendable, Equatable {
    /// For how long pictures must say the other.
    public static let dwell = Duration.seconds(10)
    /// How much brighter than night's level it must be for day, in levels of 255.
    public static let hysteresis = 10

    /// Below it is night: mean luma, 0…255.
    public let nightBelow: Int
    /// What it is now; nil before the first look.
    public private(set) var isNight: Bool?
    private var otherSince: Duration?

    /// Nothing has been seen yet.
    public init(nightBelow: Int) {
        self.nightBelow = nightBelow
    }

    /// Takes the brightness of one look, and says whether it is night. The first look decides at once.
    ///
    /// - Parameters:
    ///   - luma: the mean of the picture, 0…255.
    ///   - time: on a monotonic clock.
    public mutating func observe(luma: Int, at time: Duration) -> Bool {
        guard let wasNight = isNight else {
            let isNight = luma < nightBelow
            self.isNight = isNight
            return isNight
        }
        let says = wasNight ? luma >= min(255, nightBelow + Self.hysteresis) : luma < nightBelow
        guard says else {
            otherSince = nil
            return wasNight
        }
        let since = otherSince ?? time
        otherSince = since
        guard time - since >= Self.dwell else { return wasNight }
        otherSince = nil
        isNight = !wasNight
        return !wasNight
    }
}
