import Foundation

// What later versions have added is absent in the reports of earlier daemons, which a new client can meet until the daemon
// is started anew.

extension StatusReport.Camera {
    enum CodingKeys: String, CodingKey {
        case name, source, state, frames, looks, replaced, corrupt, sequenceGaps, reopened, reused, askedRate, lookRate
        case lastLook
    }

    /// Reads the report of a camera.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try container.decode(String.self, forKey: .name),
            source: try container.decode(String.self, forKey: .source),
            state: try container.decode(String.self, forKey: .state),
            frames: try container.decode(Int.self, forKey: .frames),
            looks: try container.decode(Int.self, forKey: .looks),
            replaced: try container.decode(Int.self, forKey: .replaced),
            corrupt: try container.decode(Int.self, forKey: .corrupt),
            sequenceGaps: try container.decodeIfPresent(Int.self, forKey: .sequenceGaps) ?? 0,
            reopened: try container.decodeIfPresent(Int.self, forKey: .reopened) ?? 0,
            reused: try container.decodeIfPresent(Int.self, forKey: .reused) ?? 0,
            askedRate: try container.decodeIfPresent(Double.self, forKey: .askedRate) ?? 0,
            lookRate: try container.decode(Double.self, forKey: .lookRate),
            lastLook: try container.decodeIfPresent(Date.self, forKey: .lastLook)
        )
    }
}

extension StatusReport.EncoderLoad {
    enum CodingKeys: String, CodingKey {
        case batches, crops, medianMilliseconds, cuttingMilliseconds, load, commonRate
    }

    /// Reads the report of the encoder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            batches: try container.decode(Int.self, forKey: .batches),
            crops: try container.decode(Int.self, forKey: .crops),
            medianMilliseconds: try container.decodeIfPresent(Double.self, forKey: .medianMilliseconds),
            cuttingMilliseconds: try container.decodeIfPresent(Double.self, forKey: .cuttingMilliseconds),
            load: try container.decodeIfPresent(Double.self, forKey: .load) ?? 0,
            commonRate: try container.decodeIfPresent(Double.self, forKey: .commonRate)
        )
    }
}
