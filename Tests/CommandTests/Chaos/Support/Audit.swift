import Domain
import Foundation
import Postgres
import Store

/// Holds a database against what the clients were told and what the shop sold.
struct Audit: Sendable {
    let store: Store
    let shop: ShopID

    /// Sentences about whatever is not as promised; empty when all is.
    func complaints(clients: [String: Spenders.Outcome], orders: [ShopOrder]) async throws -> [String] {
        let report = try await store.verify()
        let verify = report.problem.map { ["verify: \($0)"] } ?? []
        return try await verify + complaintsAboutKeys(clients) + complaintsAboutOrders(orders)
    }

    /// Every acknowledged spend is there once, as acknowledged; whatever was not is there at most once.
    func complaintsAboutKeys(_ clients: [String: Spenders.Outcome]) async throws -> [String] {
        let entries = try await entriesByKey()
        var complaints = Set(entries.keys).subtracting(clients.keys).map { "\($0) was booked and nobody asked for it" }
        for (key, outcome) in clients {
            let found = entries[key] ?? []
            switch outcome {
            case .spent(let entry) where found != [entry]: complaints.append("\(key) was acknowledged as entry \(entry), found \(found)")
            case .refused where !found.isEmpty: complaints.append("\(key) was refused, found \(found)")
            case .unanswered where found.count > 1: complaints.append("\(key) was never answered, found \(found)")
            default: break
            }
        }
        return complaints
    }

    private func entriesByKey() async throws -> [String: [Int64]] {
        let shop = shop
        let rows = try await store.pool.read { connection in
            try connection.query(
                """
                SELECT n.reference, e.entry_id FROM entry e JOIN entry_note n USING (shop_id, entry_id)
                 WHERE e.shop_id = \(shop)::bigint AND e.kind = 'usage' ORDER BY e.entry_id
                """
            ) { (try $0.next(String.self), try $0.next(Int64.self)) }
        }
        return Dictionary(rows.map { ($0.0, [$0.1]) }, uniquingKeysWith: +)
    }

    /// Every order has what it entitles to now, once, on a ticket. `granted - revoked` of a line may be more than that by what was used.
    func complaintsAboutOrders(_ orders: [ShopOrder]) async throws -> [String] {
        let plans = try await store.plans(of: shop)
        let (grants, tickets) = (try await grantsByLine(), try await ticketsByOrder())
        var complaints: [String] = []
        var left = grants
        for order in orders {
            let bindings = order.lines.compactMap { line in Matching.match(line, plans: plans).map { (line.id, $0.plan) } }
            let entitlement = Entitlement.evaluate(order: order, bindings: Dictionary(bindings) { first, _ in first })
            for line in entitlement.lines {
                for channel in line.channels {
                    let key = GrantKey(order: order.id, line: line.line, channel: channel.channel)
                    let grant = left.removeValue(forKey: key) ?? GrantRow(net: 0, used: 0)
                    let expected = max(channel.credits.value, grant.used)
                    if grant.net != expected { complaints.append("\(key): net grant \(grant.net), expected \(expected) (order \(order.status))") }
                }
            }
            if entitlement.entitlesToAnything, tickets[order.id] == nil { complaints.append("order \(order.id) has no ticket") }
        }
        return complaints + left.keys.map { "\($0) was granted and no order says so" }
    }

    struct GrantKey: Hashable, CustomStringConvertible {
        let order: OrderID
        let line: LineID
        let channel: Channel
        var description: String { "order \(order), line \(line), \(channel)" }
    }

    private struct GrantRow {
        let net: Int64
        let used: Int64
    }

    private func grantsByLine() async throws -> [GrantKey: GrantRow] {
        let shop = shop
        let rows = try await store.pool.read { connection in
            try connection.query(
                """
                SELECT order_id, line_id, channel, granted - revoked, used FROM credit_grant
                 WHERE shop_id = \(shop)::bigint AND kind = 'order'
                """
            ) {
                let (order, line, channel) = (try $0.next(Int64.self), try $0.next(Int64.self), try $0.next(String.self))
                return (order, line, channel, GrantRow(net: try $0.next(Int64.self), used: try $0.next(Int64.self)))
            }
        }
        let pairs = rows.compactMap { row in
            Channel(rawValue: row.2).map { (GrantKey(order: OrderID(row.0), line: LineID(row.1), channel: $0), row.3) }
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private func ticketsByOrder() async throws -> [OrderID: Int64] {
        let shop = shop
        let rows = try await store.pool.read { connection in
            try connection.query("SELECT order_id, ticket_id FROM ticket_order WHERE shop_id = \(shop)::bigint") {
                (OrderID(try $0.next(Int64.self)), try $0.next(Int64.self))
            }
        }
        return Dictionary(rows) { first, _ in first }
    }
}
