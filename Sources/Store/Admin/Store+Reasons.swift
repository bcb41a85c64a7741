import Domain
import FoundationEssentials
import Postgres

/// A reason code of a shop.
public struct ReasonView: Sendable, Hashable {
    public let reason: Reason
    /// Every shop has it, and it cannot be retired.
    public let isBuiltIn: Bool
    public let isRetired: Bool
}

extension Store {
    /// The reason codes of a shop: the built-in ones, then its own by name, also retired ones.
    public func reasons(of shop: ShopID) async throws -> [ReasonView] {
        let own = try await pool.read { connection in
            try connection.query("SELECT reason, retired_at IS NOT NULL FROM reason WHERE shop_id = \(shop)::bigint ORDER BY reason") { row in
                (name: try row.next(String.self), isRetired: try row.next(Bool.self))
            }
        }
        return Reason.builtIn.map { ReasonView(reason: $0, isBuiltIn: true, isRetired: false) }
            + own.compactMap { row in
                Reason(rawValue: row.name).flatMap { reason in
                    Reason.builtIn.contains(reason) ? nil : ReasonView(reason: reason, isBuiltIn: false, isRetired: row.isRetired)
                }
            }
    }

    /// Adds a reason code, or takes a retired one back into use.
    public func addReason(_ name: String, to shop: ShopID, by caller: Caller) async throws -> Result<Reason, Refusal> {
        if let refusal = caller.refusal(for: .manageReasons) { return .failure(refusal) }
        guard let reason = Reason(rawValue: name) else {
            return .failure(ShopCheck.wrong("reason", "1 to 32 of a-z, 0-9, _ and -, starting with a letter", name))
        }
        guard !Reason.builtIn.contains(reason) else { return .failure(.alreadyThere(what: "reason", name: name)) }
        return try await changeReason(reason, in: shop, by: caller, action: "reason.add") { connection, _ in
            try connection.execute(
                """
                INSERT INTO reason (shop_id, reason) VALUES (\(shop)::bigint, \(name))
                ON CONFLICT ON CONSTRAINT reason_pkey DO UPDATE SET retired_at = NULL WHERE reason.retired_at IS NOT NULL
                """) > 0 ? nil : .alreadyThere(what: "reason", name: name)
        }
    }

    /// No further correction takes the reason; what it was given for keeps it.
    public func retireReason(_ reason: Reason, in shop: ShopID, by caller: Caller) async throws -> Result<Reason, Refusal> {
        if let refusal = caller.refusal(for: .manageReasons) { return .failure(refusal) }
        return try await changeReason(reason, in: shop, by: caller, action: "reason.retire") { connection, now in
            try connection.execute(
                """
                UPDATE reason SET retired_at = coalesce(retired_at, \(now)::timestamptz)
                 WHERE shop_id = \(shop)::bigint AND reason = \(reason.rawValue)
                """) > 0 ? nil : .unknown(what: "reason", name: reason.rawValue)
        }
    }

    private func changeReason(
        _ reason: Reason, in shop: ShopID, by caller: Caller, action: String, _ change: @escaping @Sendable (Connection, _ now: Date) throws -> Refusal?
    ) async throws -> Result<Reason, Refusal> {
        let now = Timestamp.rounded(clock())
        let refusal: Refusal? = try await pool.transaction { connection in
            if let refusal = try change(connection, now) { return refusal }
            try Audit.write(connection, shop: shop, by: caller, action: action, subject: reason.rawValue, now: now)
            return nil
        }
        _ = try await allShops()
        return refusal.map(Result.failure) ?? .success(reason)
    }
}
