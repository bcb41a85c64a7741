import Domain
import Postgres

/// Finds the facts for an export piece by piece. A join in the export itself costs PostgreSQL more than the ledger's rows do, and where it has no
/// good idea of their number, a sort of them all before the first.
actor EntryFactFinder {
    /// Labels that are kept; later actors are looked up by the export.
    private static let actorsMax = 10_000
    /// Where less than one id in so many is needed, they are asked for one by one and not as a span.
    private static let idsPerRowMax: Int64 = 4

    private struct Keys {
        let entry: Int64
        let grant: Int64?
        let actor: Int64?
    }

    private let pool: Pool
    private let shop: ShopID
    private let agents: [Int64: String]
    /// The highest id whose label is known.
    nonisolated let actorsKnown: Int64
    private var currencies: [String] = []
    private var grants = KnownGrants()
    private var isFirst = true

    init(_ pool: Pool, shop: ShopID) async throws {
        (self.pool, self.shop) = (pool, shop)
        let most = EntryFactFinder.actorsMax
        let known = try await pool.read { connection in
            try connection.query("SELECT actor_id, label FROM actor WHERE shop_id = \(shop)::bigint ORDER BY actor_id LIMIT \(most)") { row in
                (try row.next(Int64.self), try row.next(String.self))
            }
        }
        agents = Dictionary(known) { first, _ in first }
        actorsKnown = known.last?.0 ?? 0
    }

    /// A piece of the export, with the facts of its rows.
    func records(_ bytes: [UInt8]) async throws -> EntryRecords {
        let rows = try BinaryRows(bytes, isFirst: isFirst)
        isFirst = false
        let keys = try EntryFactFinder.keys(rows)
        let found = try await grants(of: keys)
        var piece = EntryPiece(bytes)
        let codes = currencies.map { piece.put($0) }
        var labels: [Int64: EntryRecord.Text] = [:]
        var facts = zip(keys, found).map { key, grant in
            var facts = EntryFacts()
            facts.grant = grant.map { EntryFacts.Grant(currency: codes[$0.currency], order: $0.order, line: $0.line) }
            if let actor = key.actor {
                if labels[actor] == nil { labels[actor] = agents[actor].map { piece.put($0) } }
                facts.agent = labels[actor]
            }
            return facts
        }
        let notes = try await notes(keys)
        if !notes.isEmpty {
            for (place, key) in keys.enumerated() {
                guard let note = notes[key.entry] else { continue }
                facts[place].reference = note.reference.map { piece.put($0) }
                facts[place].note = note.note.map { piece.put($0) }
            }
        }
        return EntryRecords(rows, facts, in: piece.bytes)
    }

    private static func keys(_ rows: BinaryRows) throws -> [Keys] {
        var (rows, keys) = (rows, [Keys]())
        while try rows.nextRow() {
            keys.append(Keys(entry: try rows.int64() ?? 0, grant: try rows.int64(), actor: try rows.int64()))
            try rows.skipRow()
        }
        return keys
    }

    /// The grants of the keys, each at its place. Those that are not known any more are asked for.
    private func grants(of keys: [Keys]) async throws -> [KnownGrant?] {
        var found = keys.map { key in key.grant.flatMap { grants[$0] } }
        let missing = keys.indices.filter { keys[$0].grant != nil && found[$0] == nil }
        guard !missing.isEmpty else { return found }
        let asked = try await ask(for: Set(missing.compactMap { keys[$0].grant }).sorted())
        for place in missing {
            guard let id = keys[place].grant, let grant = asked[id] else {
                throw PostgresError(.protocol, "entry \(keys[place].entry) is of grant \(keys[place].grant ?? 0), which is not there")
            }
            found[place] = grant
        }
        return found
    }

    /// By ids that rise.
    private func ask(for ids: [Int64]) async throws -> [Int64: KnownGrant] {
        let condition: SQL = EntryFactFinder.isDense(ids)
            ? "grant_id BETWEEN \(ids.first)::bigint AND \(ids.last)::bigint" : "grant_id = ANY (\(ids)::bigint[])"
        let shop = shop
        let rows = try await pool.read { connection in
            try connection.query(
                "SELECT grant_id, currency, order_id, line_id FROM credit_grant WHERE shop_id = \(shop)::bigint AND \(sql: condition)"
            ) { row in (try row.next(Int64.self), try row.next(String.self), try row.next(Int64?.self), try row.next(Int64?.self)) }
        }
        var found: [Int64: KnownGrant] = [:]
        found.reserveCapacity(rows.count)
        for (id, currency, order, line) in rows {
            if !currencies.contains(currency) { currencies.append(currency) }
            let grant = KnownGrant(id: id, currency: currencies.firstIndex(of: currency) ?? 0, order: order, line: line)
            found[id] = grant
            grants.keep(grant)
        }
        return found
    }

    private static func isDense(_ ids: [Int64]) -> Bool {
        guard let first = ids.min(), let last = ids.max() else { return false }
        return last - first < Int64(ids.count) * idsPerRowMax
    }

    private func notes(_ keys: [Keys]) async throws -> [Int64: (reference: String?, note: String?)] {
        let entries = keys.map(\.entry)
        guard let first = entries.min(), let last = entries.max() else { return [:] }
        let condition: SQL = EntryFactFinder.isDense(entries)
            ? "entry_id BETWEEN \(first)::bigint AND \(last)::bigint" : "entry_id = ANY (\(entries)::bigint[])"
        let shop = shop
        let found = try await pool.read { connection in
            try connection.query(
                "SELECT entry_id, reference, note FROM entry_note WHERE shop_id = \(shop)::bigint AND \(sql: condition)"
            ) { row in (try row.next(Int64.self), (reference: try row.next(String?.self), note: try row.next(String?.self))) }
        }
        return Dictionary(found) { first, _ in first }
    }
}
