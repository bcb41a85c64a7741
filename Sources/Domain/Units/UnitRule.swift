/// What one credit of a channel is. One rule per shop and channel, versioned as data; booking and its preview use the same one.
public enum UnitRule: Hashable, Sendable {
    /// One credit for each piece of work; the quantity is given.
    case perUnit
    /// One credit for each SMS, however long.
    case smsMessage
    /// One credit for each segment of an SMS.
    case smsSegments
    /// One credit for each call, however long.
    case videoCall
    /// One credit for each started `perMinutes` minutes of a call, at least `minimumUnits`; a call of at most `freeGraceSeconds` is free,
    /// a longer one counts from its first second.
    case videoMinutes(perMinutes: Int, minimumUnits: Int64, freeGraceSeconds: Int)

    /// The credits for sending this text; nil when the rule does not count texts.
    public func units(text: String) -> CreditCount? {
        switch self {
        case .smsMessage: .one
        case .smsSegments: CreditCount(Int64(SMSLength(text).segments))
        case .perUnit, .videoCall, .videoMinutes: nil
        }
    }

    /// The credits for a call of so many seconds; nil when the rule does not count calls, or beyond what a counter bears.
    public func units(seconds: Int) -> CreditCount? {
        switch self {
        case .videoCall: return .one
        case .videoMinutes(let perMinutes, let minimumUnits, let freeGraceSeconds):
            guard seconds > max(freeGraceSeconds, 0) else { return .zero }
            let block = max(perMinutes, 1) * 60
            return CreditCount(max(Int64((seconds - 1) / block) + 1, minimumUnits))
        case .perUnit, .smsMessage, .smsSegments: return nil
        }
    }
}

/// A rule as the shop keeps it. The version is written on every entry that it decided.
public struct VersionedUnitRule: Hashable, Codable, Sendable {
    public var channel: Channel
    /// Counts from 1.
    public var version: Int
    public var rule: UnitRule

    public init(channel: Channel, version: Int, rule: UnitRule) {
        self.channel = channel
        self.version = version
        self.rule = rule
    }

    /// What a shop starts with: everything per piece of work, SMS per segment, video per call.
    public static func standard(for channel: Channel) -> VersionedUnitRule {
        let rule: UnitRule = channel == .sms ? .smsSegments : channel == .video ? .videoCall : .perUnit
        return VersionedUnitRule(channel: channel, version: 1, rule: rule)
    }
}
