import Domain
import FoundationEssentials
import Postgres

/// Plans as the database has them: a version is a JSON document of `Domain.Plan`; its ids, and whether the plan is retired, stand in columns.
enum PlanRows {
    /// The version in force of every plan of the shop that still matches, by id.
    static func inForce(_ connection: Connection, shop: ShopID) throws -> [Plan] {
        try current(connection, shop: shop).filter { !$0.retired }
    }

    /// The newest version of every plan of the shop, also of retired ones, by id.
    static func current(_ connection: Connection, shop: ShopID) throws -> [Plan] {
        try connection.query(
            """
            SELECT \(sql: columns) FROM plan p
              JOIN plan_version v ON v.shop_id = p.shop_id AND v.plan_id = p.plan_id AND v.version = p.version
             WHERE p.shop_id = \(shop)::bigint ORDER BY p.plan_id
            """
        ) { try read(&$0, shop: shop) }
    }

    /// One version of one plan; nil when there is none. A version never changes.
    static func version(_ connection: Connection, shop: ShopID, plan: PlanID, version: Int) throws -> Plan? {
        try connection.queryOne(
            """
            SELECT \(sql: columns) FROM plan p
              JOIN plan_version v ON v.shop_id = p.shop_id AND v.plan_id = p.plan_id
             WHERE p.shop_id = \(shop)::bigint AND p.plan_id = \(plan)::bigint AND v.version = \(version)::integer
            """
        ) { try read(&$0, shop: shop) }
    }

    /// What the lines of the orders are bound to: by order, then by line. An order without a bound line is absent.
    static func versions(_ connection: Connection, shop: ShopID, orders: [OrderID]) throws -> [OrderID: [LineID: Plan]] {
        let lines = try connection.query(
            """
            SELECT order_id, line_id, plan_id, plan_version FROM order_line
             WHERE shop_id = \(shop)::bigint AND order_id = ANY (\(orders)::bigint[])
            """
        ) { row in
            (order: try row.next(OrderID.self), line: try row.next(LineID.self), key: Key(plan: try row.next(), version: try row.next()))
        }
        let plans = try load(connection, shop: shop, keys: Array(Set(lines.map(\.key))))
        var bindings: [OrderID: [LineID: Plan]] = [:]
        for line in lines { bindings[line.order, default: [:]][line.line] = plans[line.key] }
        return bindings
    }

    /// One change of a shop's plans at a time, so that two imports cannot together make a conflict that neither sees.
    static func lock(_ connection: Connection, shop: ShopID) throws {
        try connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('supportmeter plans', \(shop)::bigint))")
    }

    /// Writes the next version of a plan (the first makes the plan) and puts it in force.
    static func write(_ connection: Connection, _ plan: Plan, now: Date) throws {
        let document = try text(of: plan)
        try connection.execute(
            """
            INSERT INTO plan_version (shop_id, plan_id, version, document, created_at)
            VALUES (\(plan.shop)::bigint, \(plan.id)::bigint, \(plan.version)::integer, \(document)::jsonb, \(now)::timestamptz)
            """)
        try connection.execute(
            """
            UPDATE plan SET version = \(plan.version)::integer, retired_at = NULL
             WHERE shop_id = \(plan.shop)::bigint AND plan_id = \(plan.id)::bigint
            """)
    }

    private struct Key: Hashable { let plan: PlanID, version: Int }

    private static func load(_ connection: Connection, shop: ShopID, keys: [Key]) throws -> [Key: Plan] {
        guard !keys.isEmpty else { return [:] }
        let plans = try connection.query(
            """
            SELECT \(sql: columns) FROM unnest(\(keys.map(\.plan))::bigint[], \(keys.map(\.version))::integer[]) AS k (plan_id, version)
              JOIN plan p ON p.shop_id = \(shop)::bigint AND p.plan_id = k.plan_id
              JOIN plan_version v ON v.shop_id = p.shop_id AND v.plan_id = p.plan_id AND v.version = k.version
            """
        ) { try read(&$0, shop: shop) }
        return Dictionary(plans.map { (Key(plan: $0.id, version: $0.version), $0) }, uniquingKeysWith: { $1 })
    }

    private static let columns: SQL = "p.plan_id, v.version, p.retired_at IS NOT NULL, v.document::text"

    private static func read(_ row: inout Row, shop: ShopID) throws -> Plan {
        let id = try row.next(PlanID.self)
        let version = try row.next(Int.self)
        let retired = try row.next(Bool.self)
        var plan = try JSONDecoder().decode(Plan.self, from: Data(try row.next(String.self).utf8))
        plan.id = id
        plan.shop = shop
        plan.version = version
        plan.retired = retired
        return plan
    }

    private static func text(of plan: Plan) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(plan), as: UTF8.self)
    }
}
