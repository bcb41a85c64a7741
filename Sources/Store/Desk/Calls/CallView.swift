import Domain
import FoundationEssentials
import Postgres

/// A call, running or ended.
public struct CallView: Sendable, Hashable {
    public let id: CallID
    public let ticket: TicketID
    public let channel: Channel
    public let by: StaffName?
    public let hold: HoldID?
    public let message: MessageID?
    public let startedAt: Date
    public let endedAt: Date?
    /// Once it has ended.
    public let seconds: Int?
    /// Credits by the unit rule, once it has ended.
    public let quantity: Int64?
    /// Of them, those that nothing was left for: not charged, and shown.
    public let uncovered: Int64
    /// How long what was left at its start lasts; nil: it costs the same however long.
    public let coveredSeconds: Int?

    public var isRunning: Bool { endedAt == nil }

    static func load(_ connection: Connection, shop: ShopID, where condition: SQL) throws -> CallView? {
        try connection.queryOne(
            """
            SELECT c.call_id, c.ticket_id, c.channel, c.user_id, s.name, s.email, c.hold_id, c.message_id, c.started_at, c.ended_at, c.seconds,
                   c.quantity, c.uncovered, c.covered_seconds
              FROM call c LEFT JOIN staff s ON s.shop_id = c.shop_id AND s.user_id = c.user_id
             WHERE c.shop_id = \(shop)::bigint AND \(sql: condition) LIMIT 1
            """
        ) { row in
            CallView(
                id: try row.next(), ticket: try row.next(), channel: try row.next(), by: try StaffName(&row), hold: try row.next(),
                message: try row.next(), startedAt: try row.next(), endedAt: try row.next(), seconds: try row.next(), quantity: try row.next(),
                uncovered: try row.next(), coveredSeconds: try row.next())
        }
    }
}

/// A running call's meter at an instant.
public struct CallMeter: Sendable, Hashable {
    public enum Level: Sendable, Hashable { case fine, warned80, warned100 }

    public let seconds: Int
    /// What it would cost if it ended now, by the channel's unit rule.
    public let quantity: Int64
    /// Until what is left is used up; nil when it costs the same however long, 0 when it is.
    public let secondsLeft: Int?
    /// A call is warned at 80 % and at 100 % of what was left, and never cut.
    public let level: Level

    public init(_ call: CallView, rule: UnitRule, now: Date) {
        let seconds = max(0, call.seconds ?? Int(now.timeIntervalSince(call.startedAt)))
        self.seconds = seconds
        quantity = rule.units(seconds: seconds)?.value ?? 1
        secondsLeft = call.coveredSeconds.map { max(0, $0 - seconds) }
        level = CallMeter.percent(seconds, of: call.coveredSeconds).map { $0 >= 100 ? .warned100 : $0 >= 80 ? .warned80 : .fine } ?? .fine
    }

    static func percent(_ seconds: Int, of covered: Int?) -> Int? {
        covered.map { $0 == 0 ? 100 : min(1_000, seconds * 100 / $0) }
    }
}

/// What became of starting or stopping a call.
public enum CallOutcome: Sendable, Hashable {
    case done(CallView, isReplayed: Bool)
    /// A call is running on the ticket already.
    case busy(CallView)
    case refused(Refusal, WaysOut?)
}

extension CallOutcome: KeyedResult {
    static func refused(_ refusal: Refusal) -> CallOutcome { .refused(refusal, nil) }

    var keptNumber: Int64? { if case .done(let call, false) = self { call.id.rawValue } else { nil } }

    static func again(_ number: Int64, _ connection: Connection, shop: ShopID) throws -> CallOutcome {
        guard let call = try CallView.load(connection, shop: shop, where: "c.call_id = \(number)::bigint") else {
            return .refused(.unknown(what: "call", name: String(number)), nil)
        }
        return .done(call, isReplayed: true)
    }
}
