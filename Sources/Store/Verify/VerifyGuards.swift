import Postgres

/// P9, and the rules that the database states itself: the guards must be there and in force.
enum VerifyGuards {
    /// Source: PostgreSQL's `pg_trigger.h`: ROW is 1, BEFORE 2, DELETE 8, UPDATE 16, TRUNCATE 32.
    private static let triggers: [(table: String, name: String, type: Int, does: String)] = [
        ("entry", "entry_append_only", 1 + 2 + 8 + 16, "refuses UPDATE and DELETE"), ("entry", "entry_no_truncate", 2 + 32, "refuses TRUNCATE"),
        ("revaluation", "revaluation_append_only", 1 + 2 + 8 + 16, "refuses UPDATE and DELETE"),
        ("revaluation", "revaluation_no_truncate", 2 + 32, "refuses TRUNCATE"),
    ]
    private static let checks: [(table: String, name: String)] = [
        ("counter", "counter_remaining_not_negative"), ("counter", "counter_parts_not_negative"), ("counter", "counter_adds_up"),
        ("credit_grant", "credit_grant_remaining_not_negative"), ("credit_grant", "credit_grant_parts_not_negative"),
        ("entry", "entry_balance_not_negative"), ("entry", "entry_quantity_positive"), ("entry", "entry_slices_match"),
        ("revaluation", "revaluation_balanced"), ("revaluation", "revaluation_pkey"), ("entry", "entry_kind_known"), ("entry", "entry_pkey"), ("idempotency_key", "idempotency_key_pkey"),
    ]
    private static let uniqueIndexes = ["credit_grant_line_unique", "entry_pkey", "ticket_number_unique", "idempotency_key_pkey"]

    static func firstProblem(_ connection: Connection) throws -> VerifyProblem? {
        try triggerProblem(connection) ?? constraintProblem(connection) ?? indexProblem(connection)
    }

    private static func triggerProblem(_ connection: Connection) throws -> VerifyProblem? {
        for trigger in triggers {
            let state = try connection.queryOne(
                """
                SELECT CASE WHEN t.tgenabled NOT IN ('O', 'A') THEN 'disabled'
                            WHEN t.tgtype <> \(trigger.type)::integer OR t.tgqual IS NOT NULL OR t.tgattr::text <> '' THEN 'changed'
                            WHEN p.proname <> 'entry_is_append_only' OR p.prosrc !~ '^\\s*BEGIN\\s+RAISE EXCEPTION' THEN 'calling something else'
                            ELSE 'enabled' END
                  FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                 WHERE t.tgrelid = to_regclass(\(trigger.table)) AND t.tgname = \(trigger.name)
                """
            ) { try $0.next(String.self) }
            if state != "enabled" {
                return VerifyProblem(
                    table: trigger.table, key: "trigger \(trigger.name)", rule: "entries are append-only: it \(trigger.does)",
                    found: state ?? "missing", expected: "enabled")
            }
        }
        return nil
    }

    private static func constraintProblem(_ connection: Connection) throws -> VerifyProblem? {
        for check in checks {
            let isValid = try connection.queryOne(
                "SELECT convalidated FROM pg_constraint WHERE conrelid = to_regclass(\(check.table)) AND conname = \(check.name)"
            ) { try $0.next(Bool.self) }
            if isValid != true {
                return VerifyProblem(
                    table: check.table, key: "constraint \(check.name)", rule: "the database states the rule itself",
                    found: isValid == nil ? "missing" : "not validated", expected: "in force")
            }
        }
        return nil
    }

    private static func indexProblem(_ connection: Connection) throws -> VerifyProblem? {
        for name in uniqueIndexes {
            let isSound = try connection.queryOne(
                "SELECT indisunique AND indisvalid AND indisready AND indislive FROM pg_index WHERE indexrelid = to_regclass(\(name))"
            ) { try $0.next(Bool.self) }
            if isSound != true {
                return VerifyProblem(
                    table: "pg_index", key: "index \(name)", rule: "what must be unique is so by an index",
                    found: isSound == nil ? "missing" : "not in force", expected: "in force")
            }
        }
        return nil
    }
}
