import Domain
import FoundationEssentials
import Postgres

/// Somebody who has a ticket open.
public struct PresenceView: Sendable, Hashable {
    public let user: StaffName
    public let isWriting: Bool
    public let since: Date

    static func load(_ connection: Connection, shop: ShopID, tickets: [TicketID], now: Date) throws -> [TicketID: [PresenceView]] {
        var found: [TicketID: [PresenceView]] = [:]
        _ = try connection.query(
            """
            SELECT p.ticket_id, p.user_id, s.name, s.email, p.is_writing, p.since
              FROM presence p JOIN staff s ON s.shop_id = p.shop_id AND s.user_id = p.user_id
             WHERE p.shop_id = \(shop)::bigint AND p.ticket_id = ANY (\(tickets)::bigint[]) AND p.until > \(now)::timestamptz ORDER BY p.since, p.user_id
            """
        ) { row in
            let ticket = try row.next(TicketID.self)
            guard let user = try StaffName(&row) else { return }
            found[ticket, default: []].append(PresenceView(user: user, isWriting: try row.next(), since: try row.next()))
        }
        return found
    }
}

extension Store {
    /// How long somebody counts as present after their window's last word, in seconds. With the sweep behind it they are gone within 60.
    public static let presenceSeconds = 45.0
    /// How often a window should say that it is still open, in seconds.
    public static let presenceBeatSeconds = 15.0

    /// Somebody's window says that it has the ticket open. Told to the others when it is news. Returns everybody who is there, the caller too;
    /// nil when the shop has no such ticket.
    public func present(at ticket: TicketID, isWriting: Bool, in shop: ShopID, by staff: Staff) async throws -> [PresenceView]? {
        guard staff.shop == shop else { return nil }
        let now = Timestamp.rounded(clock())
        let until = now.addingTimeInterval(Store.presenceSeconds)
        return try await pool.transaction { connection in
            guard try DeskCase.load(connection, shop: shop, ticket: ticket) != nil else { return nil }
            let was = try connection.queryOne(
                """
                SELECT is_writing, until FROM presence
                 WHERE shop_id = \(shop)::bigint AND ticket_id = \(ticket)::bigint AND user_id = \(staff.id)::bigint
                """
            ) { row in (isWriting: try row.next(Bool.self), until: try row.next(Date.self)) }
            try connection.execute(
                """
                INSERT INTO presence AS p (shop_id, ticket_id, user_id, is_writing, since, until)
                VALUES (\(shop)::bigint, \(ticket)::bigint, \(staff.id)::bigint, \(isWriting)::boolean, \(now)::timestamptz, \(until)::timestamptz)
                ON CONFLICT ON CONSTRAINT presence_pkey DO UPDATE SET is_writing = excluded.is_writing, until = excluded.until,
                    since = CASE WHEN p.until <= excluded.since THEN excluded.since ELSE p.since END
                """)
            if was?.isWriting != isWriting || (was?.until ?? now) <= now { try DeskTell.presence(connection, shop: shop, ticket: ticket) }
            return try PresenceView.load(connection, shop: shop, tickets: [ticket], now: now)[ticket] ?? []
        }
    }

    /// Somebody closed the window.
    public func leave(_ ticket: TicketID, in shop: ShopID, by staff: Staff) async throws {
        try await pool.transaction { connection in
            let gone = try connection.execute(
                "DELETE FROM presence WHERE shop_id = \(shop)::bigint AND ticket_id = \(ticket)::bigint AND user_id = \(staff.id)::bigint")
            if gone > 0 { try DeskTell.presence(connection, shop: shop, ticket: ticket) }
        }
    }

    /// Rows of presence swept in one transaction.
    public static let presenceSweepMax = 1_000

    /// Removes those whose windows were not heard of any more, and tells the others. Returns how many.
    public func sweepPresence(limit: Int = presenceSweepMax) async throws -> Int {
        let now = clock()
        return try await pool.transaction { connection in
            let gone = try connection.query(
                """
                DELETE FROM presence WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM presence WHERE until <= \(now)::timestamptz LIMIT \(limit)::bigint FOR UPDATE SKIP LOCKED))
                RETURNING shop_id, ticket_id
                """
            ) { row in (shop: try row.next(ShopID.self), ticket: try row.next(TicketID.self)) }
            for one in gone { try DeskTell.presence(connection, shop: one.shop, ticket: one.ticket) }
            return gone.count
        }
    }
}
