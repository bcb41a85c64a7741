import Domain
import FoundationEssentials
import Postgres

/// Finds or makes the customers of orders that are seen for the first time; an order's customer is settled then, for ever.
enum CustomerRows {
    private struct Known {
        let id: CustomerID
        var shopCustomer: Int64?
        let email: String?
        let isErased: Bool
    }

    /// By the shop's customer id, else by e-mail; a guest's later account adopts what the e-mail address has. Where staff confirm guests,
    /// a guest's order joins nobody by itself. Under the locks of the customers' keys.
    static func settle(_ cases: inout [OrderCase], shop: Shop, now: Date, _ connection: Connection) throws {
        let open = cases.indices.filter { cases[$0].customer == nil }
        guard !open.isEmpty else { return }
        var known = try load(cases: open.map { cases[$0] }, shop: shop.id, connection)
        for index in open {
            let sight = cases[index].sight
            if let found = find(sight, in: known, confirmGuests: shop.confirmGuests) {
                cases[index].customer = known[found].id
                cases[index].isErased = known[found].isErased
                if sight.order.customerID != 0, known[found].shopCustomer == nil {
                    known[found].shopCustomer = sight.order.customerID
                    try adopt(known[found].id, shopCustomer: sight.order.customerID, shop: shop.id, connection)
                }
            } else {
                let id = try insert(sight, shop: shop.id, now: now, connection)
                cases[index].customer = id
                let account = sight.order.customerID == 0 ? nil : sight.order.customerID
                known.append(Known(id: id, shopCustomer: account, email: sight.email, isErased: false))
            }
        }
    }

    private static func find(_ sight: SeenOrder, in known: [Known], confirmGuests: Bool) -> Int? {
        let account = sight.order.customerID
        if account != 0 {
            if let same = known.firstIndex(where: { $0.shopCustomer == account }) { return same }
            guard let email = sight.email else { return nil }
            return known.firstIndex { $0.email == email && $0.shopCustomer == nil }
        }
        guard let email = sight.email, !confirmGuests else { return nil }
        return known.firstIndex { $0.email == email }
    }

    private static func load(cases: [OrderCase], shop: ShopID, _ connection: Connection) throws -> [Known] {
        let accounts = cases.map(\.order.customerID).filter { $0 != 0 }
        let emails = cases.compactMap(\.sight.email)
        return try connection.query(
            """
            SELECT customer_id, shop_customer_id, email, erased_at IS NOT NULL FROM customer
             WHERE shop_id = \(shop)::bigint AND (shop_customer_id = ANY (\(accounts)::bigint[]) OR email = ANY (\(emails)::text[]))
             ORDER BY customer_id
            """
        ) { row in Known(id: try row.next(), shopCustomer: try row.next(), email: try row.next(), isErased: try row.next()) }
    }

    private static func adopt(_ id: CustomerID, shopCustomer: Int64, shop: ShopID, _ connection: Connection) throws {
        try connection.execute(
            "UPDATE customer SET shop_customer_id = \(shopCustomer)::bigint WHERE shop_id = \(shop)::bigint AND customer_id = \(id)::bigint")
    }

    private static func insert(_ sight: SeenOrder, shop: ShopID, now: Date, _ connection: Connection) throws -> CustomerID {
        let account: Int64? = sight.order.customerID == 0 ? nil : sight.order.customerID
        let id = try connection.queryOne(
            """
            INSERT INTO customer (shop_id, shop_customer_id, email, name, phone, created_at)
            VALUES (\(shop)::bigint, \(account)::bigint, \(sight.email), nullif(\(sight.order.billingName)::text, ''),
                    nullif(\(sight.order.phone)::text, ''), \(now)::timestamptz)
            RETURNING customer_id
            """
        ) { try $0.next(CustomerID.self) }
        guard let id else { throw PostgresError(.protocol, "a customer was not returned") }
        return id
    }
}
