import Domain
import FoundationEssentials
import Postgres

/// Whether a month may still change.
public struct MonthBooks: Sendable, Hashable {
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Late facts may still be dated into it.
        case open
        /// Its figures are final.
        case closed
        /// Its figures were final once, and may come out otherwise now.
        case reopened
    }

    /// Its first day.
    public let month: CivilDay
    public let state: State
    /// The closing, of this month or of a later one, that says so; nil while it was never closed.
    public let closing: PeriodView?

    public init(month: CivilDay, state: State, closing: PeriodView?) {
        self.month = month
        self.state = state
        self.closing = closing
    }
}

/// When months are over.
public enum MonthRules {
    /// Months that a list of them shows.
    public static let shownMax = 36

    /// The first day of the month after.
    public static func next(after month: CivilDay) -> CivilDay {
        let later = month.adding(days: 32 - month.day)
        return later.adding(days: 1 - later.day)
    }

    /// The first instant after the month.
    public static func end(of month: CivilDay, in zone: ShopZone) -> Date { zone.firstInstant(of: next(after: month)) }

    /// Whether it has been over for long enough to be closed.
    public static func isOver(_ month: CivilDay, in zone: ShopZone, at now: Date) -> Bool {
        end(of: month, in: zone).addingTimeInterval(PeriodRules.graceSeconds) <= now
    }
}

extension Store {
    /// How the books of one month stand.
    public func monthBooks(of shop: ShopID, _ month: CivilDay) async throws -> MonthBooks {
        let first = month.adding(days: 1 - month.day)
        let found = try await pool.read { try Store.monthBooks(shop, from: first, through: first, $0) }
        return found.first ?? MonthBooks(month: first, state: .open, closing: nil)
    }

    /// How the books of the months from one day's through another's stand, oldest first; the last `MonthRules.shownMax` at most.
    public func books(of shop: ShopID, from: CivilDay, through: CivilDay) async throws -> [MonthBooks] {
        let oldest = max(from, through.adding(days: -31 * (MonthRules.shownMax - 1)))
        return try await pool.read { try Store.monthBooks(shop, from: oldest, through: through, $0) }
    }

    /// The months that anything was written in or that were closed, this one among them, the newest first; `MonthRules.shownMax` at most.
    public func months(of shop: Shop) async throws -> [MonthBooks] {
        let today = shop.zone.day(of: clock())
        let last = today.adding(days: 1 - today.day)
        return try await pool.read { connection in
            let first = try connection.queryOne(
                """
                SELECT date_trunc('month', least(
                    coalesce((SELECT min(day) FROM ledger_day WHERE shop_id = \(shop.id)::bigint),
                             (SELECT (min(effective_at) AT TIME ZONE \(shop.timeZone))::date FROM entry WHERE shop_id = \(shop.id)::bigint)),
                    (SELECT min(month) FROM period_close WHERE shop_id = \(shop.id)::bigint)))::date - date '1970-01-01'
                """
            ) { try $0.next(Int?.self) } ?? nil
            let oldest = max(first.map(CivilDay.init(daysSince1970:)) ?? last, last.adding(days: -31 * MonthRules.shownMax))
            return try Array(Store.monthBooks(shop.id, from: oldest, through: last, connection).suffix(MonthRules.shownMax).reversed())
        }
    }

    /// Oldest first.
    static func monthBooks(_ shop: ShopID, from: CivilDay, through: CivilDay, _ connection: Connection) throws -> [MonthBooks] {
        try connection.query(
            """
            SELECT m::date - date '1970-01-01', b.state, \(sql: Store.periodColumns)
              FROM generate_series(date_trunc('month', \(from.description)::date::timestamp), \(through.description)::date::timestamp, interval '1 month') m
             CROSS JOIN LATERAL month_books(\(shop)::bigint, m::date) b
              LEFT JOIN period_close c ON c.shop_id = \(shop)::bigint AND c.close_id = b.close_id
             ORDER BY 1
            """
        ) { row in
            let month = CivilDay(daysSince1970: try row.next())
            let state = MonthBooks.State(rawValue: try row.next(String.self)) ?? .open
            return MonthBooks(month: month, state: state, closing: try PeriodView(optional: &row))
        }
    }

    static let periodColumns: SQL = """
        c.month - date '1970-01-01', c.ends_at, c.closed_at, c.closed_by, c.note, c.reopened_at, c.reopened_by, c.reopen_note, c.premium_call_minor,
        c.journal_accounts::text
        """
}

extension PeriodView {
    /// Nil where the row has none.
    init?(optional row: inout Row) throws {
        let month = try row.next(Int?.self)
        let (endsAt, closedAt) = (try row.next(Date?.self), try row.next(Date?.self))
        let (closedBy, note) = (try row.next(String?.self), try row.next(String?.self))
        let (reopenedAt, reopenedBy, reopenNote) = (try row.next(Date?.self), try row.next(String?.self), try row.next(String?.self))
        let premiumCallMinor = try row.next(Int64?.self)
        let journal = try row.next(String?.self).map(JournalSettings.init(json:))
        guard let month, let endsAt, let closedAt, let closedBy, let note else { return nil }
        self.init(
            month: CivilDay(daysSince1970: month), endsAt: endsAt, closedAt: closedAt, closedBy: closedBy, note: note, reopenedAt: reopenedAt,
            reopenedBy: reopenedBy, reopenNote: reopenNote, premiumCallMinor: premiumCallMinor,
            journal: journal ?? JournalSettings())
    }
}
