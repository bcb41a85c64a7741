import Domain
import Postgres

/// Finds the facts for an export piece by piece. A join in the export itself costs PostgreSQL more than the ledger's rows do, and where it has no
/// good idea of their number, a sort of them all before the first.
actor EntryFactFinder {
    /// Labels that are kept; later actors are looked up by the export.
    private static let actorsMax = 10_000
    /// Grants that are kept, twice; work goes on with those that it was with lately.
    private static let grantsMax = 32_768
    /// Where a filter leaves less than one id in so many, notes are asked for one by one.
    private static let idsPerRowMax: Int64 = 4

    private struct Grant: Sendable {
        /// Its place in `currencies`.
        let currency: Int
        let order: Int64?
        let line: Int64?
    }

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
    private var grants: [Int64: Grant] = [:]
    private var olderGrants: [Int64: Grant] = [:]
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
        try await learn(keys)
        var piece = EntryPiece(bytes)
        let codes = currencies.map { piece.put($0) }
        var labels: [Int64: EntryRecord.Text] = [:]
        var facts = try keys.map { key in
            var facts = EntryFacts()
            if let id = key.grant {
                guard let grant = grant(id) else { throw PostgresError(.protocol, "entry \(key.entry) is of grant \(id), which is not there") }
                facts.grant = EntryFacts.Grant(currency: codes[grant.currency], order: grant.order, line: grant.line)
            }
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

    private func grant(_ id: Int64) -> Grant? {
        if let grant = grants[id] { return grant }
        guard let grant = olderGrants[id] else { return nil }
        keep(id, grant)
        return grant
    }

    private func keep(_ id: Int64, _ grant: Grant) {
        if grants.count >= EntryFactFinder.grantsMax { (olderGrants, grants) = (grants, [:]) }
        grants[id] = grant
    }

    /// Asks for the grants that are not kept. Afterwards those of all keys are: a piece has far fewer than are kept.
    private func learn(_ keys: [Keys]) async throws {
        var missing: Set<Int64> = []
        for case let id? in keys.lazy.map(\.grant) where grant(id) == nil { missing.insert(id) }
        guard !missing.isEmpty else { return }
        let (shop, asked) = (shop, missing.sorted())
        let found = try await pool.read { connection in
            try connection.query(
                """
                SELECT grant_id, currency, order_id, line_id FROM credit_grant WHERE shop_id = \(shop)::bigint AND grant_id = ANY (\(asked)::bigint[])
                """
            ) { row in (try row.next(Int64.self), try row.next(String.self), try row.next(Int64?.self), try row.next(Int64?.self)) }
        }
        for (id, currency, order, line) in found {
            if !currencies.contains(currency) { currencies.append(currency) }
            keep(id, Grant(currency: currencies.firstIndex(of: currency) ?? 0, order: order, line: line))
        }
    }

    private func notes(_ keys: [Keys]) async throws -> [Int64: (reference: String?, note: String?)] {
        let entries = keys.map(\.entry)
        guard let first = entries.min(), let last = entries.max() else { return [:] }
        let isDense = last - first < Int64(entries.count) * EntryFactFinder.idsPerRowMax
        let (shop, asked) = (shop, isDense ? [] : entries)
        let found = try await pool.read { connection in
            try connection.query(
                """
                SELECT entry_id, reference, note FROM entry_note WHERE shop_id = \(shop)::bigint AND entry_id BETWEEN \(first)::bigint AND \(last)::bigint
                   AND (\(isDense) OR entry_id = ANY (\(asked)::bigint[]))
                """
            ) { row in (try row.next(Int64.self), (reference: try row.next(String?.self), note: try row.next(String?.self))) }
        }
        return Dictionary(found) { first, _ in first }
    }
}
