/// `{"kind": "per-unit" | "sms-message" | "sms-segments" | "video-call"}`, or
/// `{"kind": "video-minutes", "per_minutes": 10, "minimum_units": 1, "free_grace_seconds": 60}`; the last two may be absent.
extension UnitRule: Codable {
    private enum Kind: String, Codable {
        case perUnit = "per-unit"
        case smsMessage = "sms-message"
        case smsSegments = "sms-segments"
        case videoCall = "video-call"
        case videoMinutes = "video-minutes"
    }

    private enum CodingKeys: String, CodingKey {
        case kind
        case perMinutes = "per_minutes"
        case minimumUnits = "minimum_units"
        case freeGraceSeconds = "free_grace_seconds"
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        switch try fields.decode(Kind.self, forKey: .kind) {
        case .perUnit: self = .perUnit
        case .smsMessage: self = .smsMessage
        case .smsSegments: self = .smsSegments
        case .videoCall: self = .videoCall
        case .videoMinutes:
            let perMinutes = try fields.decode(Int.self, forKey: .perMinutes)
            guard (1...1440).contains(perMinutes) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .perMinutes, in: fields, debugDescription: "expected 1 to 1440 minutes, found \(perMinutes)")
            }
            self = .videoMinutes(
                perMinutes: perMinutes, minimumUnits: try fields.decodeIfPresent(Int64.self, forKey: .minimumUnits) ?? 1,
                freeGraceSeconds: try fields.decodeIfPresent(Int.self, forKey: .freeGraceSeconds) ?? 0)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .perUnit: try fields.encode(Kind.perUnit, forKey: .kind)
        case .smsMessage: try fields.encode(Kind.smsMessage, forKey: .kind)
        case .smsSegments: try fields.encode(Kind.smsSegments, forKey: .kind)
        case .videoCall: try fields.encode(Kind.videoCall, forKey: .kind)
        case .videoMinutes(let perMinutes, let minimumUnits, let freeGraceSeconds):
            try fields.encode(Kind.videoMinutes, forKey: .kind)
            try fields.encode(perMinutes, forKey: .perMinutes)
            try fields.encode(minimumUnits, forKey: .minimumUnits)
            try fields.encode(freeGraceSeconds, forKey: .freeGraceSeconds)
        }
    }
}
