import Domain
import FoundationEssentials
import Postgres

/// A first answer as it was kept with its key.
struct StoredAnswer: Sendable {
    let key: SpendKey
    let fingerprint: [UInt8]
    private let form: Form

    private enum Form: Sendable {
        case text(status: Int, body: String)
        /// What a usage's answer is written from.
        case usage(EntryID, CounterFigures)
    }

    /// The first answer again, byte for byte; 422 when the key was used for another request.
    func replay(_ connection: Connection, for fingerprint: [UInt8]) throws -> Answer {
        guard fingerprint == self.fingerprint else { return .refused(.keyReused) }
        switch form {
        case .text(let status, let body): return Answer(status: status, body: body, isReplayed: true)
        case .usage(let id, let figures):
            guard let entry = try EntryRows.load(connection, shop: key.shop, where: "e.entry_id = \(id)::bigint").first else {
                throw PostgresError(.protocol, "an answer was kept whose entry is not there")
            }
            let answer = Answer.entry(entry, counters: figures.after(entry.channel, balance: entry.balanceAfter))
            return Answer(status: answer.status, body: answer.body, isReplayed: true)
        }
    }

    /// The answers kept with any of the keys.
    static func load(_ connection: Connection, keys: [SpendKey]) throws -> [StoredAnswer] {
        try connection.query(
            """
            SELECT k.shop_id, k.key, k.fingerprint, k.status, k.body, k.entry_id, k.channels, k.figures
              FROM unnest(\(keys.map(\.shop))::bigint[], \(keys.map(\.key.text))::text[]) AS x (s, k)
              JOIN idempotency_key k ON k.shop_id = x.s AND k.key = x.k
            """
        ) { try StoredAnswer(&$0) }
    }

    private init(_ row: inout Row) throws {
        let shop = try row.next(ShopID.self)
        guard case .success(let key) = IdempotencyKey.read(try row.next(String.self)) else {
            throw PostgresError(.protocol, "a key was kept that is none")
        }
        self.key = SpendKey(shop: shop, key: key)
        fingerprint = try row.next([UInt8].self)
        let status = try row.next(Int.self)
        if let body = try row.next(String?.self) {
            form = .text(status: status, body: body)
        } else {
            form = .usage(try row.next(), CounterFigures(channels: try row.next(), figures: try row.next()))
        }
    }
}

/// A key belongs to its shop.
struct SpendKey: Hashable, Sendable {
    let shop: ShopID
    let key: IdempotencyKey
}

extension Pool {
    /// A transaction that keeps an answer with its key. When another one kept an answer under the same key meanwhile it is run again, and finds it.
    func keyedTransaction<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        for _ in 0..<Pool.keyRetriesMax {
            do {
                return try await transaction(body)
            } catch where DatabaseRule(error) == .idempotencyKeyPkey {
                continue
            }
        }
        return try await transaction(body)
    }

    private static let keyRetriesMax = 3
}
