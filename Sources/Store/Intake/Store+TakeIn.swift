import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Orders taken in by one transaction at most.
    public static let ordersMax = 500

    /// Takes a page of sights in: stores the orders, binds their lines, and writes the difference between what they entitle to and what
    /// the ledger granted (P1, P2). One transaction; a sight that the database refuses is set aside and never costs the others anything.
    public func takeIn(_ orders: [SeenOrder], shop: Shop) async throws -> IntakeFigures {
        try await takeIn(orders, shop: shop) { _ in }
    }

    /// The same; `alongside` runs in the transaction that stored the page, so that a cursor moves only with its orders.
    func takeIn(
        _ orders: [SeenOrder], shop: Shop, alongside: @escaping @Sendable (Connection) throws -> Void
    ) async throws -> IntakeFigures {
        let now = Timestamp.rounded(clock())
        do {
            return try await pool.transaction { connection in
                let figures = try Intake(shop: shop, now: now).take(orders, connection)
                try alongside(connection)
                return figures
            }
        } catch let error as PostgresError where error.kind == .server && StoreFault(error) == nil && orders.count > 0 {
            return try await takeInOneByOne(orders, shop: shop, now: now, alongside: alongside)
        }
    }

    /// One of the page broke a rule of the database. The others are stored; it is kept with the reason (P12). A database that is shutting
    /// down, full or busy says nothing about an order: the page fails as a whole and is read again.
    private func takeInOneByOne(
        _ orders: [SeenOrder], shop: Shop, now: Date, alongside: @escaping @Sendable (Connection) throws -> Void
    ) async throws -> IntakeFigures {
        var figures = IntakeFigures()
        for order in orders {
            do {
                figures += try await pool.transaction { try Intake(shop: shop, now: now).take([order], $0) }
            } catch let error as PostgresError where error.kind == .server && StoreFault(error) == nil {
                logger.error("an order was refused by the database", metadata: ["order": "\(order.order.id)", "error": "\(error)"])
                try await pool.transaction { connection in
                    try IntakeReject.keep(connection, shop: shop.id, order: order, reason: "the database refused it: \(error)", now: now)
                }
                figures.seen += 1
                figures.rejected += 1
            }
        }
        try await pool.transaction { try alongside($0) }
        return figures
    }
}

enum IntakeReject {
    /// Keeps an order that could not be taken in, once per document however often it comes.
    static func keep(_ connection: Connection, shop: ShopID, order: SeenOrder, reason: String, now: Date) throws {
        try connection.execute(
            """
            INSERT INTO reject (shop_id, source, order_id, reason, raw, refunds, raw_hash, received_at, last_at)
            VALUES (\(shop)::bigint, \(order.source.rawValue), \(order.order.id)::bigint, \(reason), \(order.payload), \(order.refunds),
                    \(order.hash), \(order.seenAt)::timestamptz, \(now)::timestamptz)
            ON CONFLICT (shop_id, raw_hash) WHERE resolved_at IS NULL
            DO UPDATE SET times = reject.times + 1, last_at = excluded.last_at, reason = excluded.reason
            """)
    }
}
