import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// NOTIFY on this channel wakes whoever writes months into folders: the books of one were closed or opened again.
    public static let monthChannel = "supportmeter_month"

    static func tellMonthChanged(_ connection: Connection) throws { try connection.execute("SELECT pg_notify(\(monthChannel), '')") }

    /// Looks which months are due in all shops, and takes the oldest that nobody works on, for so long as the lease is renewed. Nil: nothing is due.
    ///
    /// An open month is due when it is over, its grace days too; one whose books were closed or opened again since it was written is due at once,
    /// as its next revision. Any number of daemons may ask: a month goes to one of them.
    public func takeMonthExport(owner: String, seconds: Double) async throws -> MonthExportClaim? {
        let now = clock()
        return try await pool.transaction { connection in
            try Store.noteDueMonths(now: now, connection)
            let taken = try connection.queryOne(
                """
                UPDATE month_export e SET lease_owner = \(owner), lease_until = \(now.addingTimeInterval(seconds))::timestamptz, books = c.state, close_id = c.close_id
                  FROM (SELECT x.shop_id, x.month, x.revision, b.state, b.close_id
                          FROM (SELECT y.shop_id, y.month, y.revision FROM month_export y JOIN shop s ON s.shop_id = y.shop_id
                                 WHERE y.made_at IS NULL AND s.export_months AND s.retired_at IS NULL AND y.next_try_at <= \(now)::timestamptz
                                   AND coalesce(y.lease_until, '-infinity') <= \(now)::timestamptz
                                 ORDER BY y.month, y.shop_id LIMIT 1 FOR UPDATE OF y SKIP LOCKED) x
                         CROSS JOIN LATERAL month_books(x.shop_id, x.month) b) c
                 WHERE e.shop_id = c.shop_id AND e.month = c.month AND e.revision = c.revision
                RETURNING e.shop_id, e.month - date '1970-01-01', e.revision, e.export_key::text, e.failures,
                    (SELECT p.folder FROM month_export p WHERE p.shop_id = e.shop_id AND p.month = e.month AND p.revision < e.revision ORDER BY p.revision DESC LIMIT 1)
                """
            ) { row in
                Taken(
                    shop: try row.next(), month: CivilDay(daysSince1970: try row.next()), revision: try row.next(), key: try row.next(),
                    failures: try row.next(), supersedes: try row.next())
            }
            guard let taken else { return nil }
            let books = try Store.monthBooks(taken.shop, from: taken.month, through: taken.month, connection).first
            return MonthExportClaim(
                shop: taken.shop, books: books ?? MonthBooks(month: taken.month, state: .open, closing: nil), revision: taken.revision, key: taken.key,
                supersedes: taken.supersedes, failures: taken.failures, owner: owner)
        }
    }

    private struct Taken {
        let shop: ShopID
        let month: CivilDay
        let revision: Int
        let key: String
        let failures: Int
        let supersedes: String?
    }

    private static func noteDueMonths(now: Date, _ connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO month_export (shop_id, month, revision, export_key, books, close_id, asked_at, next_try_at)
            SELECT s.shop_id, m.month, coalesce(e.revision, 0) + 1, gen_random_uuid(), b.state, b.close_id, \(now)::timestamptz, \(now)::timestamptz
              FROM shop s
             CROSS JOIN LATERAL (
                SELECT (date_trunc('month', \(now)::timestamptz AT TIME ZONE s.time_zone) - make_interval(months => n))::date AS month
                  FROM generate_series(1, \(MonthExportRules.monthsBack)::integer) n
                UNION SELECT x.month FROM month_export x WHERE x.shop_id = s.shop_id) m
             CROSS JOIN LATERAL month_books(s.shop_id, m.month) b
              LEFT JOIN LATERAL (SELECT * FROM month_export x WHERE x.shop_id = s.shop_id AND x.month = m.month ORDER BY x.revision DESC LIMIT 1) e ON true
             WHERE s.retired_at IS NULL AND s.export_months
               AND (e.revision IS NULL OR (e.made_at IS NOT NULL AND (e.books, e.close_id) IS DISTINCT FROM (b.state, b.close_id)))
               AND (b.state <> 'open' OR (m.month + interval '1 month') AT TIME ZONE s.time_zone
                    + make_interval(days => s.export_grace_days, secs => \(PeriodRules.graceSeconds)::float8) <= \(now)::timestamptz)
               AND CASE WHEN EXISTS (SELECT FROM ledger_day d WHERE d.shop_id = s.shop_id)
                        THEN EXISTS (SELECT FROM ledger_day d WHERE d.shop_id = s.shop_id AND d.day < m.month + interval '1 month')
                        ELSE EXISTS (SELECT FROM entry x WHERE x.shop_id = s.shop_id
                                        AND x.effective_at < (m.month + interval '1 month') AT TIME ZONE s.time_zone) END
            ON CONFLICT DO NOTHING
            """)
    }

    /// False when the lease went to somebody else: what is being written then is not to be finished.
    public func renewMonthExport(_ claim: MonthExportClaim, seconds: Double) async throws -> Bool {
        let until = clock().addingTimeInterval(seconds)
        return try await change(claim, "lease_until = \(until)::timestamptz")
    }

    /// The folder stands, and is on the disk. False when the lease went to somebody else.
    @discardableResult
    public func finishMonthExport(_ claim: MonthExportClaim, folder: String, manifest: String) async throws -> Bool {
        let now = Timestamp.rounded(clock())
        return try await change(
            claim,
            """
            made_at = \(now)::timestamptz, folder = \(folder), manifest_sha256 = \(manifest), lease_owner = NULL, lease_until = NULL, failures = 0, error = NULL
            """)
    }

    /// It could not be written; somebody tries again then.
    public func failMonthExport(_ claim: MonthExportClaim, _ error: String, nextTryAt: Date) async throws {
        _ = try await change(
            claim,
            """
            failures = failures + 1, error = \(String(RawText.storable(error).prefix(MonthExportRules.errorMax))), next_try_at = \(nextTryAt)::timestamptz,
            lease_owner = NULL, lease_until = NULL
            """)
    }

    /// Gives it back untouched: the daemon ends.
    public func returnMonthExport(_ claim: MonthExportClaim) async throws {
        _ = try await change(claim, "lease_owner = NULL, lease_until = NULL")
    }

    private func change(_ claim: MonthExportClaim, _ assignments: SQL) async throws -> Bool {
        try await pool.transaction { connection in
            try connection.execute(
                """
                UPDATE month_export SET \(sql: assignments)
                 WHERE shop_id = \(claim.shop)::bigint AND month = \(claim.month.description)::date AND revision = \(claim.revision)::integer
                   AND lease_owner = \(claim.owner) AND made_at IS NULL
                """) > 0
        }
    }

    /// The last revision of each month that was written or is to be, the newest month first.
    public func monthExports(of shop: ShopID) async throws -> [MonthExportView] {
        try await pool.read { connection in
            try connection.query(
                """
                SELECT DISTINCT ON (month) month - date '1970-01-01', revision, made_at, folder, error
                  FROM month_export WHERE shop_id = \(shop)::bigint ORDER BY month DESC, revision DESC
                """
            ) { row in
                MonthExportView(
                    month: CivilDay(daysSince1970: try row.next()), revision: try row.next(), madeAt: try row.next(), folder: try row.next(),
                    error: try row.next())
            }
        }
    }
}
