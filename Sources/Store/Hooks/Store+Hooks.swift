import Domain
import FoundationEssentials
import Postgres

/// What of a hook is to change; nil leaves a field as it is.
public struct HookChange: Sendable {
    public var url: String?
    public var topics: [String]?
    public var allowsPrivate: Bool?

    public init(url: String? = nil, topics: [String]? = nil, allowsPrivate: Bool? = nil) {
        self.url = url
        self.topics = topics
        self.allowsPrivate = allowsPrivate
    }

    var refusal: Refusal? { url.flatMap(HookCheck.refusal(url:)) ?? topics.flatMap(HookCheck.refusal(topics:)) }
}

extension Store {
    /// Hooks that a shop may have at a time, retired ones aside.
    public static let hooksMax = 50

    /// A new hook and its secret, which is never told again. It is told what happens from now on.
    public func addHook(
        url: String, topics: [String], allowsPrivate: Bool = false, to shop: ShopID, by caller: Caller
    ) async throws -> Result<(hook: Hook, secret: SecretText), Refusal> {
        if let refusal = caller.refusal(for: .manageAccess) ?? HookCheck.refusal(url: url) ?? HookCheck.refusal(topics: topics) {
            return .failure(refusal)
        }
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { try Store.addHook($0, url: url, topics: topics, allowsPrivate: allowsPrivate, to: shop, by: caller, now: now) }
    }

    static func addHook(
        _ connection: Connection, url: String, topics: [String], allowsPrivate: Bool, to shop: ShopID, by caller: Caller, now: Date
    ) throws -> Result<(hook: Hook, secret: SecretText), Refusal> {
        let secret = HookSecret.generate()
        let exists = try connection.queryOne("SELECT true FROM shop WHERE shop_id = \(shop)::bigint FOR UPDATE") { try $0.next(Bool.self) }
        guard exists == true else { return .failure(.unknown(what: "shop", name: shop.description)) }
        let count = try connection.queryOne(
            "SELECT count(*) FROM hook WHERE shop_id = \(shop)::bigint AND retired_at IS NULL"
        ) { try $0.next(Int.self) }
        guard (count ?? 0) < Store.hooksMax else {
            return .failure(.invalidField(field: "url", expected: "no more than \(Store.hooksMax) hooks in a shop; retire one"))
        }
        let hook = try connection.queryOne(
            """
            INSERT INTO hook AS h (shop_id, url, secret, topics, allow_private, created_at)
            VALUES (\(shop)::bigint, \(url), \(secret.text.value), \(Array(Set(topics)).sorted())::text[], \(allowsPrivate)::boolean,
                    \(now)::timestamptz)
            RETURNING \(sql: Hook.columns)
            """
        ) { try Hook(&$0) }
        guard let hook else { throw PostgresError(.protocol, "a hook was not returned") }
        try HookAudit.write(connection, "hook.add", hook, by: caller, now: now)
        return .success((hook, secret.text))
    }

    /// A shop's hooks by number, also retired ones.
    public func hooks(of shop: ShopID) async throws -> [Hook] {
        try await pool.read { connection in
            try connection.query("SELECT \(sql: Hook.columns) FROM hook h WHERE h.shop_id = \(shop)::bigint ORDER BY h.hook_id") { try Hook(&$0) }
        }
    }

    /// Nil when the shop has no such hook.
    public func hook(_ id: HookID, in shop: ShopID) async throws -> Hook? {
        try await pool.read { try HookRows.load($0, id, shop: shop) }
    }

    /// Changes a hook that is not retired. What waits for it goes to the new address.
    public func setHook(_ id: HookID, _ change: HookChange, in shop: ShopID, by caller: Caller) async throws -> Result<Hook, Refusal> {
        if let refusal = caller.refusal(for: .manageAccess) ?? change.refusal { return .failure(refusal) }
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { try Store.setHook($0, id, change, in: shop, by: caller, now: now) }
    }

    static func setHook(
        _ connection: Connection, _ id: HookID, _ change: HookChange, in shop: ShopID, by caller: Caller, now: Date
    ) throws -> Result<Hook, Refusal> {
        let hook = try connection.queryOne(
            """
            UPDATE hook h SET url = coalesce(\(change.url)::text, h.url),
                              topics = coalesce(\(change.topics.map { Array(Set($0)).sorted() })::text[], h.topics),
                              allow_private = coalesce(\(change.allowsPrivate)::boolean, h.allow_private)
             WHERE h.shop_id = \(shop)::bigint AND h.hook_id = \(id)::bigint AND h.retired_at IS NULL RETURNING \(sql: Hook.columns)
            """
        ) { try Hook(&$0) }
        guard let hook else { return .failure(.unknown(what: "hook", name: id.description)) }
        try HookAudit.write(connection, "hook.set", hook, by: caller, now: now)
        return .success(hook)
    }

    /// The hook is told nothing more; what still waits for it is marked as failed. Retiring it again changes nothing.
    public func retireHook(_ id: HookID, in shop: ShopID, by caller: Caller) async throws -> Result<Hook, Refusal> {
        if let refusal = caller.refusal(for: .manageAccess) { return .failure(refusal) }
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { try Store.retireHook($0, id, in: shop, by: caller, now: now) }
    }

    static func retireHook(
        _ connection: Connection, _ id: HookID, in shop: ShopID, by caller: Caller, now: Date
    ) throws -> Result<Hook, Refusal> {
        let hook = try connection.queryOne(
            """
            UPDATE hook h SET retired_at = coalesce(h.retired_at, \(now)::timestamptz)
             WHERE h.shop_id = \(shop)::bigint AND h.hook_id = \(id)::bigint RETURNING \(sql: Hook.columns)
            """
        ) { try Hook(&$0) }
        guard let hook else { return .failure(.unknown(what: "hook", name: id.description)) }
        try connection.execute(
            """
            UPDATE hook_delivery SET status = 'failed', last_error = 'the hook was retired'
             WHERE shop_id = \(shop)::bigint AND hook_id = \(id)::bigint AND status = 'waiting'
            """)
        try HookAudit.write(connection, "hook.retire", hook, by: caller, now: now)
        return .success(hook)
    }
}

enum HookRows {
    static func load(_ connection: Connection, _ id: HookID, shop: ShopID) throws -> Hook? {
        try connection.queryOne(
            "SELECT \(sql: Hook.columns) FROM hook h WHERE h.shop_id = \(shop)::bigint AND h.hook_id = \(id)::bigint"
        ) { try Hook(&$0) }
    }
}

enum HookAudit {
    /// The address without its query, which may hold a secret of the receiver's.
    static func write(_ connection: Connection, _ action: String, _ hook: Hook, by caller: Caller, now: Date) throws {
        let address = String(hook.url.prefix { $0 != "?" && $0 != "#" })
        try Audit.write(
            connection, shop: hook.shop, by: caller, action: action, subject: hook.id.description,
            detail: ["url": address, "topics": hook.topics.joined(separator: ",")], now: now)
    }
}
