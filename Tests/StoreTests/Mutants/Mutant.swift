import Postgres
import TestSupport

/// A fault put into one of the ledger's functions, in a database of its own, to see that the tests would notice.
struct Mutant: Sendable, CustomStringConvertible {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    let name: String
    /// The functions that it changes, each with what is replaced by what. All places are replaced.
    let changes: [(function: String, from: String, to: String)]
    /// What else it does to the schema.
    let script: String?

    var description: String { name }

    func apply(to test: TestStore) async throws {
        let (changes, script) = (changes, script)
        _ = try await test.database.pool.transaction { connection in
            if let script { try connection.executeScript(script) }
            for change in changes {
                let source = try connection.queryOne("SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = \(change.function)") { try $0.next(String.self) }
                guard let source, source.contains(change.from) else { throw Missing(description: "\(change.function) has no \"\(change.from)\"") }
                try connection.executeScript(source.replacing(change.from, with: change.to))
            }
        }
    }

    private init(_ name: String, _ changes: [(function: String, from: String, to: String)], script: String? = nil) {
        (self.name, self.changes, self.script) = (name, changes, script)
    }

    /// Only seen when several work at once.
    static let ofLocking = [
        Mutant("spends lock nothing", [("spend_each", "FOR UPDATE OF k", "")]),
        Mutant(
            "spends lock the newest entry instead of the counter",
            [
                (
                    "spend_each", "ORDER BY k.shop_id, k.ticket_id, k.channel FOR UPDATE OF k) l;",
                    """
                    ORDER BY k.shop_id, k.ticket_id, k.channel) l;
                    PERFORM 1 FROM entry e WHERE e.shop_id = ANY (p_shops) AND e.entry_id IN (
                        SELECT max(x.entry_id) FROM entry x WHERE x.shop_id = ANY (p_shops) AND x.ticket_id = ANY (p_tickets) GROUP BY x.ticket_id)
                     ORDER BY e.entry_id FOR UPDATE;
                    """
                )
            ]),
        Mutant("everything else locks nothing", [("lock_counters", " FOR UPDATE", "")]),
        Mutant("two answers may be kept under one key", [], script: "ALTER TABLE idempotency_key DROP CONSTRAINT idempotency_key_pkey"),
    ]

    /// Seen by one customer alone.
    static let ofRules = [
        Mutant("latest expiry first", [("draw", "ORDER BY g.expires_at,", "ORDER BY g.expires_at DESC,"), ("post", "ORDER BY x.expires_at,", "ORDER BY x.expires_at DESC,")]),
        Mutant("refunds by amount leave the books", [("value_line", "is_due OR FOUND OR v.is_off", "is_due")]),
        Mutant("what went back beyond the unused is forgotten", [("write_line", "- k.corrected AS corrected", "* 0 AS corrected")]),
        Mutant("a line's money is shared by credits alone", [("write_line", "THEN w.weight ELSE w.unused", "THEN w.unused ELSE w.unused")]),
        Mutant("revoked credits are not refunded", [("entitle_grant", "refunded = v.refunded + worth", "refunded = v.refunded")]),
        Mutant("newest grant first", [("draw", "g.starts_at,", "g.starts_at DESC,"), ("post", "x.starts_at,", "x.starts_at DESC,")]),
        Mutant("credits outlive their instant", [("settle_counter", "expires_at <= p_now", "expires_at < p_now"), ("draw", "expires_at > p_now", "expires_at >= p_now"), ("spend_at_once", "f.due > p_now", "f.due >= p_now"), ("spend_at_once", "k.next_due_at > p_now", "k.next_due_at >= p_now"), ("spend_one", "c.next_due_at > p_now", "c.next_due_at >= p_now"), ("spend_one", "s.next_due_at <= p_now", "s.next_due_at < p_now")]),
        Mutant("reads count what expired", [("counters_at", "x.expires_at <= p_now", "x.expires_at < p_now")]),
        Mutant("a batch tells slices' value from nothing", [("spend_at_once", "value_before = x.value_taken", "value_before = 0")]),
        Mutant("a lone spend tells its slice's value from nothing", [("spend_one", "greatest(x.value_taken, cumulative_value(x.value_minor, x.gone + p_quantity, x.granted)) - x.value_taken", "cumulative_value(x.value_minor, x.gone + p_quantity, x.granted)")]),
        Mutant("a hold outlives its deadline", [("settle_counter", "deadline <= p_now", "deadline < p_now")]),
        Mutant("re-entitlement beyond what was revoked", [("revoked_of", "greatest(0, least(", "(least(")]),
        Mutant("an adjustment is undone by the next sight", [("revoked_of", "g.moved", "g.taken")]),
        Mutant("reversal beyond the usage", [("reverse_usage", "missing > result.available OR", "")]),
        Mutant("first taken is given back first", [("reverse_usage", "entry_id DESC, place DESC", "entry_id, place")]),
        Mutant("overdraft without end", [("end_hold", "IF over > overdraft THEN", "IF false THEN")]),
        Mutant("a reversal leaves the shortfall", [("post", "p_kind IN ('capture', 'reversal')", "p_kind IN ('capture')")]),
        Mutant("a transfer loses its order line", [("transfer", "'transfer', o.order_id, o.line_id", "'transfer', NULL, NULL")]),
        Mutant("a transfer stays entitled where it was", [("transfer", "SET entitled = entitled - s.quantity", "SET entitled = entitled")]),
        Mutant("what comes back is not looked at", [("post", "p_kind IN ('release', 'lapse', 'reversal', 'restoration')", "false")]),
        Mutant("lenders lend without being asked", [("lenders", "AND s.pooling", "")]),
        Mutant("a raise grants the whole line again", [("sync_line", "greatest(0, p_entitled - o.granted)", "CASE WHEN p_entitled > o.granted THEN p_entitled ELSE 0 END")]),
    ]
}
