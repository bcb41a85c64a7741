import Domain
import FoundationEssentials
import Postgres

/// A closing of a month, and its reopening if there was one.
public struct PeriodView: Sendable, Hashable {
    /// Its first day.
    public let month: CivilDay
    /// The first instant after it.
    public let endsAt: Date
    public let closedAt: Date
    public let closedBy: String
    public let note: String
    public let reopenedAt: Date?
    public let reopenedBy: String?
    public let reopenNote: String?
    /// The tariff of the premium line when the month was closed, in minor units of the shop's currency.
    public let premiumCallMinor: Int64?
    /// What journals were booked on when the month was closed.
    public let journal: JournalSettings

    public var isClosed: Bool { reopenedAt == nil }
}

extension [PeriodView] {
    /// The closing by which a month, by its first day, is final: its own or a later month's; nil while it is open.
    public func closing(of month: CivilDay) -> PeriodView? { filter { $0.isClosed && $0.month >= month }.min { $0.month < $1.month } }
}

/// When a month may be closed.
public enum PeriodRules {
    /// A month is closed only so long after its end: whatever was begun in it is written by then. The database lets what is dated
    /// within the last five minutes pass without a look.
    public static let graceSeconds: Double = 600
    public static let noteMax = 500
}

extension Store {
    /// Closes a month, and with it every month before: the database then refuses entries dated into it, and what comes late takes effect at
    /// the first open instant. What was due by its end is written first.
    public func closePeriod(_ month: CivilDay, note: String, in shop: Shop, by caller: Caller) async throws -> Result<PeriodView, Refusal> {
        if let refusal = caller.refusal(for: .closePeriod) ?? Store.noteRefusal(note) { return .failure(refusal) }
        let now = Timestamp.rounded(clock())
        guard let first = CivilDay(year: month.year, month: month.month, day: 1) else {
            return .failure(.invalidField(field: "month", expected: "a month such as 2026-05"))
        }
        let next = first.adding(days: 31)
        let end = CivilDay(year: next.year, month: next.month, day: 1).map { shop.zone.firstInstant(of: $0) } ?? .distantFuture
        guard end.addingTimeInterval(PeriodRules.graceSeconds) <= now else {
            return .failure(.invalidField(field: "month", expected: "a month that has been over for \(Int(PeriodRules.graceSeconds / 60)) minutes"))
        }
        try await settleForReport()
        return try await pool.transaction { connection in
            let closed = try connection.queryOne(
                "SELECT books_closed_until >= \(end)::timestamptz FROM shop WHERE shop_id = \(shop.id)::bigint FOR UPDATE"
            ) { try $0.next(Bool.self) }
            guard closed == false else { return .failure(.alreadyThere(what: "closed month", name: String(first.description.prefix(7)))) }
            let isBusy = try connection.queryOne(
                "SELECT EXISTS (SELECT FROM counter WHERE shop_id = \(shop.id)::bigint AND next_due_at < \(end)::timestamptz)"
            ) { try $0.next(Bool.self) }
            guard isBusy == false else {
                return .failure(.invalidField(field: "month", expected: "a month of which nothing is being written just now: try again"))
            }
            try connection.execute(
                """
                INSERT INTO period_close (shop_id, month, ends_at, closed_at, closed_by, note, premium_call_minor, journal_accounts)
                SELECT shop_id, \(first.description)::date, \(end)::timestamptz, \(now)::timestamptz, \(caller.label), \(note), premium_call_minor,
                       journal_accounts
                  FROM shop WHERE shop_id = \(shop.id)::bigint
                """)
            try connection.execute("SELECT close_orders(\(shop.id)::bigint, \(end)::timestamptz)")
            try connection.execute("UPDATE shop SET books_closed_until = \(end)::timestamptz WHERE shop_id = \(shop.id)::bigint")
            try Audit.write(
                connection, shop: shop.id, by: caller, action: "period.close", subject: String(first.description.prefix(7)), detail: ["note": note], now: now)
            try Store.tellMonthChanged(connection)
            return try Store.period(first, shop.id, connection)
        }
    }

    /// Opens a closed month again, and every one after it. For admins.
    public func reopenPeriod(_ month: CivilDay, note: String, in shop: Shop, by caller: Caller) async throws -> Result<PeriodView, Refusal> {
        if let refusal = caller.refusal(for: .manageShop) ?? Store.noteRefusal(note) { return .failure(refusal) }
        let now = Timestamp.rounded(clock())
        let name = String(month.description.prefix(7))
        return try await pool.transaction { connection in
            try connection.execute("SELECT FROM shop WHERE shop_id = \(shop.id)::bigint FOR UPDATE")
            let opened = try connection.execute(
                """
                UPDATE period_close SET reopened_at = \(now)::timestamptz, reopened_by = \(caller.label), reopen_note = \(note)
                 WHERE shop_id = \(shop.id)::bigint AND reopened_at IS NULL AND month >= \(name + "-01")::date
                   AND EXISTS (SELECT FROM period_close c WHERE c.shop_id = \(shop.id)::bigint AND c.month = \(name + "-01")::date AND c.reopened_at IS NULL)
                """)
            guard opened > 0 else { return .failure(.unknown(what: "closed month", name: name)) }
            try connection.execute(
                """
                UPDATE shop SET books_closed_until = coalesce((SELECT max(c.ends_at) FROM period_close c
                        WHERE c.shop_id = \(shop.id)::bigint AND c.reopened_at IS NULL), '-infinity')
                 WHERE shop_id = \(shop.id)::bigint
                """)
            try connection.execute("SELECT reopen_books(shop_id, books_closed_until) FROM shop WHERE shop_id = \(shop.id)::bigint")
            try Audit.write(connection, shop: shop.id, by: caller, action: "period.reopen", subject: name, detail: ["note": note, "months": "\(opened)"], now: now)
            try Store.tellMonthChanged(connection)
            return try Store.period(month, shop.id, connection)
        }
    }

    /// Every closing of a month, the newest month first.
    public func periods(of shop: ShopID) async throws -> [PeriodView] {
        try await pool.read { connection in try Store.periods("shop_id = \(shop)::bigint", connection) }
    }

    private static func period(_ month: CivilDay, _ shop: ShopID, _ connection: Connection) throws -> Result<PeriodView, Refusal> {
        let name = String(month.description.prefix(7))
        let found = try periods("shop_id = \(shop)::bigint AND month = \(name + "-01")::date", connection)
        return found.first.map(Result.success) ?? .failure(.unknown(what: "closed month", name: name))
    }

    private static func periods(_ condition: SQL, _ connection: Connection) throws -> [PeriodView] {
        try connection.query(
            "SELECT \(sql: periodColumns) FROM period_close c WHERE \(sql: condition) ORDER BY c.month DESC, c.close_id DESC"
        ) { try PeriodView(optional: &$0) }.compactMap { $0 }
    }

    private static func noteRefusal(_ note: String) -> Refusal? {
        (1...PeriodRules.noteMax).contains(note.count) ? nil : .invalidField(field: "note", expected: "1 to \(PeriodRules.noteMax) characters")
    }
}
