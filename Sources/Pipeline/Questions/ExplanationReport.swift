import EventSocket
import Foundation

/// Why there was an event: the looks around it, what they scored, which rule held when, and the pictures that were kept.
package struct ExplanationReport: Codable, Sendable, Equatable {
    /// A trigger's rule as the configuration has it now.
    package struct Rule: Codable, Sendable, Equatable {
        package var prompt: [String]
        package var against: [String]
        /// The paths of pictures; absent where none are looked for.
        package var image: [String]?
        package var againstImage: [String]?
        package var when: String
        package var clear: String
        /// By night; absent where they are the same.
        package var nightWhen: String?
        package var nightClear: String?
        /// Seconds.
        package var hold: Double
        package var release: Double
        package var cooldown: Double
        /// Whether it watches by the clock.
        package var isScheduled: Bool
    }

    /// Something that happened on the way.
    package struct Step: Codable, Sendable, Equatable {
        package var at: Date
        package var what: String
    }

    /// What a look says of the scene.
    package enum Verdict: String, Codable, Sendable {
        /// `when` holds.
        case when
        /// `clear` holds.
        case clear
        /// Neither does.
        case between
        /// Triggers did not go by it.
        case unbelieved
        /// The trigger did not watch.
        case unscheduled
    }

    package struct Look: Codable, Sendable, Equatable {
        package var look: Int64
        package var at: Date
        /// The crop that decides, and its score; absent where the trigger has none.
        package var crop: Int?
        package var score: EventLine.Score?
        package var isNight: Bool
        /// Absent where the rule is not known, or goes by other triggers.
        package var verdict: Verdict?
    }

    /// A description that came closest on some looks.
    package struct Rival: Codable, Sendable, Equatable {
        package var rival: String
        /// On how many looks it was the best.
        package var looks: Int
        /// Among these, the least lead that the prompt had over it, and the greatest.
        package var leastMargin: Double
        package var greatestMargin: Double
    }

    /// When a trigger that a combination goes by was active.
    package struct Member: Codable, Sendable, Equatable {
        package struct Span: Codable, Sendable, Equatable {
            package var from: Date
            package var to: Date?
        }

        package var trigger: String
        package var spans: [Span]
    }

    package struct Picture: Codable, Sendable, Equatable {
        package var look: Int64
        package var at: Date
        package var width: Int
        package var height: Int
        /// JPEG; base64 in JSON.
        package var jpeg: Data
    }

    package var event: String
    package var trigger: String
    package var camera: String
    package var started: Date
    /// Absent while it is active.
    package var ended: Date?
    package var reason: String?
    /// Scenes before it that came and went within the cooldown.
    package var suppressed: Int
    package var isDryRun: Bool
    package var frame: Int
    /// Absent of a combination, like the score.
    package var crop: Int?
    /// The region of that crop; absent where the camera has none.
    package var region: String?
    package var score: EventLine.Score?
    package var endScore: EventLine.Score?
    /// Absent where the configuration has no such trigger.
    package var rule: Rule?
    package var steps: [Step]
    package var looks: [Look]
    package var rivals: [Rival]
    package var members: [Member]
    package var pictures: [Picture]
    /// Of the camera's looks in the day before, the share that scored less by the measure of `when`, 0…1; absent where
    /// there are none.
    package var percentile: Double?
    /// What is to be known beside.
    package var notes: [String]
}
