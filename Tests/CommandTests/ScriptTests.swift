import Domain
import Foundation
import Store
import TestSupport
import Testing

/// The script of the design, as other programs run it.
@Suite struct ScriptTests {
    @Test("the design's script runs as written, from an empty database to a spent credit, and its JSON can be scripted against")
    func script() async throws {
        let database = try await TestServer.shared.createDatabase()
        let environment = ["DATABASE_URL": database.url]
        let before = try await Program.run(["shop", "list"], environment: environment)
        #expect(before.exitCode == 1)
        #expect(before.errors == "supportmeter: the database has schema version 0 and this supportmeter needs \(Store.schemaVersion): run `supportmeter migrate`\n")
        let dry = try await Program.run(["migrate", "--dry-run", "--json"], environment: environment)
        #expect(dry.exitCode == 0 && dry.json?["dry_run"] as? Bool == true)
        #expect((dry.json?["files"] as? [String])?.count == Store.schemaVersion)
        #expect(try await Program.run(["migrate"], environment: environment).output.contains("0001_shop.sql"))
        let again = try await Program.run(["migrate"], environment: environment)
        #expect(again.exitCode == 0 && again.output == "schema version \(Store.schemaVersion): up to date\n")
        await database.drop()

        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            try await fixture.succeed("shop", "set", "demo", "--paying-status", "processing,completed", "--pooling", "on")
            try await fixture.importPlans()
            try await fixture.succeed("channel", "add", "--shop", "demo", "phone")
            try await fixture.succeed(
                "user", "add", "--email", "ana@example.com", "--name", "Ana", "--role", "agent", "--password-file",
                fixture.file("P", CommandFixture.password + "\n"))
            let token = try await fixture.succeed("token", "create", "--shop", "demo", "--scope", "usage:write,balance:read")
            #expect(token.output.hasPrefix("sm_") && token.lines.count == 2 && token.output.count == 47)
            let whose = try await fixture.test.store.authenticate(token: token.lines[0])
            #expect(whose?.caller == .token("token 1", scopes: [.usageWrite, .balanceRead]))

            let ticket = try await fixture.ticket()
            let used = try await fixture.succeed("use", "\(ticket)", "--channel", "email", "--quantity", "1", "--key", "K", "--json")
            #expect(used.errors.isEmpty)
            let counters = used.json?["counters"] as? [String: [String: Int]]
            #expect(counters?["email"] == ["granted": 5, "used": 1, "held": 0, "expired": 0, "revoked": 0, "remaining": 4, "shortfall": 0])
            #expect((used.json?["entry"] as? [String: Any])?["balance_after"] as? Int == 4)
            let replayed = try await fixture.succeed("use", "\(ticket)", "--channel", "email", "--quantity", "1", "--key", "K", "--json")
            #expect(replayed.output == used.output)
        }
    }

    @Test("`use` prints the API's answer byte for byte, and a refusal as its problem with exit 1")
    func answers() async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            try await fixture.importPlans()
            let ticket = try await fixture.ticket()
            let run = try await fixture.run("use", "\(ticket)", "--channel", "video", "--quantity", "1", "--key", "one", "--json")
            let shop = try #require(try await fixture.test.store.allShops().first).id
            let key = try #require(IdempotencyKey("one"))
            let answer = try await fixture.test.store.spend(
                Usage(ticket: ticket, channel: "video", quantity: 1), in: shop, key: key, by: .commandLine)
            #expect(answer.isReplayed && run.output == answer.body + "\n")

            let empty = try await fixture.run("use", "\(ticket)", "--channel", "video", "--quantity", "1", "--key", "two", "--json")
            #expect(empty.exitCode == 1 && empty.errors.isEmpty)
            #expect(empty.json?["type"] as? String == "urn:supportmeter:problem:insufficient-credits")
            let told = try await fixture.run("use", "\(ticket)", "--channel", "video", "--quantity", "1", "--key", "two")
            #expect(told.exitCode == 1 && told.output.isEmpty)
            #expect(told.errors.hasPrefix("supportmeter: quantity: 1 video needed, 0 left on the ticket"))
        }
    }

    @Test("without --key a key is made and told on stderr, and using it again does not act twice")
    func generatedKey() async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            try await fixture.importPlans()
            let ticket = try await fixture.ticket()
            let first = try await fixture.succeed("use", "\(ticket)", "--channel", "sms", "--quantity", "1")
            #expect(first.errors.hasPrefix("key cli-"))
            let key = String(first.errors.dropFirst(4).dropLast())
            let again = try await fixture.succeed("use", "\(ticket)", "--channel", "sms", "--quantity", "1", "--key", key)
            #expect(again.output.contains("done before under this key"))
            let balance = try await fixture.succeed("balance", "\(ticket)", "--json")
            #expect((balance.json?["counters"] as? [String: [String: Int]])?["sms"]?["remaining"] == 4)
        }
    }

    @Test("holds, reversals, adjustments and transfers work from a terminal as over HTTP")
    func corrections() async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            try await fixture.importPlans()
            let ticket = try await fixture.ticket()
            let other = try await fixture.ticket(order: 54)
            let held = try await fixture.succeed("hold", "place", "\(ticket)", "--channel", "sms", "--quantity", "3", "--json")
            let hold = try #require((held.json?["hold"] as? [String: Any])?["id"] as? Int)
            try await fixture.succeed("hold", "extend", "\(hold)", "--expires-in-seconds", "60")
            let captured = try await fixture.succeed("hold", "capture", "\(hold)", "--quantity", "2", "--json")
            #expect((captured.json?["counters"] as? [String: [String: Int]])?["sms"]?["used"] == 2)
            let late = try await fixture.run("hold", "release", "\(hold)")
            #expect(late.exitCode == 1 && late.errors.hasSuffix("supportmeter: hold \(hold) is already captured\n"))
            let second = try await fixture.succeed("hold", "place", "\(ticket)", "--channel", "sms", "--quantity", "1", "--json")
            try await fixture.succeed("hold", "release", "\(try #require((second.json?["hold"] as? [String: Any])?["id"] as? Int))")

            let used = try await fixture.succeed("use", "\(ticket)", "--channel", "email", "--quantity", "2", "--json")
            let entry = try #require((used.json?["entry"] as? [String: Any])?["id"] as? Int)
            try await fixture.succeed("reverse", "\(entry)", "--quantity", "1", "--reason", "correction", "--note", "one was spam")
            try await fixture.succeed("adjust", "\(ticket)", "--channel", "email", "--quantity", "-1", "--reason", "correction", "--note", "n")
            try await fixture.succeed("adjust", "\(ticket)", "--channel", "video", "--quantity", "2", "--reason", "goodwill", "--note", "n")
            try await fixture.succeed(
                "transfer", "\(ticket)", "--to", "#\(other)", "--channel", "email", "--quantity", "1", "--reason", "other", "--note", "n")
            let balance = try await fixture.succeed("balance", "\(ticket)", "--json")
            let counters = try #require(balance.json?["counters"] as? [String: [String: Int]])
            #expect(counters["email"]?["remaining"] == 2)
            #expect(counters["sms"]?["remaining"] == 3)
            #expect(counters["video"]?["remaining"] == 3)
            let list = try await fixture.succeed("ticket", "entries", "\(ticket)", "--json")
            #expect((list.json?["items"] as? [Any])?.count ?? 0 >= 10)
        }
    }
}
