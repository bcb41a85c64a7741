import Domain
import Foundation
import Store
import TestSupport
import Testing

/// A migrated database of a test's own, files of its own, and the binary run against it.
struct CommandFixture: Sendable {
    let test: TestStore
    let folder: String
    var environment: [String: String] { ["DATABASE_URL": test.database.url] }

    static let consumerKey = "ck_0123456789abcdef-consumer-key"
    static let consumerSecret = "cs_0123456789abcdef-consumer-secret"
    static let webhookSecret = "webhook-secret-0123456789"
    static let password = "correct horse battery"
    static let secrets = [consumerKey, consumerSecret, webhookSecret, password]

    static func with(_ body: (CommandFixture) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/supportmeter-commands-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await TestStore.with { test in
            test.clock.set(Date())
            try await body(CommandFixture(test: test, folder: folder))
        }
    }

    @discardableResult
    func run(_ arguments: String..., input: String = "") async throws -> Program.Run {
        try await Program.run(arguments, environment: environment, input: input)
    }

    /// Exit 0, or the test fails with what the program said.
    @discardableResult
    func succeed(_ arguments: String..., input: String = "") async throws -> Program.Run {
        let run = try await Program.run(arguments, environment: environment, input: input)
        #expect(run.exitCode == 0, "\(arguments): \(run.errors) \(run.output)")
        return run
    }

    /// Writes a file and returns its path.
    func file(_ name: String, _ text: String) throws -> String {
        let path = folder + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// The shop of the design's script.
    func addShop(_ slug: String = "demo") async throws {
        try await succeed(
            "shop", "add", "--slug", slug, "--name", "Demo", "--currency", "EUR", "--time-zone", "Europe/Ljubljana", "--feed", "rest", "--url",
            "https://shop.example", "--consumer-key-file", file("K", Self.consumerKey + "\n"), "--consumer-secret-file",
            file("S", Self.consumerSecret + "\r\n"), "--webhook-secret-file", file("W", Self.webhookSecret))
    }

    func importPlans(_ text: String = plans) async throws { try await succeed("plan", "import", file("plans.yaml", text)) }

    /// A paid order, taken in as the feed does, and the ticket it opened.
    func ticket(order: Int64 = 53) async throws -> TicketID {
        let shops = try await test.store.allShops()
        let shop = try #require(shops.first)
        var paid = TestShop.order(id: order, at: Date())
        paid.lines[0].sku = "SUP-START"
        let at = Timestamp.text(Date()).prefix(19)
        let payload = """
            {"id":\(order),"number":"\(order)","status":"processing","currency":"EUR","total":"59.78","date_created_gmt":"\(at)",
            "date_modified_gmt":"\(at)","date_paid_gmt":"\(at)","date_completed_gmt":null,"customer_id":0,"refunds":[],
            "billing":{"first_name":"Ana","last_name":"","email":"ana@example.test","phone":""},
            "line_items":[{"id":\(order * 10),"product_id":11,"variation_id":0,"sku":"SUP-START","name":"Podpora","quantity":1,
            "total":"49.00","total_tax":"10.78","subtotal":"49.00","price":49}]}
            """
        let seen = SeenOrder(order: paid, payload: payload, refunds: nil, seenAt: Date(), source: .poll)
        _ = try await test.store.takeIn([seen], shop: shop)
        return try #require(try await test.store.tickets(TicketFilter(), in: shop.id).items.first).number
    }

    /// The plan file of the design.
    static let plans = """
        plans:
          - shop: demo
            name: Podpora START
            match: { sku: [SUP-START], product_id: [], variation_id: [] }
            credits: { email: 5, sms: 5, video: 1 }
            prices: { email: 300, sms: 100, video: 2500 }
            valid_days: 90
            ticket: new
            priority: normal
            low: { email: 2 }
            overdraft: 0
            top_up_url: https://shop.example/product/podpora-start
        """
}
