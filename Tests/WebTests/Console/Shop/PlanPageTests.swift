import Domain
import Foundation
import Store
import TestSupport
import Testing

@testable import Web

@Suite struct PlanPageTests {
    @Test("each plan in force says what it grants and which recent orders would match it, by what; a retired one matches nothing")
    func matches() async throws {
        try await WebServer.with { server in
            let (admin, shop) = (try await server.browser(.admin), server.shop)
            let lines = [
                #"{"id":1,"product_id":11,"variation_id":0,"sku":"","name":"<script>alert(1)</script>"}"#,
                #"{"id":2,"product_id":"12","variation_id":0,"sku":null,"name":"Pro"}"#,
                #"{"id":3,"product_id":99,"variation_id":21,"sku":"","name":"Flex"}"#,
                #"{"id":4,"product_id":98,"variation_id":0,"sku":"SUP-VIDEO","name":"Video"}"#, #"{"id":5,"product_id":97,"name":"Mug"}"#,
            ]
            let sights = lines.enumerated().map { place, line in
                let order = TestShop.order(id: Int64(500 + place), productID: 97, at: shop.clock.now)
                return SeenOrder(
                    order: order, payload: #"{"id":\#(500 + place),"line_items":[\#(line)]}"#, refunds: nil, seenAt: shop.clock.now, source: .poll)
            }
            _ = try await server.store.takeIn(sights, shop: try await shop.shop())
            _ = try await shop.ticket(order: 600)  // a payload that is no JSON
            let page = try await admin.get("/plans").text
            #expect(page.contains("6 recent orders were looked at.") && page.contains("1 of them has no readable document."))
            for name in ["Podpora START", "Podpora PRO", "Video", "Podpora FLEX"] { #expect(page.contains("<h2>\(name) "), "\(name)") }
            #expect(page.components(separatedBy: "Would match 1 of the last 6 orders").count == 5)
            for words in ["(product 11)", "(product 12)", "(variation 21)", "(SKU SUP-VIDEO)", "€25.00", "90 days after payment", "low at 2", "overdraft up to 2"] {
                #expect(page.contains(words), "\(words)")
            }
            #expect(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>alert") && !page.contains("Mug"))
            #expect(try await admin.post("/plans/retire", [("name", "Podpora PRO")]).status == 303)
            let after = try await admin.get("/plans").text
            #expect(after.contains("The plan Podpora PRO is retired.") && after.contains("Retired plans") && !after.contains("(product 12)"))
            #expect(try await admin.post("/plans/retire", [("name", "No such plan")]).status == 404)
            #expect(try await server.store.plans(of: shop.id).first { $0.name == "Podpora PRO" }?.retired == true)
        }
    }

    @Test("a shop without plans is told what to do")
    func none() async throws {
        try await WebServer.with { server in
            let bare = try await TestShop.add(to: server.shop.test, slug: "bare", plans: [])
            let staff = try await TestStaff.add(.admin, "bare@example.test", to: bare)
            #expect(try await server.browser(staff).get("/plans").text.contains("No plans yet"))
        }
    }
}
