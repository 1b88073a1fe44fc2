import Foundation

extension EventLine {
    private enum CodingKeys: String, CodingKey {
        case seq, kind, at, event, trigger, camera, score, crop, region, frame, suppressed, reason, started, journaled
    }

    /// Reads a line. `journaled` is true when it is absent; fields that are not known are ignored.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            seq: try container.decode(Int.self, forKey: .seq),
            kind: try container.decode(Kind.self, forKey: .kind),
            at: try container.decode(Date.self, forKey: .at),
            event: try container.decodeIfPresent(String.self, forKey: .event),
            trigger: try container.decodeIfPresent(String.self, forKey: .trigger),
            camera: try container.decodeIfPresent(String.self, forKey: .camera),
            score: try container.decodeIfPresent(Score.self, forKey: .score),
            crop: try container.decodeIfPresent(Int.self, forKey: .crop),
            region: try container.decodeIfPresent(String.self, forKey: .region),
            frame: try container.decodeIfPresent(Int.self, forKey: .frame),
            suppressed: try container.decodeIfPresent(Int.self, forKey: .suppressed) ?? 0,
            reason: try container.decodeIfPresent(String.self, forKey: .reason),
            started: try container.decodeIfPresent(Date.self, forKey: .started),
            journaled: try container.decodeIfPresent(Bool.self, forKey: .journaled) ?? true
        )
    }

    /// Writes a line. `journaled` is written only when it is false.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(seq, forKey: .seq)
        try container.encode(kind, forKey: .kind)
        try container.encode(at, forKey: .at)
        try container.encodeIfPresent(event, forKey: .event)
        try container.encodeIfPresent(trigger, forKey: .trigger)
        try container.encodeIfPresent(camera, forKey: .camera)
        try container.encodeIfPresent(score, forKey: .score)
        try container.encodeIfPresent(crop, forKey: .crop)
        try container.encodeIfPresent(region, forKey: .region)
        try container.encodeIfPresent(frame, forKey: .frame)
        if suppressed > 0 { try container.encode(suppressed, forKey: .suppressed) }
        try container.encodeIfPresent(reason, forKey: .reason)
        try container.encodeIfPresent(started, forKey: .started)
        if !journaled { try container.encode(false, forKey: .journaled) }
    }
}
