import Domain
import Testing

/// Something that only a superuser could do to a ledger, and where it must show.
struct Tampering: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let table: String
    let rule: String
    /// How the row is named; `TICKET` stands for the ticket.
    let key: String
    /// `TICKET` stands for the ticket that is tampered with.
    private let sql: String

    init(_ description: String, table: String, rule: String, key: String = "ticket TICKET", _ sql: String) {
        (testDescription, self.table, self.rule, self.key, self.sql) = (description, table, rule, key, sql)
    }

    func script(ticket: TicketID) -> String { sql.replacing("TICKET", with: ticket.description) }
    func key(ticket: TicketID) -> String { key.replacing("TICKET", with: ticket.description) }

    private static func unguarded(_ sql: String) -> String {
        "ALTER TABLE entry DISABLE TRIGGER USER; \(sql); ALTER TABLE entry ENABLE TRIGGER USER"
    }

    static let all: [Tampering] = [
        Tampering(
            "the append-only trigger is disabled", table: "entry", rule: "append-only", key: "entry_append_only",
            "ALTER TABLE entry DISABLE TRIGGER entry_append_only"),
        Tampering(
            "the append-only trigger fires for replicas only", table: "entry", rule: "append-only", key: "entry_append_only",
            "ALTER TABLE entry ENABLE REPLICA TRIGGER entry_append_only"),
        Tampering(
            "the truncate trigger is dropped", table: "entry", rule: "append-only", key: "entry_no_truncate",
            "DROP TRIGGER entry_no_truncate ON entry"),
        Tampering(
            "the trigger's function does nothing", table: "entry", rule: "append-only", key: "entry_append_only",
            "CREATE OR REPLACE FUNCTION entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"),
        Tampering(
            "a constraint is dropped", table: "counter", rule: "states the rule", key: "counter_remaining_not_negative",
            "ALTER TABLE counter DROP CONSTRAINT counter_remaining_not_negative"),
        Tampering(
            "the index of P1 is dropped", table: "pg_index", rule: "unique", key: "credit_grant_line_unique", "DROP INDEX credit_grant_line_unique"),
        Tampering(
            "a counter is made larger", table: "counter", rule: "granted is the sum of its entries",
            "UPDATE counter SET granted = granted + 5, remaining = remaining + 5 WHERE ticket_id = TICKET"),
        Tampering(
            "used credits are forgotten", table: "counter", rule: "used is the sum of its entries",
            "UPDATE counter SET used = used - 1, remaining = remaining + 1 WHERE ticket_id = TICKET"),
        Tampering(
            "a counter disappears", table: "counter", rule: "sum of its entries",
            "ALTER TABLE credit_grant DROP CONSTRAINT credit_grant_counter_known; DELETE FROM counter WHERE ticket_id = TICKET"),
        Tampering("the shortfall is invented", table: "counter", rule: "shortfall", "UPDATE counter SET shortfall = 4 WHERE ticket_id = TICKET"),
        Tampering(
            "a due time is put off", table: "counter", rule: "next_due_at",
            "UPDATE counter SET next_due_at = 'infinity' WHERE ticket_id = TICKET"),
        Tampering(
            "spends take from a grant that is not the first", table: "counter", rule: "burn_grant",
            "UPDATE counter SET burn_grant = burn_grant + 1 WHERE ticket_id = TICKET"),
        Tampering(
            "a grant is made larger", table: "counter", rule: "granted is the sum of its grants",
            "UPDATE credit_grant SET granted = granted + 1 WHERE ticket_id = TICKET"),
        Tampering(
            "value is taken that no slice names", table: "credit_grant", rule: "is what its slices and revaluations defer",
            "UPDATE credit_grant SET value_taken = value_taken + 1 WHERE ticket_id = TICKET"),
        Tampering(
            "an entry is deleted", table: "counter", rule: "sum of its entries",
            unguarded("DELETE FROM entry WHERE ticket_id = TICKET AND kind = 'reversal'")),
        Tampering(
            "an entry is made larger", table: "counter", rule: "used is the sum of its entries",
            unguarded("UPDATE entry SET quantity = quantity + 1 WHERE ticket_id = TICKET AND kind = 'usage'")),
        Tampering(
            "a balance is rewritten", table: "entry", rule: "running sum",
            unguarded("UPDATE entry SET balance_after = balance_after + 1 WHERE ticket_id = TICKET AND kind = 'usage'")),
        Tampering(
            "a slice is moved to another grant", table: "credit_grant", rule: "sum of its slices",
            unguarded("UPDATE entry SET slice_grants = '{999999}' WHERE ticket_id = TICKET AND kind = 'usage'")),
        Tampering(
            "a slice's value is changed", table: "credit_grant", rule: "is what its slices and revaluations defer",
            unguarded("UPDATE entry SET slice_values = '{1}' WHERE ticket_id = TICKET AND kind = 'usage'")),
        Tampering(
            "revaluations may be changed", table: "revaluation", rule: "append-only", key: "revaluation_append_only",
            "DROP TRIGGER revaluation_append_only ON revaluation"),
        Tampering(
            "a revaluation is slipped in", table: "credit_grant", rule: "is what its slices and revaluations defer",
            """
            INSERT INTO revaluation (shop_id, ticket_id, channel, grant_id, order_id, line_id, currency, sold, refunded, recognised, deferred, recorded_at, effective_at)
            SELECT shop_id, ticket_id, channel, grant_id, order_id, line_id, currency, 0, -5, 0, 5, now(), now() FROM credit_grant WHERE ticket_id = TICKET
            """),
        Tampering(
            "the books of a line are made to show less refunded", table: "line_value", rule: "refunded is the sum", key: "order TICKET",
            "UPDATE line_value SET refunded = refunded - 1, corrected = corrected + 1 WHERE order_id = TICKET"),
        Tampering(
            "a grant is counted for more than it owes", table: "grant_counted", rule: "minor units counted are what the grant owes", key: "grant",
            "UPDATE grant_counted SET deferred = deferred + 1 WHERE grant_id = (SELECT grant_id FROM credit_grant WHERE ticket_id = TICKET)"),
        Tampering(
            "a total of grants is made larger", table: "grant_total", rule: "sum of the grants counted", key: "channel email",
            "UPDATE grant_total SET credits = credits + 1"),
        Tampering(
            "an entry is missing from a day", table: "ledger_day", rule: "what the ledger says", key: "kind usage",
            "UPDATE ledger_day SET used = used - 3 WHERE kind = 'usage'"),
        Tampering(
            "a day's entries are another day's", table: "ledger_day", rule: "what the ledger says", key: "kind",
            "UPDATE ledger_day SET day = day - 1"),
        Tampering(
            "a month forgets a correction", table: "ledger_month", rule: "sum of its days", key: "kind usage",
            "UPDATE ledger_month SET corrected_minor = corrected_minor + 1 WHERE kind = 'usage'"),
        Tampering(
            "a month owes more than it added", table: "owed_month", rule: "what the ledger says", key: "expiring",
            "UPDATE owed_month SET deferred = deferred + 1"),
        Tampering(
            "what is owed expires at another time", table: "owed_month", rule: "what the ledger says", key: "expiring",
            "UPDATE owed_month SET expires_at = '2030-01-01T00:00:00Z'"),
        Tampering(
            "a month counts a contact twice", table: "usage_month", rule: "sum of its days", key: "actor",
            "UPDATE usage_month SET contacts = contacts + 1"),
        Tampering(
            "a day counts a contact twice", table: "usage_day", rule: "what the ledger says", key: "actor",
            "UPDATE usage_day SET contacts = contacts + 1; UPDATE usage_month SET contacts = contacts + 1"),
        Tampering(
            "a hold's slice is closed", table: "credit_grant", rule: "open hold slices", key: "grant",
            "UPDATE hold_slice SET open = false WHERE ticket_id = TICKET"),
        Tampering(
            "a hold is called captured", table: "hold", rule: "an active hold has open slices", key: "hold",
            "UPDATE hold SET status = 'captured' WHERE ticket_id = TICKET"),
        Tampering(
            "a reversal names another entry", table: "entry", rule: "reversals give back no more", key: "entry",
            unguarded("UPDATE entry SET corrects_id = (SELECT min(entry_id) FROM entry WHERE ticket_id = TICKET) WHERE ticket_id = TICKET AND kind = 'reversal'")),
        Tampering(
            "entries of a ticket that does not exist are slipped in", table: "counter", rule: "sum of its entries", key: "ticket 999999",
            """
            INSERT INTO entry (shop_id, ticket_id, channel, kind, quantity, balance_after, slice_grants, slice_quantities, slice_values, actor_id,
                               recorded_at, effective_at)
            SELECT shop_id, 999999, channel, 'grant', 1, 1, '{1}', '{1}', '{0}', actor_id, recorded_at, effective_at FROM entry LIMIT 1
            """),
        Tampering(
            "an answer is kept whose entry is not there", table: "idempotency_key", rule: "names an entry", key: "key",
            "UPDATE idempotency_key SET entry_id = 999999 WHERE entry_id IN (SELECT entry_id FROM entry WHERE ticket_id = TICKET); UPDATE idempotency_key SET body = jsonb_set(body::jsonb, '{entry,id}', '999999') WHERE body LIKE '%\"ticket\":TICKET%' AND body LIKE '%\"kind\":\"usage\"%'"),
    ]
}
