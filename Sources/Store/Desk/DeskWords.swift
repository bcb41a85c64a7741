import Domain
import Postgres

/// One addition to a ticket's conversation.
public struct MessageID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A call, running or ended.
public struct CallID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

extension MessageID: PostgresValue {}
extension CallID: PostgresValue {}
extension TicketStatus: PostgresValue {}

/// Who is to act on a ticket.
public enum TicketSide: String, Sendable, Hashable, PostgresValue { case us, customer }

/// How a ticket's credits stand, worst first.
public enum CreditState: Int, Sendable, Hashable, Comparable, PostgresValue {
    /// A shortfall, or overdrawn.
    case owing
    /// A channel has nothing left.
    case empty
    /// A channel is at or below its low mark.
    case low
    case fine

    public static func < (left: CreditState, right: CreditState) -> Bool { left.rawValue < right.rawValue }
}

/// Someone of the staff, as a page names them.
public struct StaffName: Sendable, Hashable {
    public let id: UserID
    public let name: String
    public let email: String
}
