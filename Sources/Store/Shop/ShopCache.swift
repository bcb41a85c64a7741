import Domain
import FoundationEssentials
import Postgres
import Synchronization

/// Shops and actors as last read. What is not found is read again at once; what is found may be `secondsMax` old.
final class ShopCache: Sendable {
    static let secondsMax = 2.0
    /// Actors remembered before all are forgotten.
    static let actorsMax = 10_000

    struct ActorKey: Hashable { let shop: ShopID, kind: String, label: String, role: Role? }
    private struct State {
        var shops: [ShopID: Shop] = [:]
        var readAt = Date.distantPast
        var actors: [ActorKey: ActorID] = [:]
    }
    private let state = Mutex(State())

    func shop(_ id: ShopID, now: Date) -> Shop? {
        state.withLock { abs(now.timeIntervalSince($0.readAt)) < ShopCache.secondsMax ? $0.shops[id] : nil }
    }

    func shop(slug: String, now: Date) -> Shop? {
        state.withLock { state in
            abs(now.timeIntervalSince(state.readAt)) < ShopCache.secondsMax ? state.shops.values.first { $0.slug == slug } : nil
        }
    }

    func keep(_ shops: [Shop], now: Date) {
        state.withLock { state in
            state.shops = Dictionary(shops.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
            state.readAt = now
        }
    }

    func actor(_ key: ActorKey) -> ActorID? { state.withLock { $0.actors[key] } }

    func keep(_ key: ActorKey, _ id: ActorID) {
        state.withLock { state in
            if state.actors.count >= ShopCache.actorsMax { state.actors = [:] }
            state.actors[key] = id
        }
    }
}

extension Store {
    /// The shop, at most `ShopCache.secondsMax` old; nil when there is none.
    public func shop(_ id: ShopID) async throws -> Shop? {
        let now = Date()
        if let shop = shops.shop(id, now: now) { return shop }
        return try await allShops().first { $0.id == id }
    }

    /// Every shop, also retired ones, as they are now.
    public func allShops() async throws -> [Shop] {
        let all = try await pool.transaction(readOnly: true, isolation: .repeatableRead) { try Shop.load($0, where: "true") }
        shops.keep(all, now: Date())
        return all
    }

    /// The shop of that slug, as it is now.
    public func shop(slug: String) async throws -> Shop? { try await allShops().first { $0.slug == slug } }

    /// The shop whose ticket has the number: numbers are one sequence over all shops.
    public func shop(ofTicket number: TicketID) async throws -> ShopID? {
        try await pool.read { try $0.queryOne("SELECT shop_id FROM ticket WHERE ticket_id = \(number)::bigint") { try $0.next() } }
    }

    func actor(_ caller: Caller, shop: ShopID) async throws -> ActorID {
        try await actor(shop: shop, kind: caller.kind.rawValue, label: caller.label, role: caller.role)
    }

    func actor(shop: ShopID, kind: String, label: String, role: Role?) async throws -> ActorID {
        let key = ShopCache.ActorKey(shop: shop, kind: kind, label: label, role: role)
        if let known = shops.actor(key) { return known }
        let id = try await pool.transaction { connection in
            try connection.queryOne(
                """
                INSERT INTO actor (shop_id, kind, label, role) VALUES (\(shop)::bigint, \(kind), \(label), \(role))
                ON CONFLICT ON CONSTRAINT actor_label_unique DO UPDATE SET role = excluded.role RETURNING actor_id
                """
            ) { try $0.next(ActorID.self) }
        }
        guard let id else { throw PostgresError(.protocol, "an actor was not returned") }
        shops.keep(key, id)
        return id
    }
}
