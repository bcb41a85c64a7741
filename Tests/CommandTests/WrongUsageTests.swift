import Foundation
import Postgres
import Store
import TestSupport
import Testing

/// Bad input, each with its message and its exit code.
@Suite struct WrongUsageTests {
    @Test(
        "wrong arguments end with 2 and say what is wrong",
        arguments: [
            (["frob"], "Unexpected argument 'frob'"),
            (["use", "1042", "--channel", "email"], "give --quantity, --text-file or --seconds"),
            (["use", "1042", "--channel", "email", "--quantity", "9223372036854775808"], "The value '9223372036854775808' is invalid for '--quantity"),
            (["balance"], "give either a ticket's number or --customer"),
            (["token", "create", "--scope", "everything"], "The value 'everything' is invalid for '--scope"),
            (["ticket", "list", "--limit", "201"], "--limit: expected 1 to 200, found 201"),
            (["channel", "add", "call", "--rule", "video-minutes"], "--rule video-minutes needs --per-minutes"),
            (["shop", "list", "--log-level", "loud"], "supportmeter: setting log-level (--log-level): expected one of trace, debug"),
            (["plan", "import", "/nowhere/plans.yaml"], "supportmeter: plan file /nowhere/plans.yaml: no such file"),
            (["settings", "--listen", "8080"], "supportmeter: setting listen (--listen): expected a host and a port such as 127.0.0.1:8080, found \"8080\""),
            (["settings", "--pool-connections", "0"], "expected a whole number from 2 to 100, found \"0\""),
        ])
    func arguments(_ arguments: [String], _ message: String) async throws {
        let run = try await Program.run(arguments)
        #expect(run.exitCode == 2, "\(arguments)")
        #expect(run.errors.contains(message), "\(run.errors)")
        #expect(run.output.isEmpty)
    }

    @Test("a shop with a bad slug, currency, zone or address, or without its keys, is refused with the field and what would be right")
    func badShops() async throws {
        try await CommandFixture.with { fixture in
            let key = try fixture.file("K", "key")
            let cases: [(change: [String: String], message: String)] = [
                (["--slug": "De mo"], "slug: expected 1 to 63 lower-case letters, digits and hyphens, not starting with a hyphen, found \"De mo\""),
                (["--currency": "eur"], "currency: expected three capital letters of ISO 4217 such as EUR, found \"eur\""),
                (["--time-zone": "Ljubljana"], "time-zone: expected a name of the tz database such as Europe/Ljubljana, or UTC, found \"Ljubljana\""),
                (["--url": "ftp://x"], "url: expected an http:// or https:// address of at most 2000 characters, found \"ftp://x\""),
                (["--url": "https://a:b@x"], "url: expected an address without user and password; keys are read from files"),
                (["--consumer-key-file": "/nowhere"], "consumer key file /nowhere: no such file"),
            ]
            for (change, message) in cases {
                let given = [
                    "--slug": "demo", "--name": "Demo", "--currency": "EUR", "--time-zone": "Europe/Ljubljana", "--url": "https://shop.example",
                    "--consumer-key-file": key, "--consumer-secret-file": key,
                ].merging(change) { $1 }
                let run = try await Program.run(["shop", "add"] + given.flatMap { [$0.key, $0.value] }, environment: fixture.environment)
                #expect(run.exitCode == 2)
                #expect(run.errors == "supportmeter: \(message)\n")
            }
            let keyless = try await fixture.run(
                "shop", "add", "--slug", "demo", "--name", "D", "--currency", "EUR", "--time-zone", "UTC", "--url", "http://x")
            #expect(keyless.exitCode == 2 && keyless.errors.hasPrefix("supportmeter: consumer-key: expected the shop's REST key"))
            try await fixture.addShop()
            let twice = try await fixture.run(
                "shop", "add", "--slug", "demo", "--name", "D", "--currency", "EUR", "--time-zone", "UTC", "--url", "http://x", "--consumer-key-file",
                key, "--consumer-secret-file", key)
            #expect(twice.exitCode == 1 && twice.errors == "supportmeter: there is a shop \"demo\" already\n")
            let set = try await fixture.run("shop", "set", "demo", "--paying-status", "refunded")
            #expect(set.exitCode == 2 && set.errors == "supportmeter: paying-status: expected statuses that can entitle, found \"refunded\"\n")
        }
    }

