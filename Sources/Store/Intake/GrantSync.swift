import Domain
import FoundationEssentials
import Postgres

/// Writes the difference between what orders entitle to and what the ledger granted them (`sync_line`) and tells the lines what
/// their money is (`value_line`), a page in one statement.
struct GrantSync {
    let shop: Shop
    let now: Date

    private struct Line {
        let order: ShopOrder
        let line: LineEntitlement
        let channel: ChannelEntitlement
        let ticket: TicketID?
        let expires: Date?
        /// Something of the line was or is granted, so that its money counts.
        let isSold: Bool

        var low: Int64? { if case .count(let count) = line.plan.low.mark(for: channel.channel) { count } else { nil } }
        var lowPercent: Int? { if case .percent(let percent) = line.plan.low.mark(for: channel.channel) { percent } else { nil } }
    }

    func write(_ cases: [OrderCase], _ connection: Connection) throws {
        let lines = cases.flatMap { order in
            order.differences.map { line, channel in
                Line(
                    order: order.order, line: line, channel: channel, ticket: order.ticketOfLine[line.line],
                    expires: Validity.expiry(start: Validity.start(order.order), validDays: line.plan.validDays, zone: shop.zone),
                    isSold: line.entitlesToAnything || order.known?.granted.keys.contains { $0.line == line.line } == true)
            }
        }
        guard !lines.isEmpty else { return }
        try connection.execute(
            """
            SELECT lock_order_counters(\(shop.id)::bigint, \(Array(Set(lines.map(\.order.id))))::bigint[],
                                       \(Array(Set(lines.compactMap(\.ticket))))::bigint[], \(now)::timestamptz)
            """)
        try price(lines, connection)
        try sync(lines, connection)
        try connection.execute(
            "SELECT settle_orders(\(shop.id)::bigint, \(Array(Set(lines.map(\.order.id))))::bigint[], \(now)::timestamptz)")
    }

    /// What each channel of the lines costs as the orders are now, also the channels that nothing was granted of yet: a line's parts sum to its total.
    private func price(_ lines: [Line], _ connection: Connection) throws {
        let known = Dictionary(lines.map { (LineKey($0), $0) }, uniquingKeysWith: { first, _ in first }).values
        let parts = known.filter(\.isSold).flatMap { line in line.line.channels.map { (line: line, channel: $0) } }
        guard !parts.isEmpty else { return }
        try connection.execute(
            """
            INSERT INTO line_value AS v (shop_id, order_id, line_id, channel, currency, list_minor, list_credits)
            SELECT \(shop.id)::bigint, x.* FROM unnest(\(parts.map(\.line.order.id))::bigint[], \(parts.map(\.line.line.line))::bigint[],
                   \(parts.map(\.channel.channel))::text[], \(parts.map(\.line.order.currency.code))::text[],
                   \(parts.map(\.channel.orderedValue.minorUnits))::bigint[], \(parts.map(\.channel.orderedCredits.value))::bigint[]) AS x
            ON CONFLICT ON CONSTRAINT line_value_pkey DO UPDATE SET list_minor = excluded.list_minor, list_credits = excluded.list_credits
             WHERE v.currency = excluded.currency AND (v.list_minor, v.list_credits) IS DISTINCT FROM (excluded.list_minor, excluded.list_credits)
            """)
    }

    /// Credits first, all channels of a line; then its money.
    private func sync(_ lines: [Line], _ connection: Connection) throws {
        let whole = Array(Dictionary(lines.map { (LineKey($0), $0) }, uniquingKeysWith: { first, _ in first }).values)
        try connection.execute(
            """
            WITH synced AS MATERIALIZED (
                SELECT x.o, x.l, sync_line(\(shop.id)::bigint, x.o, x.l, x.c, x.t, x.e, x.n, x.v, x.y, x.s, x.x, x.low, x.pct, x.over, x.m,
                                           \(now)::timestamptz, false) AS changed
                  FROM unnest(\(lines.map(\.order.id))::bigint[], \(lines.map(\.line.line))::bigint[], \(lines.map(\.channel.channel))::text[],
                          \(lines.map(\.ticket))::bigint[], \(lines.map(\.channel.credits.value))::bigint[],
                          \(lines.map(\.channel.orderedCredits.value))::bigint[], \(lines.map(\.channel.orderedValue.minorUnits))::bigint[],
                          \(lines.map(\.order.currency.code))::text[], \(lines.map { Validity.start($0.order) })::timestamptz[],
                          \(lines.map(\.expires))::timestamptz[], \(lines.map(\.low))::bigint[], \(lines.map(\.lowPercent))::integer[],
                          \(lines.map(\.line.plan.overdraft))::bigint[], \(lines.map(\.order.modifiedAt))::timestamptz[])
                       AS x (o, l, c, t, e, n, v, y, s, x, low, pct, over, m))
            SELECT value_line(\(shop.id)::bigint, x.o, x.l, x.y, x.net, s.changed, x.m, x.s, \(now)::timestamptz)
              FROM (SELECT o, l, bool_or(changed) AS changed FROM synced GROUP BY 1, 2) s
              JOIN unnest(\(whole.map(\.order.id))::bigint[], \(whole.map(\.line.line))::bigint[], \(whole.map(\.order.currency.code))::text[],
                          \(whole.map(\.line.net.minorUnits))::bigint[], \(whole.map(\.order.modifiedAt))::timestamptz[],
                          \(whole.map { Validity.start($0.order) })::timestamptz[]) AS x (o, l, y, net, m, s) USING (o, l)
            """)
    }

    private struct LineKey: Hashable {
        let order: OrderID
        let line: LineID
        init(_ line: Line) { (order, self.line) = (line.order.id, line.line.line) }
    }
}
