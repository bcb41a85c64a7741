import Domain
import FoundationEssentials
import Postgres

/// Writes the difference between what orders entitle to and what the ledger granted them (`sync_line`), a page in one statement.
struct GrantSync {
    let shop: Shop
    let now: Date

    private struct Line {
        let order: ShopOrder
        let line: LineEntitlement
        let channel: ChannelEntitlement
        let ticket: TicketID?
        let expires: Date?

        var low: Int64? { if case .count(let count) = line.plan.low.mark(for: channel.channel) { count } else { nil } }
        var lowPercent: Int? { if case .percent(let percent) = line.plan.low.mark(for: channel.channel) { percent } else { nil } }
    }

    func write(_ cases: [OrderCase], _ connection: Connection) throws {
        let lines = cases.flatMap { order in
            order.differences.map { line, channel in
                Line(
                    order: order.order, line: line, channel: channel, ticket: order.ticketOfLine[line.line],
                    expires: Validity.expiry(start: Validity.start(order.order), validDays: line.plan.validDays, zone: shop.zone))
            }
        }
        guard !lines.isEmpty else { return }
        try connection.execute(
            """
            SELECT lock_order_counters(\(shop.id)::bigint, \(Array(Set(lines.map(\.order.id))))::bigint[],
                                       \(Array(Set(lines.compactMap(\.ticket))))::bigint[], \(now)::timestamptz)
            """)
        try connection.execute(
            """
            SELECT sync_line(\(shop.id)::bigint, x.o, x.l, x.c, x.t, x.e, x.n, x.v, x.y, x.s, x.x, x.low, x.pct, x.over, x.m, \(now)::timestamptz, false)
              FROM unnest(\(lines.map(\.order.id))::bigint[], \(lines.map(\.line.line))::bigint[], \(lines.map(\.channel.channel))::text[],
                          \(lines.map(\.ticket))::bigint[], \(lines.map(\.channel.credits.value))::bigint[],
                          \(lines.map(\.channel.orderedCredits.value))::bigint[], \(lines.map(\.channel.orderedValue.minorUnits))::bigint[],
                          \(lines.map(\.order.currency.code))::text[], \(lines.map { Validity.start($0.order) })::timestamptz[],
                          \(lines.map(\.expires))::timestamptz[], \(lines.map(\.low))::bigint[], \(lines.map(\.lowPercent))::integer[],
                          \(lines.map(\.line.plan.overdraft))::bigint[], \(lines.map(\.order.modifiedAt))::timestamptz[])
                   AS x (o, l, c, t, e, n, v, y, s, x, low, pct, over, m)
            """)
    }
}
