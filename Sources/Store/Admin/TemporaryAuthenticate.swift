import Crypto
import Domain
import Postgres

extension Store {
    /// Stands in until Store/Admin brings its own.
    public func authenticate(token: String) async throws -> (shop: ShopID, caller: Caller)? {
        let hash = Array(SHA256.hash(data: Array(token.utf8)))
        return try await pool.read { connection in
            try connection.queryOne("SELECT shop_id, label, scopes FROM token WHERE hash = \(hash) AND retired_at IS NULL") { row in
                let shop = try row.next(ShopID.self)
                let label = try row.next(String.self)
                let scopes = Set(try row.next([String].self).compactMap(TokenScope.init))
                return (shop: shop, caller: Caller.token(label, scopes: scopes))
            }
        }
    }
}
