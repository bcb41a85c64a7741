import Domain
import Foundation
import Postgres
import Store
import TestSupport
import Testing

/// Proofs, files and people.
@Suite struct DataTests {
    @Test("verify says that everything adds up, and exits 1 with the first row that does not")
    func verify() async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            try await fixture.importPlans()
            let ticket = try await fixture.ticket()
            try await fixture.succeed("use", "\(ticket)", "--channel", "email", "--quantity", "1", "--key", "k")
            let clean = try await fixture.succeed("verify")
            #expect(clean.output == "everything adds up: 1 shops, 1 tickets, 3 counters, 3 grants, 4 entries\n")
            #expect(try await fixture.succeed("verify", "--json").json?["clean"] as? Bool == true)
            _ = try await fixture.test.database.pool.transaction { try $0.execute("UPDATE counter SET used = used + 1, remaining = remaining - 1, burn_left = burn_left - 1 WHERE channel = 'sms'") }
            let broken = try await fixture.run("verify")
            #expect(broken.exitCode == 1 && broken.errors.contains("ticket \(ticket), channel sms"), "\(broken.errors)")
            let json = try await fixture.run("verify", "--json")
            #expect(json.exitCode == 1 && (json.json?["problem"] as? [String: Any])?["found"] is String)
        }
    }

    @Test("a backup is one private file, and comes back into an empty database proven; it is refused by one that is not empty")
    func backup() async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            try await fixture.importPlans()
            let ticket = try await fixture.ticket()
            let file = fixture.folder + "/backup.dump"
            try await fixture.succeed("backup", file)
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let full = try await fixture.run("restore", file)
            #expect(full.exitCode == 1 && full.errors.contains("restore into a new, empty database"))
            let empty = try await TestServer.shared.createDatabase()
            let restored = try await Program.run(["restore", file], environment: ["DATABASE_URL": empty.url])
            #expect(restored.exitCode == 0, "\(restored.errors)")
            let balance = try await Program.run(["balance", "\(ticket)", "--json"], environment: ["DATABASE_URL": empty.url])
            #expect((balance.json?["counters"] as? [String: [String: Int]])?["email"]?["remaining"] == 5)
            await empty.drop()
        }
    }

    @Test("a customer is exported as JSON and forgotten; the ledger goes to finance as CSV and JSON lines")
    func customers() async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            try await fixture.importPlans()
            let ticket = try await fixture.ticket()
            try await fixture.succeed("use", "\(ticket)", "--channel", "email", "--quantity", "1", "--reference", "mail 7", "--key", "k")
            let shown = try await fixture.succeed("ticket", "show", "\(ticket)", "--json")
            let customer = try #require((shown.json?["customer"] as? [String: Any])?["id"] as? Int)
            let export = try await fixture.succeed("customer", "export", "\(customer)")
            #expect(export.json != nil && export.output.contains("ana@example.test"))
            let csv = try await fixture.succeed("report", "entries", "--from", "2020-01", "--channel", "email")
            #expect(csv.output.split(separator: "\r\n").count == 3, "\(csv.output)")
            let lines = try await fixture.succeed("report", "entries", "--format", "jsonl", "--kind", "usage")
            #expect(lines.output.split(separator: "\n").count == 1)
            let bad = try await fixture.run("report", "entries", "--from", "May")
            #expect(bad.exitCode == 2 && bad.errors == "supportmeter: from: expected a day such as 2026-05-31 or a month such as 2026-05\n")
            try await fixture.succeed("customer", "erase", "\(customer)")
            let after = try await fixture.succeed("ticket", "show", "\(ticket)")
            #expect(!after.output.contains("Ana") && after.output.contains("(\(customer))"))
            let nobody = try await fixture.run("customer", "erase", "999999")
            #expect(nobody.exitCode == 1 && nobody.errors == "supportmeter: no customer has the id 999999\n")
        }
    }
}
