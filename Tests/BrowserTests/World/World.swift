import Domain
import Foundation
import Postgres
import Store
import Synchronization
import TestSupport
import Testing

/// A test's own shop on the shared daemon: its people, its customers, and the windows that they look through.
final class World: Sendable {
    let daemon: ConsoleDaemon
    let shop: TestShop
    /// Part of every e-mail address, so that nobody is known at two shops.
    let slug: String
    private let pages = Mutex<[Page]>([])
    private let orders = Mutex<Int64>(100)

    static let password = "correct horse battery"
    /// A cheap hash of it, made beforehand: signing in costs no scrypt of full strength.
    private static let hash = "scrypt$16$8$1$MDEyMzQ1Njc4OWFiY2RlZg==$LYtM8Mh+uD5qDLQWvjcUOTNEVL2STXzMHwI4lieKYvI="

    var store: Store { shop.store }

    private init(_ daemon: ConsoleDaemon, _ shop: TestShop, _ slug: String) { (self.daemon, self.shop, self.slug) = (daemon, shop, slug) }

    /// Runs the body in a shop of its own. Whatever a page complained of fails the test; where a test fails, pictures are kept.
    static func with(pooling: Bool = false, _ body: (World) async throws -> Void) async throws {
        let daemon = try await ConsoleDaemon.shared()
        let slug = "s" + UUID().uuidString.prefix(8).lowercased()
        let world = World(daemon, try await TestShop.add(to: daemon.test, slug: slug, pooling: pooling), slug)
        do {
            try await body(world)
        } catch {
            let kept = await world.keepPictures()
            await world.close()
            throw BrowserError("\(error)\npictures: \(kept.joined(separator: " "))")
        }
        for page in world.pages.withLock({ $0 }) {
            let complaints = page.complaints()
            #expect(complaints.isEmpty, "a page complained")
        }
        await world.close()
    }

    private func close() async { for page in pages.withLock({ $0 }) { await page.close() } }

    private func keepPictures() async -> [String] {
        var kept: [String] = []
        for (number, page) in pages.withLock({ $0 }).enumerated() {
            let path = FileManager.default.temporaryDirectory.path + "/browser-failure-\(slug)-\(number + 1).png"
            if (try? await page.picture(path)) != nil { kept.append(path) }
            for complaint in page.complaints() { kept.append("[\(complaint)]") }
        }
        return kept
    }

    // MARK: People

    func address(_ name: String) -> String { "\(name.lowercased())@\(slug).test" }

    /// Adds somebody who may sign in with `World.password`.
    func add(_ name: String, _ role: Role, language: String = "en") async throws -> Staff {
        let email = address(name.split(separator: " ").first.map(String.init) ?? name)
        let id = try await shop.test.database.pool.transaction { [id = shop.id, hash = Self.hash] connection in
            try connection.queryOne(
                """
                INSERT INTO staff (shop_id, email, name, role, password_hash, language, created_at)
                VALUES (\(id.rawValue)::bigint, \(email), \(name), \(role.rawValue), \(hash), \(language), now()) RETURNING user_id
                """
            ) { try $0.next(Int64.self) }
        }
        return try #require(try await store.user(UserID(id ?? 0), in: shop.id))
    }

    /// An empty window of somebody who is not signed in.
    func window(width: Int = 1280, height: Int = 900) async throws -> Page {
        let page = try await Page.open(daemon.address, width: width, height: height)
        pages.withLock { $0.append(page) }
        return page
    }

    /// A window in which that person is signed in.
    func window(_ staff: Staff, width: Int = 1280, height: Int = 900) async throws -> Page {
        let page = try await window(width: width, height: height)
        try await signIn(staff, page)
        return page
    }

    /// A new session for a window, without the form.
    func signIn(_ staff: Staff, _ page: Page) async throws {
        let cookie = try await store.openSession(of: staff, browser: "Mozilla/5.0 (X11; Linux) Chrome/156.0", address: "127.0.0.1")
        try await page.setCookie("supportmeter_session", cookie.value)
    }

    // MARK: Customers

    /// A paid order of one START package (5 e-mails, 5 SMS, 1 video call; low at 2 e-mails), and the ticket that it opens.
    @discardableResult
    func ticket(
        _ name: String = "Tõnu Jõgi", phone: String = "+372 5555 0101", productID: Int64 = 11, quantity: Int64 = 1, daysAgo: Double = 0
    ) async throws -> TicketID {
        let number = orders.withLock { number in
            number += 1
            return number
        }
        let email = (name.split(separator: " ").first?.lowercased() ?? "x").folding(options: .diacriticInsensitive, locale: nil) + "@example.test"
        var order = TestShop.order(
            id: number, quantity: quantity, productID: productID, email: email, at: Date(timeIntervalSinceNow: -daysAgo * 86_400))
        (order.billingName, order.phone) = (name, phone)
        try await shop.take([order], seenAt: Date())
        return try #require(try await store.tickets(TicketFilter(order: OrderID(number)), in: shop.id).items.first).number
    }

    /// An order of one START package as the shop writes it.
    static func orderJSON(_ id: Int64) -> String {
        let at = Timestamp.text(Date()).prefix(19)
        return """
            {"id":\(id),"number":"\(id)","status":"processing","currency":"EUR","total":"59.78","date_created_gmt":"\(at)",
            "date_modified_gmt":"\(at)","date_paid_gmt":"\(at)","date_completed_gmt":null,"customer_id":0,"refunds":[],
            "billing":{"first_name":"Ana","last_name":"","email":"ana@example.test","phone":""},
            "line_items":[{"id":\(id * 10),"product_id":11,"variation_id":0,"sku":"SUP-START","name":"Podpora","quantity":1,
            "total":"49.00","total_tax":"10.78","subtotal":"49.00","price":49}]}
            """
    }

    /// The customer of a ticket writes.
    func hear(_ text: String, on ticket: TicketID, _ channel: Channel = .email, from: String? = nil) async throws {
        _ = try await store.receive(Incoming(ticket: ticket, channel: channel, text: text, from: from), in: shop.id).get()
    }

    /// Leaves so much of a channel.
    func leave(_ count: Int64, _ channel: Channel = .email, on ticket: TicketID) async throws {
        let counter = try #require(try await shop.counter(ticket, channel))
        let spend = counter.remaining - count
        if spend > 0 { #expect(try await shop.spend(ticket, channel.rawValue, spend).isSuccess) }
    }

    /// What is left, by the ledger.
    func remaining(_ ticket: TicketID, _ channel: Channel = .email) async throws -> Int64 {
        try #require(try await shop.counter(ticket, channel)).remaining
    }
}
