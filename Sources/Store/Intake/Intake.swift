import Domain
import FoundationEssentials
import Postgres

/// Takes sights of orders in, inside one transaction. The steps stand in the order in which they happen.
struct Intake {
    let shop: Shop
    let now: Date

    init(shop: Shop, now: Date) {
        self.shop = shop
        self.now = now
    }

    func take(_ sights: [SeenOrder], _ connection: Connection) throws -> IntakeFigures {
        var figures = IntakeFigures()
        figures.seen = sights.count
        let wanted = sights.filter { shop.since == nil || $0.order.createdAt >= (shop.since ?? .distantPast) }
        figures.ignored += sights.count - wanted.count
        let newest = newestOfEach(wanted)
        guard !newest.isEmpty else { return figures }

        try lock(newest, connection)
        let known = try KnownOrder.load(connection, shop: shop.id, orders: newest.map(\.order.id))
        let plans = try PlanRows.inForce(connection, shop: shop.id)
        var cases = newest.compactMap { OrderCase($0, known: known[$0.order.id], plans: plans, statuses: shop.statuses) }
        try CustomerRows.settle(&cases, shop: shop, now: now, connection)
        try OrderRows.write(cases, shop: shop.id, now: now, connection)
        for index in cases.indices {
            try TicketChoice(shop: shop, now: now).settle(&cases[index], connection)
        }
        try GrantSync(shop: shop, now: now).write(cases, connection)
        try CustomerContacts.write(cases, shop: shop.id, now: now, connection)

        figures.changed += cases.filter(\.isChanged).count
        figures.ignored += cases.filter { !$0.isMatched }.count
        return figures
    }

    /// One sight per order, the newest, in the order of their ids.
    private func newestOfEach(_ sights: [SeenOrder]) -> [SeenOrder] {
        var newest: [OrderID: SeenOrder] = [:]
        for sight in sights {
            if let other = newest[sight.order.id], !sight.isNewer(thanModified: other.order.modifiedAt, seen: other.seenAt) { continue }
            newest[sight.order.id] = sight
        }
        return newest.values.sorted { $0.order.id < $1.order.id }
    }

    /// Orders and customers, in one order for everybody: new ones have no row yet that could be locked.
    private func lock(_ sights: [SeenOrder], _ connection: Connection) throws {
        var keys: Set<String> = []
        for sight in sights {
            keys.insert("order \(sight.order.id)")
            if sight.order.customerID != 0 { keys.insert("customer \(sight.order.customerID)") }
            if let email = sight.email { keys.insert("customer \(email)") }
        }
        let shops = [ShopID](repeating: shop.id, count: keys.count)
        try connection.execute("SELECT lock_keys(\(shops)::bigint[], \(Array(keys))::text[])")
    }
}
