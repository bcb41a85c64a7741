import Foundation
import TestSupport
import Testing

/// Neighbours that are away.
@Suite struct NeighbourTests {
    @Test("a shop that cannot be reached is 69 for poll and test, with the reason; what is known is still shown")
    func shopAway() async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            try await fixture.succeed("shop", "set", "demo", "--url", "http://127.0.0.1:1")
            let run = try await fixture.run("feed", "poll", "--shop", "demo", "--json")
            #expect(run.exitCode == 69, "\(run.errors)")
            #expect(run.errors.hasPrefix("supportmeter: ") && run.errors.split(separator: "\n").count == 1, "\(run.errors)")
            #expect(!run.errors.contains(CommandFixture.consumerKey) && !run.errors.contains(CommandFixture.consumerSecret))
            let told = try await fixture.run("shop", "test", "demo")
            #expect(told.exitCode == 69 && told.output.hasPrefix("bad      address    "), "\(told.output)")
            let json = try await fixture.run("shop", "test", "demo", "--json")
            let step = (json.json?["steps"] as? [[String: Any]])?.first
            #expect(json.exitCode == 69 && step?["kind"] as? String == "connection-refused", "\(json.output)")
            let status = try await fixture.succeed("feed", "status", "--json")
            #expect((status.json?["last_pass"] as? [String: Any])?["error_kind"] as? String == "connection-refused", "\(status.output)")
            #expect(try await fixture.succeed("feed", "rejects").output == "nothing was rejected\n")
            #expect(try await fixture.succeed("feed", "replay", "--json").json as? [String: Int] == ["seen": 0, "changed": 0, "ignored": 0, "rejected": 0])
            #expect(try await fixture.run("feed", "replay", "7").errors == "supportmeter: there is no reject \"7\"\n")
        }
    }

    @Test("a hook's secret is shown once; a ping that cannot be delivered is 69, is listed, and can be sent again")
    func hooks() async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            let added = try await fixture.succeed("hook", "add", "--url", "http://127.0.0.1:1/hook", "--topics", "credits.low", "--allow-private")
            #expect(added.output.hasPrefix("whsec_") && added.lines.count == 2)
            let list = try await fixture.succeed("hook", "list", "--json")
            let hook = try #require((list.json?["items"] as? [[String: Any]])?.first?["id"] as? Int)
            let test = try await fixture.run("hook", "test", "\(hook)")
            #expect(test.exitCode == 69 && test.errors.hasPrefix("supportmeter: delivery "), "\(test.errors)")
            let deliveries = try await fixture.succeed("hook", "deliveries", "\(hook)", "--json")
            let delivery = try #require((deliveries.json?["items"] as? [[String: Any]])?.first?["id"] as? Int)
            #expect(try await fixture.run("hook", "redeliver", "\(delivery)").exitCode == 69)
            try await fixture.succeed("hook", "set", "\(hook)", "--topics", "credits.low,credits.empty")
            try await fixture.succeed("hook", "retire", "\(hook)")
            let retired = try await fixture.run("hook", "test", "\(hook)")
            #expect(retired.exitCode == 1 && retired.errors == "supportmeter: there is no hook \"\(hook)\"\n")
            let shown = try await fixture.succeed("hook", "list")
            #expect(!shown.output.contains("whsec_"))
            let wrong = try await fixture.run("hook", "add", "--url", "file:///etc/passwd")
            #expect(wrong.exitCode == 2)
        }
    }
}
