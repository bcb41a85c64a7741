import Domain
import Foundation
import Logging
import Postgres
import Store
import Synchronization

/// A migrated database of a test's own, with one shop, and rows put in by hand where a test does not need the way they usually come.
public struct LedgerFixture: Sendable {
    public let database: TestDatabase
    public let store: Store
    public let clock: TestClock
    public let shop: ShopID
    public var pool: Pool { database.pool }

    public init(database: TestDatabase, store: Store, clock: TestClock, shop: ShopID) {
        (self.database, self.store, self.clock, self.shop) = (database, store, clock, shop)
    }

    public static func make(pooling: Bool = false, connectionsMax: Int = 4) async throws -> LedgerFixture {
        let test = try await TestStore.make(connectionsMax: connectionsMax)
        let shop = try await addShop(test.database.pool, slug: "demo", pooling: pooling, now: test.clock.now)
        return LedgerFixture(database: test.database, store: test.store, clock: test.clock, shop: shop)
    }

    /// Runs a test with a fixture and removes its database afterwards.
    public static func with(pooling: Bool = false, connectionsMax: Int = 4, _ body: (LedgerFixture) async throws -> Void) async throws {
        let fixture = try await make(pooling: pooling, connectionsMax: connectionsMax)
        do {
            try await body(fixture)
        } catch {
            await fixture.database.drop()
            throw error
        }
        await fixture.database.drop()
    }

    public static func addShop(_ pool: Pool, slug: String, pooling: Bool = false, now: Date) async throws -> ShopID {
        let id = try await pool.transaction { connection in
            let id = try connection.queryOne(
                """
                INSERT INTO shop (slug, name, currency, time_zone, feed_kind, url, pooling, created_at)
                VALUES (\(slug), \(slug), 'EUR', 'Europe/Ljubljana', 'rest', 'https://shop.example', \(pooling)::boolean, \(now)::timestamptz)
                RETURNING shop_id
                """
            ) { try $0.next(Int64.self) } ?? 0
            try connection.execute(
                """
                INSERT INTO channel (shop_id, channel, created_at)
                SELECT \(id)::bigint, c, \(now)::timestamptz FROM unnest('{email,sms,video}'::text[]) AS c
                """)
            try connection.execute("INSERT INTO actor (shop_id, kind, label) VALUES (\(id)::bigint, 'system', 'supportmeter')")
            return id
        }
        return ShopID(id)
    }

    public func addCustomer(
        _ name: String = "Ana Novak", email: String = "ana.novak@example.si", phone: String = "+386 41 555 123", in shop: ShopID? = nil
    ) async throws -> CustomerID {
        let (shop, now) = ((shop ?? self.shop).rawValue, clock.now)
        return try await one(
            """
            INSERT INTO customer (shop_id, email, name, phone, created_at)
            VALUES (\(shop)::bigint, \(email), \(name), \(phone), \(now)::timestamptz) RETURNING customer_id
            """)
    }

    /// A ticket; with an order, that order opened it.
    public func addTicket(_ customer: CustomerID, order: Int64? = nil, in shop: ShopID? = nil) async throws -> TicketID {
        let (shop, now) = ((shop ?? self.shop).rawValue, clock.now)
        let ticket: TicketID = try await one(
            """
            INSERT INTO ticket (shop_id, customer_id, order_id, subject, opened_at, updated_at)
            VALUES (\(shop)::bigint, \(customer.rawValue)::bigint, \(order)::bigint, 'Podpora START', \(now)::timestamptz, \(now)::timestamptz)
            RETURNING ticket_id
            """)
        if let order {
            try await run("INSERT INTO ticket_order VALUES (\(shop)::bigint, \(ticket.rawValue)::bigint, \(order)::bigint)")
        }
        return ticket
    }

