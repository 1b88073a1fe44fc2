import Foundation

/// What is to be seen in a recording, and when: the truth that events are held against. A JSON file:
///
///     { "rate": 10, "length": 75,
///       "events": [ { "trigger": "parcel", "start": 12.5, "end": 30, "what": "a parcel is put down" } ] }
public struct DemoScript: Codable, Sendable, Equatable {
    /// One scene. Times are in seconds since the first frame.
    public struct Scene: Codable, Sendable, Equatable {
        /// The trigger that is to find it.
        public var trigger: String
        /// When it begins.
        public var start: Double
        /// When it is over.
        public var end: Double
        /// What is to be seen, for people.
        public var what: String

        /// A scene of the given parts.
        public init(trigger: String, start: Double, end: Double, what: String) {
            self.trigger = trigger
            self.start = start
            self.end = end
            self.what = what
        }
    }

    /// Why a script cannot be used, in words.
    public struct Invalid: Error, Equatable, CustomStringConvertible {
        /// For people.
        public let description: String
    }

    /// The recording's frames per second.
    public var rate: Double
    /// The recording's length in seconds.
    public var length: Double
    /// In any order.
    public var events: [Scene]

    /// Reads a script and checks its times.
    ///
    /// - Parameter triggers: the names that it may use.
    public init(json: Data, triggers: Set<String>) throws(Invalid) {
        do {
            self = try JSONDecoder().decode(DemoScript.self, from: json)
        } catch {
            throw Invalid(description: "it is no script of a recording: \(Self.words(error))")
        }
        guard rate.isFinite, rate > 0, length.isFinite, length > 0 else {
            throw Invalid(description: "`rate` and `length` must be above 0")
        }
        for scene in events {
            guard triggers.contains(scene.trigger) else {
                throw Invalid(description: "no trigger is called “\(scene.trigger)”")
            }
            guard scene.start >= 0, scene.start < scene.end, scene.end <= length else {
                throw Invalid(
                    description: "“\(scene.what)” goes from \(scene.start) to \(scene.end) s; "
                        + "scenes begin before they end, within 0 to \(length) s"
                )
            }
        }
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            "`\(key.stringValue)` is missing\(place(context))"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            context.debugDescription.trimmingSuffix(".") + place(context)
        case DecodingError.dataCorrupted(let context):
            (context.underlyingError as? NSError)?.userInfo["NSDebugDescription"] as? String ?? context.debugDescription
        default: "\(error)"
        }
    }

    private static func place(_ context: DecodingError.Context) -> String {
        guard !context.codingPath.isEmpty else { return "" }
        let path = context.codingPath.reduce("") { path, key in
            path + (key.intValue.map { "[\($0)]" } ?? (path.isEmpty ? "" : ".") + key.stringValue)
        }
        return " at \(path)"
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
