import Domain
import Foundation
import Postgres
import Store
import TestSupport
import Testing

@Suite("P3 and P9: the database refuses by itself")
struct AppendOnlyTests {
    private static let attacks = ["UPDATE entry SET quantity = quantity + 1", "DELETE FROM entry", "TRUNCATE entry CASCADE"]

    @Test("entries are neither changed nor deleted, by their owner nor by a role that was granted everything", arguments: attacks, [nil, "clerk"])
    func appendOnly(attack: String, role: String?) async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            _ = try await shop.use(try await shop.ticket())
            let error = await #expect(throws: PostgresError.self) {
                try await test.database.pool.transaction { connection in
                    if let role {
                        let name = "\(role)_\(UUID().uuidString.prefix(8).lowercased())"
                        try connection.executeScript(
                            "CREATE ROLE \(name); GRANT ALL ON ALL TABLES IN SCHEMA public TO \(name); SET LOCAL ROLE \(name)")
                    }
                    try connection.executeScript(attack)
                }
            }
            #expect(error?.constraint == "entry_append_only" && error?.sqlState == "23001")
            #expect(try await test.store.verify().isClean)
        }
    }

    @Test(
        "a counter or a grant below zero is refused by the CHECK that names it",
        arguments: [
            ("UPDATE counter SET remaining = -1, used = granted + 1 WHERE channel = 'email'", "counter_remaining_not_negative"),
            ("UPDATE counter SET used = used + 1 WHERE channel = 'email'", "counter_adds_up"),
            ("UPDATE counter SET used = -1, remaining = remaining + 1 WHERE channel = 'email'", "counter_parts_not_negative"),
            ("UPDATE credit_grant SET used = granted + 1", "credit_grant_remaining_not_negative"),
            ("UPDATE credit_grant SET held = -1", "credit_grant_parts_not_negative"),
        ])
    func checks(statement: String, constraint: String) async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            _ = try await shop.ticket()
            let error = await #expect(throws: PostgresError.self) { try await test.database.pool.read { try $0.executeScript(statement) } }
            #expect(error?.isCheckViolation == true && error?.constraint == constraint)
        }
    }

    @Test("every rule of the database has a name, and each name is one case")
    func names() async throws {
        try await TestStore.with { test in
            let names = try await test.database.pool.read { connection in
                try connection.query(
                    """
                    SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'p', 'u', 'x')
                    UNION ALL SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                     WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique
                       AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x'))
                    UNION ALL SELECT tgname FROM pg_trigger WHERE tgname IN ('entry_append_only', 'entry_period_open')
                    """
                ) { try $0.next(String.self) }
            }
            #expect(Set(names).count == names.count)
            #expect(Set(names) == Set(DatabaseRule.allCases.map(\.rawValue)))
        }
    }

    @Test("a broken rule is told by its case")
    func broken() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            _ = try await shop.ticket()
            let error = await #expect(throws: PostgresError.self) {
                try await test.database.pool.read { try $0.executeScript("UPDATE entry SET quantity = 7") }
            }
            #expect(error.flatMap { DatabaseRule($0) } == .entryAppendOnly)
        }
    }
}
