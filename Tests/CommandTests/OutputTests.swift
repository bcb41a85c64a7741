import Foundation
import Store
import TestSupport
import Testing

/// What people and pipes see.
@Suite struct OutputTests {
    @Test("in a pipe nothing is an escape code or a drawing; on a terminal what is left is drawn, within 80 columns, and NO_COLOR is honoured")
    func tables() async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            try await fixture.importPlans()
            let ticket = try await fixture.ticket()
            try await fixture.succeed("use", "\(ticket)", "--channel", "email", "--quantity", "2", "--key", "k")
            let commands = [
                ["ticket", "list"], ["ticket", "show", "\(ticket)"], ["ticket", "entries", "\(ticket)"], ["balance", "\(ticket)"], ["plan", "list"],
                ["shop", "list"], ["shop", "show", "demo"], ["channel", "list"], ["user", "list"], ["token", "list"],
            ]
            for command in commands {
                let piped = try await Program.run(command, environment: fixture.environment)
                #expect(piped.exitCode == 0 && !piped.output.contains("\u{1B}") && !piped.output.contains("█"), "\(command): \(piped.errors)")
                let shown = try await Program.onTerminal(command, environment: fixture.environment.merging(["NO_COLOR": "1"]) { $1 })
                #expect(shown.exitCode == 0 && !shown.output.contains("\u{1B}"), "\(command)")
                #expect(shown.lines.allSatisfy { $0.count <= 80 }, "\(command): \(shown.output)")
                let json = try await Program.run(command + ["--json"], environment: fixture.environment)
                #expect(json.exitCode == 0 && json.json != nil && json.lines.count == 2, "\(command): \(json.output)")
            }
            let drawn = try await Program.onTerminal(["balance", "\(ticket)"], environment: fixture.environment)
            #expect(drawn.output.contains("\u{1B}[1m") && drawn.output.contains("█████░░░"))
            let plain = try await fixture.succeed("balance", "\(ticket)")
            #expect(plain.output == """
                CHANNEL  LEFT  GRANTED  USED  HELD  EXPIRED  REVOKED
                email       3        5     2     0        0        0
                sms         5        5     0     0        0        0
                video       1        1     0     0        0        0

                """)
        }
    }

    @Test("names that the shop sent cannot write escape codes to a terminal")
    func harmless() async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            try await fixture.succeed("shop", "set", "demo", "--name", "a\u{1B}[31mb")
            let shown = try await fixture.succeed("shop", "list")
            #expect(!shown.output.contains("\u{1B}") && shown.output.contains("a [31mb"))
        }
    }

    @Test("help says what every setting expects, and completion scripts come for bash, zsh and fish")
    func help() async throws {
        let help = try await Program.run(["shop", "add", "--help"])
        #expect(help.exitCode == 0 && help.output.contains("--consumer-key-file <file>"))
        #expect(try await Program.run(["--version"]).exitCode == 0)
        for shell in ["bash", "zsh", "fish"] {
            let script = try await Program.run(["--generate-completion-script", shell])
            #expect(script.exitCode == 0 && script.output.contains("supportmeter"))
        }
    }
}
