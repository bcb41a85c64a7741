import Domain
import FoundationEssentials
import Postgres

/// The views of the ticket list.
public enum TicketListView: String, Sendable, Hashable, CaseIterable {
    /// Assigned to who asks, and not done.
    case mine
    /// Nobody's, and not done.
    case unassigned
    case waitingForUs = "waiting-for-us"
    /// New tickets too, until their customer writes.
    case waitingForCustomer = "waiting-for-customer"
    /// Not done, and a channel at or below its low mark, or empty, or owing.
    case lowCredit = "low-credit"
    /// A shortfall or an overdraft, in whatever state: what is owed is not forgiven by closing.
    case owing
    case all

    func condition(for user: UserID) -> SQL {
        switch self {
        case .mine: "t.assignee_id = \(user)::bigint AND t.queue < 2"
        case .unassigned: "t.assignee_id IS NULL AND t.queue < 2"
        case .waitingForUs: "t.queue = 0"
        case .waitingForCustomer: "t.queue = 1"
        case .lowCredit: "t.credit_rank < 3 AND t.queue < 2"
        case .owing: "t.credit_rank = 0"
        case .all: "true"
        }
    }
}

/// The orders of the ticket list.
public enum TicketListSort: String, Sendable, Hashable, CaseIterable {
    /// What waits for us first, and of that what waits longest; then what waits for customers; then the rest.
    case waiting
    /// By number, newest first.
    case newest
    /// Recently changed first.
    case changed
    /// What owes first, then what is empty, low, and the rest; within each as `waiting`.
    case credit

    var order: SQL {
        switch self {
        case .waiting: "t.queue, t.waiting_since, t.ticket_id"
        case .newest: "t.ticket_id DESC"
        case .changed: "t.updated_at DESC, t.ticket_id DESC"
        case .credit: "t.credit_rank, t.queue, t.waiting_since, t.ticket_id"
        }
    }

    /// The sort key of a row, for its cursor: two ranks, an instant in microseconds, the number.
    var key: SQL {
        switch self {
        case .waiting: "0, t.queue, (extract(epoch FROM t.waiting_since) * 1000000)::bigint, t.ticket_id"
        case .newest: "0, 0, 0, t.ticket_id"
        case .changed: "0, 0, (extract(epoch FROM t.updated_at) * 1000000)::bigint, t.ticket_id"
        case .credit: "t.credit_rank, t.queue, (extract(epoch FROM t.waiting_since) * 1000000)::bigint, t.ticket_id"
        }
    }

    func condition(after cursor: TicketListCursor) -> SQL {
        let at: SQL = "(timestamptz 'epoch' + \(cursor.micros)::bigint * interval '1 microsecond')"
        return switch self {
        case .waiting: "(t.queue, t.waiting_since, t.ticket_id) > (\(cursor.queue)::smallint, \(sql: at), \(cursor.ticket)::bigint)"
        case .newest: "t.ticket_id < \(cursor.ticket)::bigint"
        case .changed: "(t.updated_at, t.ticket_id) < (\(sql: at), \(cursor.ticket)::bigint)"
        case .credit:
            """
            (t.credit_rank, t.queue, t.waiting_since, t.ticket_id)
                > (\(cursor.rank)::smallint, \(cursor.queue)::smallint, \(sql: at), \(cursor.ticket)::bigint)
            """
        }
    }
}

/// Which tickets a page of the list shows, and in which order. Nil asks for nothing.
public struct TicketListQuery: Sendable, Hashable {
    /// A search text's length, in characters; what is beyond is not looked at.
    public static let searchMax = 200

    public var view: TicketListView
    public var sort: TicketListSort
    public var status: TicketStatus?
    public var assignee: UserID?
    public var tag: String?
    /// Only tickets with a counter of the channel.
    public var channel: Channel?
    public var priority: Priority?
    /// Only tickets with a line of the plan.
    public var plan: PlanID?
    /// Words of customers, orders, messages and numbers; all must be there, in any order and place.
    public var search: String?

    public init(view: TicketListView = .all, sort: TicketListSort = .waiting, search: String? = nil) {
        self.view = view
        self.sort = sort
        self.search = search
    }

    func condition(for user: UserID) -> SQL {
        var conditions = [view.condition(for: user)]
        if let status { conditions.append("t.status = \(status)") }
        if let assignee { conditions.append("t.assignee_id = \(assignee)::bigint") }
        if let tag { conditions.append("t.tags @> ARRAY[\(tag)::text]") }
        if let priority { conditions.append("t.priority = \(priority)") }
        if let channel {
            conditions.append("EXISTS (SELECT FROM counter k WHERE k.shop_id = t.shop_id AND k.ticket_id = t.ticket_id AND k.channel = \(channel))")
        }
        if let plan {
            conditions.append(
                "EXISTS (SELECT FROM order_line l WHERE l.shop_id = t.shop_id AND l.ticket_id = t.ticket_id AND l.plan_id = \(plan)::bigint)")
        }
        return conditions.joined(separator: " AND ")
    }
}

/// Where a page of the list ended. A ticket that does not move meanwhile is met once, neither twice nor never; one that moves is met where it then is.
public struct TicketListCursor: Sendable, Hashable {
    let rank: Int64
    let queue: Int64
    let micros: Int64
    let ticket: Int64

    init(_ row: inout Row) throws {
        rank = try row.next()
        queue = try row.next()
        micros = try row.next()
        ticket = try row.next()
    }

    /// Digits and dashes, fit for a query string. It holds nothing that the page did not show.
    public var text: String { "\(rank)-\(queue)-\(micros)-\(ticket)" }

    /// Nil when the text is no cursor.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
        guard parts.count == 4, let rank = parts[0], let queue = parts[1], let micros = parts[2], let ticket = parts[3],
            (0...3).contains(rank), (0...2).contains(queue), micros < 4_102_444_800_000_000
        else { return nil }
        (self.rank, self.queue, self.micros, self.ticket) = (rank, queue, micros, ticket)
    }
}
