import Domain
import Postgres

extension Store {
    /// The shop that placed the hold: hold ids are one sequence over all shops.
    public func shop(ofHold hold: HoldID) async throws -> ShopID? {
        try await pool.read { connection in
            try connection.queryOne(
                """
                SELECT s.shop_id FROM shop s
                 WHERE EXISTS (SELECT 1 FROM hold h WHERE h.shop_id = s.shop_id AND h.hold_id = \(hold)::bigint) LIMIT 1
                """
            ) { try $0.next() }
        }
    }

    /// The shop whose ledger has the entry: entry ids are one sequence over all shops.
    public func shop(ofEntry entry: EntryID) async throws -> ShopID? {
        try await pool.read { connection in
            try connection.queryOne(
                """
                SELECT s.shop_id FROM shop s
                 WHERE EXISTS (SELECT 1 FROM entry e WHERE e.shop_id = s.shop_id AND e.entry_id = \(entry)::bigint) LIMIT 1
                """
            ) { try $0.next() }
        }
    }

    /// The shop that knows the customer: customer ids are one sequence over all shops.
    public func shop(ofCustomer customer: CustomerID) async throws -> ShopID? {
        try await pool.read { connection in
            try connection.queryOne(
                """
                SELECT s.shop_id FROM shop s
                 WHERE EXISTS (SELECT 1 FROM customer c WHERE c.shop_id = s.shop_id AND c.customer_id = \(customer)::bigint) LIMIT 1
                """
            ) { try $0.next() }
        }
    }
}
