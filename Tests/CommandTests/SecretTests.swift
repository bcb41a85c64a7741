import Foundation
import Domain
import Store
import TestSupport
import Testing

/// P14 on the command line.
@Suite struct SecretTests {
    @Test("no command prints a secret, keeps one in the audit, or takes one as an argument; a token is shown once")
    func secrets() async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            let password = try fixture.file("P", CommandFixture.password + "\n")
            try await fixture.succeed("user", "add", "--email", " Ana@Example.com ", "--name", "Ana", "--role", "lead", "--password-file", password)
            try await fixture.succeed("user", "set", "ana@example.com", "--password-file", "-", input: CommandFixture.password + "\n")
            try await fixture.succeed("shop", "set", "demo", "--consumer-secret-file", fixture.file("S2", CommandFixture.consumerSecret))
            let made = try await fixture.succeed("token", "create", "--scope", "report:read", "--label", "books", "--log-level", "trace")
            let token = made.lines[0]
            #expect(!made.errors.contains(token))
            var seen = ""
            for command in [["shop", "list"], ["shop", "show", "demo"], ["user", "list"], ["token", "list"], ["settings"]] {
                for format in [[], ["--json"]] {
                    let run = try await Program.run(command + format + ["--log-level", "trace"], environment: fixture.environment)
                    #expect(run.exitCode == 0)
                    seen += run.output + run.errors
                }
            }
            seen += try await fixture.test.database.pool.read { connection in
                try connection.query("SELECT a::text FROM audit a") { try $0.next(String.self) }.joined(separator: "\n")
            }
            for secret in CommandFixture.secrets + [token, fixture.test.database.url] { #expect(!seen.contains(secret), "\(secret)") }
            #expect(seen.contains("user.add") && seen.contains("token.create") && seen.contains("shop.set") && seen.contains("books"))
            #expect(try await fixture.test.store.signIn(email: "ANA@example.com", password: SecretText(CommandFixture.password), shop: fixture.shop()) != nil)
        }
    }

    @Test("a secret file that is missing, unreadable, empty or a folder is named, never its content")
    func files() async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            let empty = try fixture.file("empty", "\n")
            let cases = [("/nowhere/secret", "no such file"), (fixture.folder, "is a folder, not a file"), (empty, "empty")]
            for (path, reason) in cases {
                let run = try await fixture.run("user", "add", "--email", "a@b", "--name", "A", "--role", "agent", "--password-file", path)
                #expect(run.exitCode == 2 && run.errors == "supportmeter: password file \(path): \(reason)\n")
            }
            let short = try await fixture.run(
                "user", "add", "--email", "a@b", "--name", "A", "--role", "agent", "--password-file", "-", input: "seven77")
            #expect(short.exitCode == 2 && short.errors == "supportmeter: password: expected 8 to 200 characters\n")
        }
    }
}

extension CommandFixture {
    func shop() async throws -> ShopID { try #require(try await test.store.allShops().first).id }
}
