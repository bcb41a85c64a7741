import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// How long a retired token may still be good in another process, in seconds.
    public static let tokenSecondsMax = TokenCache.secondsMax

    /// A new token and its text, which is never told again. Without a label it is called after its number.
    public func createToken(
        scopes: Set<TokenScope>, label: String? = nil, for shop: ShopID, by caller: Caller
    ) async throws -> Result<(text: SecretText, token: TokenView), Refusal> {
        if let refusal = caller.refusal(for: .manageAccess) ?? Texts.refusal(label, field: "label") { return .failure(refusal) }
        guard !scopes.isEmpty else { return .failure(.missingField(field: "scope", expected: TokenScope.allCases.map(\.rawValue).joined(separator: ", "))) }
        let now = Timestamp.rounded(clock())
        let text = TokenText.make()
        let hash = TokenText.hash(text)
        let names = scopes.map(\.rawValue).sorted()
        return try await pool.transaction { connection in
            let token = try connection.queryOne(
                """
                WITH n AS (SELECT nextval(pg_get_serial_sequence('token', 'token_id')) AS id)
                INSERT INTO token (shop_id, token_id, hash, label, scopes, created_at)
                SELECT \(shop)::bigint, n.id, \(hash), coalesce(\(label), 'token ' || n.id), \(names)::text[], \(now)::timestamptz FROM n
                RETURNING \(sql: TokenRows.columns)
                """
            ) { try TokenRows.read(&$0) }
            guard let token else { throw PostgresError(.protocol, "a token was not returned") }
            try Audit.write(
                connection, shop: shop, by: caller, action: "token.create", subject: token.id.description,
                detail: ["label": token.label, "scopes": token.scopeText], now: now)
            return .success((SecretText(text), token))
        }
    }

    /// A shop's tokens by number, also retired ones.
    public func tokens(of shop: ShopID) async throws -> [TokenView] {
        try await pool.read { connection in
            try connection.query("SELECT \(sql: TokenRows.columns) FROM token WHERE shop_id = \(shop)::bigint ORDER BY token_id") {
                try TokenRows.read(&$0)
            }
        }
    }

    /// The token is no longer good: here at once, in another process within `tokenSecondsMax`.
    public func retireToken(_ id: TokenID, in shop: ShopID, by caller: Caller) async throws -> Result<TokenView, Refusal> {
        if let refusal = caller.refusal(for: .manageAccess) { return .failure(refusal) }
        let now = Timestamp.rounded(clock())
        let token: TokenView? = try await pool.transaction { connection in
            let token = try connection.queryOne(
                """
                UPDATE token SET retired_at = coalesce(retired_at, \(now)::timestamptz)
                 WHERE shop_id = \(shop)::bigint AND token_id = \(id)::bigint RETURNING \(sql: TokenRows.columns)
                """
            ) { try TokenRows.read(&$0) }
            guard let token else { return nil }
            try Audit.write(
                connection, shop: shop, by: caller, action: "token.retire", subject: id.description, detail: ["label": token.label], now: now)
            return token
        }
        tokenCache.forgetAll()
        return token.map(Result.success) ?? .failure(.unknown(what: "token", name: id.description))
    }

    /// Whose token it is and what it may do; nil for a token that is unknown or retired.
    public func authenticate(token: String) async throws -> (shop: ShopID, caller: Caller)? {
        guard token.hasPrefix(TokenText.prefix), token.utf8.count <= TokenText.lengthMax else { return nil }
        let hash = TokenText.hash(token)
        let now = Date()
        if let known = tokenCache.find(hash, now: now) { return (known.shop, known.caller) }
        let found = try await pool.read { connection in
            try connection.queryOne("SELECT \(sql: TokenRows.columns) FROM token WHERE hash = \(hash) AND retired_at IS NULL") {
                try TokenRows.read(&$0)
            }
        }
        guard let found else { return nil }
        let known = TokenCache.Known(shop: found.shop, caller: .token(found.label, scopes: found.scopes))
        tokenCache.keep(hash, known, now: now)
        return (known.shop, known.caller)
    }
}

enum TokenRows {
    static let columns: SQL = "token_id, shop_id, label, scopes, created_at, retired_at IS NOT NULL"

    static func read(_ row: inout Row) throws -> TokenView {
        TokenView(
            id: try row.next(), shop: try row.next(), label: try row.next(),
            scopes: Set(try row.next([String].self).compactMap(TokenScope.init(rawValue:))), createdAt: try row.next(), isRetired: try row.next())
    }
}