    /// An order as the feed would have stored it.
    public func addOrder(_ id: Int64, of customer: CustomerID, payload: String = "{}", refunds: String? = nil) async throws {
        let (shop, now) = (shop.rawValue, clock.now)
        try await run(
            """
            INSERT INTO shop_order (shop_id, order_id, number, status, currency, total_minor, total_raw, created_at, modified_at, seen_at,
                                    first_seen_at, source, customer_id, payload_hash, payload, refunds)
            VALUES (\(shop)::bigint, \(id)::bigint, \(String(id)), 'processing', 'EUR', 3000, '30.00', \(now)::timestamptz, \(now)::timestamptz,
                    \(now)::timestamptz, \(now)::timestamptz, 'poll', \(customer.rawValue)::bigint, '\\x00', \(payload), \(refunds))
            """)
    }

    /// What an order line entitles to, written as the intake writes it. Call again with another figure for a refund or a revival.
    public func entitle(
        _ ticket: TicketID, order: Int64 = 1, line: Int64 = 1, channel: String = "email", credits: Int64, of: Int64? = nil,
        value: Int64 = 1000, expires: Date? = nil, low: Int64? = nil, overdraft: Int64 = 0, in shop: ShopID? = nil
    ) async throws {
        let (shop, now) = ((shop ?? self.shop).rawValue, clock.now)
        try await run(
            """
            SELECT lock_order_counters(\(shop)::bigint, ARRAY[\(order)::bigint], ARRAY[\(ticket.rawValue)::bigint], \(now)::timestamptz),
                   sync_line(\(shop)::bigint, \(order)::bigint, \(line)::bigint, \(channel), \(ticket.rawValue)::bigint, \(credits)::bigint,
                             \(of ?? max(credits, 1))::bigint, \(value)::bigint, 'EUR', \(now)::timestamptz, \(expires)::timestamptz,
                             \(low)::bigint, NULL, \(overdraft)::bigint, \(now)::timestamptz, \(now)::timestamptz, false),
                   settle_orders(\(shop)::bigint, ARRAY[\(order)::bigint], \(now)::timestamptz)
            """)
    }

    /// A spend by the command line that must succeed; returns its entry.
    @discardableResult
    public func spend(
        _ ticket: TicketID, _ channel: String = "email", _ quantity: Int64 = 1, reference: String? = nil, in shop: ShopID? = nil
    ) async throws -> EntryID {
        let answer = try await store.spend(
            Usage(ticket: ticket, channel: channel, quantity: quantity, reference: reference), in: shop ?? self.shop, key: .fresh(),
            by: .commandLine)
        guard answer.isSuccess else { throw FixtureError(answer.body) }
        return try answer.entryID()
    }

    public func run(_ sql: SQL) async throws { _ = try await pool.transaction { try $0.execute(sql) } }

    public func one<T: PostgresValue & Sendable>(_ sql: SQL) async throws -> T {
        guard let value = try await pool.transaction({ try $0.queryOne(sql) { try $0.next(T.self) } }) else { throw FixtureError("no row") }
        return value
    }
}

public struct FixtureError: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}

extension IdempotencyKey {
    private static let count = Atomic<Int>(0)

    /// A key that no other call of this process has.
    public static func fresh() -> IdempotencyKey {
        guard let key = IdempotencyKey("test-\(count.wrappingAdd(1, ordering: .relaxed).newValue)") else { preconditionFailure("a key") }
        return key
    }
}

extension Answer {
    private struct Body: Decodable {
        struct Entry: Decodable { let id: Int64 }
        struct Hold: Decodable { let id: Int64 }
        let entry: Entry
        let hold: Hold?
    }

    private func decoded() throws -> Body {
        guard isSuccess else { throw FixtureError(body) }
        return try JSONDecoder().decode(Body.self, from: Data(body.utf8))
    }

    public func entryID() throws -> EntryID { EntryID(try decoded().entry.id) }

    public func holdID() throws -> HoldID {
        guard let hold = try decoded().hold else { throw FixtureError("no hold in \(body)") }
        return HoldID(hold.id)
    }
}
