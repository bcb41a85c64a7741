import Foundation
import Store
import TestSupport
import Testing

@Suite struct PlanImportTests {
    private static func plan(_ name: String, _ rest: String) -> String { "  - shop: demo\n    name: \(name)\n" + rest }

    @Test(
        "a plan file that is not right is refused as a whole, and the message names the place",
        arguments: [
            ("planz: []", 2, "planz: unknown key; known here: plans"),
            ("plans: []", 2, "plans: expected 1 to 1000 plans"),
            ("plans: [", 2, "not YAML at line "),
            (
                "plans:\n" + plan("A", "    match: { sku: [X] }\n    credits: { email: 1 }\n    color: red\n"), 2,
                "plans[0].color: unknown key; known here: shop, name, match, credits"
            ),
            ("plans:\n" + plan("A", "    match: { sku: [X] }\n    credits: { fax: 1 }\n"), 1, "plans[0].credits.fax: expected one of email, sms, video, found \"fax\""),
            ("plans:\n" + plan("A", "    match: { sku: [X] }\n    credits: { email: -1 }\n"), 2, "plans[0].credits.email: expected a whole number from 0 to 1000000, found \"-1\""),
            ("plans:\n" + plan("A", "    match: { skus: [X] }\n    credits: { email: 1 }\n"), 2, "plans[0].match.skus: unknown key; known here: sku, product_id, variation_id"),
            ("plans:\n" + plan("A", "    match: { sku: X }\n    credits: { email: 1 }\n"), 2, "plans[0].match.sku: expected a list, found \"X\""),
            ("plans:\n" + plan("A", "    match: {}\n    credits: { email: 1 }\n"), 1, "plans[0].match: expected 1 to 1000 of sku, product_id and variation_id"),
            ("plans:\n" + plan("A", "    match: { sku: [X] }\n    credits: { email: 1 }\n    ticket: old\n"), 2, "plans[0].ticket: expected one of new, top-up, found \"old\""),
            ("plans:\n" + plan("A", "    match: { sku: [X] }\n    credits: { email: 1 }\n    low: 101%\n"), 2, "plans[0].low: expected a number of credits such as 2, or a percentage"),
            ("plans:\n" + plan("A", "    credits: { email: 1 }\n"), 2, "plans[0].match: is missing"),
            ("plans:\n  - shop: other\n    name: A\n    match: { sku: [X] }\n    credits: { email: 1 }\n", 1, "plans[0].shop: expected one of demo, found \"other\""),
            (
                "plans:\n" + plan("A", "    match: { sku: [X] }\n    credits: { email: 1 }\n") + plan("B", "    match: { sku: [Y, X] }\n    credits: { sms: 1 }\n"), 1,
                "plans: the plans \"A\" and \"B\" both match SKU X; a line can be bound to one plan only"
            ),
            (
                "plans:\n" + plan("A", "    match: { sku: [X] }\n    credits: { email: 1 }\n") + plan("A", "    match: { sku: [Y] }\n    credits: { sms: 1 }\n"), 1,
                "plans[1].name: expected another name than plans[0] has: \"A\""
            ),
            (
                "plans:\n" + plan("A", "    match: { sku: [SUP-START] }\n    credits: { email: 1 }\n"), 1,
                "plans: the plans \"Podpora START\" and \"A\" both match SKU SUP-START; a line can be bound to one plan only"
            ),
        ])
    func refused(_ text: String, _ exitCode: Int32, _ message: String) async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            try await fixture.importPlans()
            let path = try fixture.file("bad.yaml", text)
            let run = try await fixture.run("plan", "import", path)
            #expect(run.exitCode == exitCode)
            #expect(run.errors.hasPrefix("supportmeter: \(path): \(message)"), "\(run.errors)")
            #expect(run.errors.split(separator: "\n").count == 1)
            let plans = try await fixture.succeed("plan", "list", "--json")
            #expect((plans.json?["items"] as? [[String: Any]])?.map { $0["name"] as? String } == ["Podpora START"])
        }
    }

    @Test("an import makes a new version only when a plan changed, leaves absent plans alone, and brings retired ones back")
    func versions() async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            func imported(_ text: String) async throws -> [String] {
                let run = try await fixture.succeed("plan", "import", "-", "--json", input: text)
                let items = try #require(run.json?["items"] as? [[String: Any]])
                return items.map { "\($0["name"] ?? "") \($0["version"] ?? "") \($0["change"] ?? "")" }
            }
            #expect(try await imported(CommandFixture.plans) == ["Podpora START 1 added"])
            #expect(try await imported(CommandFixture.plans) == ["Podpora START 1 unchanged"])
            #expect(try await imported(CommandFixture.plans.replacing("email: 5", with: "email: 6")) == ["Podpora START 2 changed"])
            let other = "plans:\n  - { shop: demo, name: Video, match: { product_id: [13] }, credits: { video: 3 }, low: 20% }\n"
            #expect(try await imported(other) == ["Video 1 added"])
            try await fixture.succeed("plan", "retire", "Video")
            let list = try await fixture.succeed("plan", "list", "--json")
            let items = try #require(list.json?["items"] as? [[String: Any]])
            #expect(items.map { $0["retired"] as? Bool } == [false, true])
            #expect(try await imported(other) == ["Video 1 revived"])
            let shown = try await fixture.succeed("plan", "show", "Video", "--json")
            #expect(shown.json?["low"] as? String == "20%" && shown.json?["valid_days"] is NSNull)
        }
    }
}
