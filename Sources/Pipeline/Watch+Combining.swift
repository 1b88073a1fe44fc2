import Configuration
import Matching

extension [Watch] {
    /// The places of a camera's watches, in the order in which they are judged: each after all that it goes by.
    package func places(on camera: String) -> [Int] {
        indices.filter { self[$0].camera == camera }.sorted { (self[$0].depth, $0) < (self[$1].depth, $1) }
    }

    /// Whether the combination at a place holds; nil for unknown, and for one that is none.
    ///
    /// - Parameter places: those of the same camera.
    package func holds(at place: Int, among places: [Int]) -> Bool? {
        guard let combination = self[place].combination else { return nil }
        return combination.holds { name in
            places.first { self[$0].trigger == name }.flatMap { self[$0].isActive }
        }
    }
}

extension Watch {
    /// Nil for unknown.
    package var isActive: Bool? {
        switch state {
        case .unknown: nil
        case .inactive: false
        case .active: true
        }
    }
}