    @Test("an unknown ticket, channel, shop, user or a quantity out of range is a no that says why")
    func unknowns() async throws {
        try await CommandFixture.with { fixture in
            let none = try await fixture.run("ticket", "list")
            #expect(none.exitCode == 1 && none.errors == "supportmeter: there is no shop yet: `supportmeter shop add` adds one\n")
            try await fixture.addShop()
            try await fixture.importPlans()
            let ticket = try await fixture.ticket()
            let cases: [([String], String)] = [
                (["use", "99999", "--channel", "email", "--quantity", "1", "--key", "a"], "no ticket has the number 99999"),
                (["use", "\(ticket)", "--channel", "fax", "--quantity", "1", "--key", "a"], "channel: expected one of email, sms, video, found \"fax\""),
                (["use", "\(ticket)", "--channel", "email", "--quantity", "0", "--key", "a"], "quantity: expected 1 to 1000000, found 0"),
                (["use", "\(ticket)", "--channel", "email", "--quantity", "-3", "--key", "a"], "quantity: expected 1 to 1000000, found -3"),
                (["ticket", "show", "7"], "no ticket has the number 7"),
                (["ticket", "list", "--shop", "nobody"], "there is no shop \"nobody\""),
                (["user", "retire", "nobody@example.com"], "there is no user \"nobody@example.com\""),
                (["channel", "retire", "email"], "channel: expected one that no plan grants; the plan \"Podpora START\" grants email"),
                (["hold", "release", "12345", "--key", "a"], "no hold has the id 12345"),
                (["adjust", "\(ticket)", "--channel", "email", "--quantity", "1", "--reason", "love", "--note", "n", "--key", "b"],
                    "reason: expected one of goodwill, correction, migration, other, found \"love\""),
            ]
            for (arguments, message) in cases {
                let run = try await Program.run(arguments, environment: fixture.environment)
                let isUsage = message.hasPrefix("channel: expected one that")
                #expect(run.exitCode == (isUsage ? 2 : 1), "\(arguments)")
                #expect(run.errors == "supportmeter: \(message)\n")
                #expect(run.output.isEmpty)
            }
            try await fixture.addShop("second")
            let which = try await fixture.run("ticket", "list")
            #expect(which.exitCode == 2 && which.errors == "supportmeter: name the shop with --shop: demo, second\n")
        }
    }

    @Test("a database that cannot be reached is 69, one that is newer than the binary is 1, each in one line without a password")
    func databases() async throws {
        let away = try await Program.run(["shop", "list"], environment: ["DATABASE_URL": "postgresql://ana:geheim@127.0.0.1:1/x"])
        #expect(away.exitCode == 69)
        #expect(away.errors == "supportmeter: the database is not reachable: connection to server at \"127.0.0.1\", port 1 failed: Connection refused\n")
        let wrong = try await Program.run(["shop", "list"], environment: ["DATABASE_URL": "geheim"])
        #expect(wrong.exitCode == 2)
        #expect(wrong.errors == "supportmeter: setting database-url (DATABASE_URL): expected a URL such as postgresql://user@host:5432/name\n")

        try await CommandFixture.with { fixture in
            _ = try await fixture.test.database.pool.transaction {
                try $0.execute("INSERT INTO schema_migration VALUES (999, '0999_future.sql', '\\x00', now())")
            }
            for command in [["shop", "list"], ["migrate"]] {
                let run = try await Program.run(command, environment: fixture.environment)
                #expect(run.exitCode == 1)
                #expect(
                    run.errors == "supportmeter: the database has schema version 999 and this supportmeter knows \(Store.schemaVersion): "
                        + "install the newer supportmeter, or restore a backup that fits this one\n")
            }
        }
    }
}
