import Domain
import FoundationEssentials
import Postgres

/// How one of the ledger's functions decided, as the SQL type `spent` tells it.
struct Spent: Sendable {
    let status: String
    let entry: EntryID?
    let grants: [GrantID]
    let quantities: [Int64]
    let values: [Int64]
    let tickets: [TicketID]
    let available: Int64
    let pooled: Int64

    /// The columns to select from a function call named `f`, in the order that `init` reads them.
    static let columns: SQL = """
        (f.result).status, (f.result).entry_id, (f.result).slice_grants, (f.result).slice_quantities, (f.result).slice_values,
        (f.result).slice_tickets, (f.result).available, (f.result).pooled
        """

    init(_ row: inout Row) throws {
        status = try row.next()
        entry = try row.next()
        grants = try row.next([GrantID]?.self) ?? []
        quantities = try row.next([Int64]?.self) ?? []
        values = try row.next([Int64]?.self) ?? []
        tickets = try row.next([TicketID]?.self) ?? []
        available = try row.next(Int64?.self) ?? 0
        pooled = try row.next(Int64?.self) ?? 0
    }

    func slices(_ connection: Connection, shop: ShopID) throws -> [EntrySlice] {
        let currencies = try GrantCurrency.load(connection, shops: [shop], grants: grants)
        return grants.indices.map { index in
            EntrySlice(
                grant: grants[index], ticket: tickets[index], quantity: quantities[index], value: values[index],
                currency: currencies[grants[index]] ?? "")
        }
    }
}

/// One keyed write beside the lanes: who, where, under which key.
struct Decision: Sendable {
    let shop: Shop
    let key: IdempotencyKey
    let fingerprint: [UInt8]
    let actor: ActorID
    let caller: Caller
}

extension Store {
    /// Runs a keyed write as one transaction: the first answer again if the key has one, else the decision, kept with the key (P5).
    func decide(
        _ decision: Decision, _ body: @escaping @Sendable (Connection, _ now: Date) throws -> Answer
    ) async throws -> Answer {
        let now = Timestamp.rounded(clock())
        return try await pool.keyedTransaction { connection in
            let shop = decision.shop.id
            try connection.execute("SELECT lock_keys(ARRAY[\(shop)::bigint], ARRAY[\(decision.key.text)::text])")
            let key = SpendKey(shop: shop, key: decision.key)
            if let stored = try StoredAnswer.load(connection, keys: [key]).first { return try stored.replay(connection, for: decision.fingerprint) }
            let answer = try body(connection, now)
            if answer.isStored {
                try connection.execute(
                    """
                    INSERT INTO idempotency_key (shop_id, key, fingerprint, status, body, created_at)
                    VALUES (\(shop)::bigint, \(decision.key.text), \(decision.fingerprint), \(answer.status)::smallint, \(answer.body), \(now)::timestamptz)
                    """)
            }
            return answer
        }
    }

    /// Checks what needs no lock, then decides. `permission` may be nil when it depends on what is found under the lock.
    func keyed(
        _ shopID: ShopID, key: IdempotencyKey, fingerprint: [UInt8], by caller: Caller, permission: Permission?,
        _ body: @escaping @Sendable (Connection, Decision, _ now: Date) throws -> Answer
    ) async throws -> Answer {
        if let permission, let refusal = caller.refusal(for: permission) { return .refused(refusal) }
        guard let shop = try await shop(shopID) else { return .refused(.unknown(what: "shop", name: shopID.description)) }
        let actor = try await actor(caller, shop: shopID)
        let decision = Decision(shop: shop, key: key, fingerprint: fingerprint, actor: actor, caller: caller)
        return try await decide(decision) { try body($0, decision, $1) }
    }
}

extension Answer {
    /// The entry as it was just written, with its ticket's counters.
    static func written(
        _ connection: Connection, shop: ShopID, ticket: TicketID, entry: EntryView, hold: HoldView? = nil, now: Date
    ) throws -> Answer {
        let counters = try CounterRows.load(connection, shop: shop, tickets: [ticket], now: now)
        return .entry(entry, counters: counters[ticket] ?? [:], hold: hold)
    }
}
