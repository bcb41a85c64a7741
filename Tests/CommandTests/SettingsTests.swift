import Foundation
import TestSupport
import Testing

@Suite struct SettingsTests {
    @Test("a flag wins over the environment, that over the file, that over the default; the table says where each comes from")
    func order() async throws {
        try await CommandFixture.with { fixture in
            let file = try fixture.file("s.yaml", "listen: 127.0.0.1:1\npool-connections: 7\nlog-level: warning\n")
            let run = try await Program.run(
                ["settings", "--json", "--config", file, "--listen", "127.0.0.1:3"],
                environment: ["SUPPORTMETER_LISTEN": "127.0.0.1:2", "SUPPORTMETER_LOG_LEVEL": "debug", "DATABASE_URL": "postgresql://a:geheim@b/c"])
            #expect(run.exitCode == 0)
            let items = try #require(run.json?["items"] as? [[String: Any]])
            func shown(_ name: String) -> [String?] {
                let item = items.first { $0["name"] as? String == name }
                return [item?["value"] as? String, item?["source"] as? String]
            }
            #expect(shown("listen") == ["127.0.0.1:3", "--listen"])
            #expect(shown("log-level") == ["debug", "SUPPORTMETER_LOG_LEVEL"])
            #expect(shown("pool-connections") == ["7", file])
            #expect(shown("data-dir") == [nil, "default"])
            #expect(shown("database-url") == ["***", "DATABASE_URL"])
            #expect(!run.output.contains("geheim"))
            for item in items {
                #expect(item["summary"] is String && item["type"] is String && item["expected"] is String && item["secret"] is Bool)
            }
        }
    }

    @Test("a settings file with an unknown key, a wrong value or no YAML stops with one line that names it")
    func files() async throws {
        try await CommandFixture.with { fixture in
            let cases = [
                ("dta-dir: /x\n", "unknown setting \"dta-dir\"; `supportmeter settings` lists all there are"),
                ("listen: [1]\n", "listen: expected a text, found a list"),
                ("- a\n", "expected a mapping, found a list"),
                ("a: 'b\n", "not YAML at line "),
                ("listen: a:1\nlisten: b:2\n", "the key \"listen\" stands twice in a mapping, near line "),
            ]
            for (text, message) in cases {
                let file = try fixture.file("s.yaml", text)
                let run = try await Program.run(["settings"], environment: ["SUPPORTMETER_CONFIG": file])
                #expect(run.exitCode == 2)
                #expect(run.errors.hasPrefix("supportmeter: \(file): \(message)"), "\(run.errors)")
                #expect(run.errors.split(separator: "\n").count == 1)
            }
            let value = try fixture.file("s.yaml", "pool-wait-seconds: 61\n")
            let run = try await Program.run(["settings", "--config", value])
            #expect(run.exitCode == 2)
            #expect(run.errors == "supportmeter: setting pool-wait-seconds (\(value)): expected a whole number from 1 to 60, found \"61\"\n")
            let missing = try await Program.run(["settings", "--config", "/nowhere.yaml"])
            #expect(missing.exitCode == 2 && missing.errors == "supportmeter: settings file /nowhere.yaml: no such file\n")
        }
    }
}
