import Testing

@testable import DemoShop

@Suite("Documents are WooCommerce's, field for field")
struct DocumentTests {
    @Test(
        "a recorded document is written again byte for byte",
        arguments: ["guest-start-qty1", "variation", "refund-partial-line-1-of-3", "refund-partial-line-1-of-3.refunds", "trashed"])
    func roundTrip(_ name: String) throws {
        #expect(JSONWriter.bytes(try Recording.value("scenario/\(name).json")) == (try Recording.bytes("scenario/\(name).json")))
    }

    @Test("what is no JSON is refused with its place", arguments: ["", "{", "[1,]", "{\"a\":1}x", "nul", "\"\\u12\"", "[1 2]", "{a:1}"])
    func noJSON(_ text: String) {
        #expect(throws: JSONFault.self) { try JSONReader.value(Array(text.utf8)) }
    }

    @Test("nesting has a limit")
    func nesting() {
        #expect(throws: JSONFault.self) { try JSONReader.value(Array(repeating: UInt8(ascii: "["), count: 10_000)) }
    }

    @Test("a guest's order has the names, kinds, order and sums of the recorded one")
    func guest() throws {
        let shop = try TestShop()
        let order = try shop.order(shop.orders.sell([CartLine("SUP-START")]))
        var recorded = try Recording.value("scenario/guest-start-qty1.json")
        recorded["meta_data"] = .array([])
        #expect(order.shape == recorded.shape)
        for field in [
            "status", "total", "total_tax", "cart_tax", "currency", "version", "date_created", "date_created_gmt", "currency_symbol",
        ] {
            #expect(order[field] == recorded[field])
        }
        #expect(order["line_items"]?.items.first?["price"] == .number("49"))
        #expect(order["billing"]?["first_name"]?.text == "Žiga 🚀")
        #expect(JSONWriter.bytes(order).allSatisfy { $0 < 0x80 })
    }

    @Test("a variation shows its parent, its own SKU and the option, as recorded")
    func variation() throws {
        let shop = try TestShop()
        var person = ShopPerson.guest
        person.customerID = 4
        let cart = [CartLine("SUP-FLEX-10", quantity: 2), CartLine("SUP-FLEX-50")]
        let order = try shop.order(shop.orders.sell(cart, to: person, status: "completed"))
        var recorded = try Recording.value("scenario/variation.json")
        recorded["meta_data"] = .array([])
        #expect(order.shape == recorded.shape)
        let lines = order["line_items"]?.items ?? []
        #expect(lines.map { $0["variation_id"]?.whole } == [19, 20])
        #expect(lines.map { $0["product_id"]?.whole } == [18, 18])
        #expect(lines.map { $0["name"]?.text } == ["Podpora FLEX - 10 kreditov", "Podpora FLEX - 50 kreditov"])
        #expect(order["total"]?.text == "622.20")
    }

    @Test("a refund by line has the shape and sums of the recorded one")
    func refund() throws {
        let shop = try TestShop()
        let id = try shop.orders.sell([CartLine("SUP-START", quantity: 3), CartLine("MUG-1")], status: "completed")
        let line = shop.orders.lines(of: id)[0]
        try shop.orders.refund(id, .lines([.init(line: line, quantity: 1)]), reason: "Stranka ni zadovoljna – 1 paket")
        let recorded = try Recording.value("scenario/refund-partial-line-1-of-3.refunds.json")
        let refunds = try JSONReader.value(shop.get("/wp-json/wc/v3/orders/\(id)/refunds").body)
        #expect(refunds.shape == recorded.shape)
        #expect(refunds.items[0]["amount"]?.text == "59.78")
        let item = refunds.items[0]["line_items"]?.items[0]
        #expect(item?["quantity"]?.whole == -1)
        #expect(item?["total"]?.text == "-49.00")
        #expect(item?["meta_data"]?.items.last?["value"] == .string(String(line)))
        let order = try shop.order(id)
        #expect(order["refunds"]?.shape == (try Recording.value("scenario/refund-partial-line-1-of-3.json"))["refunds"]?.shape)
        #expect(order["refunds"]?.items[0]["total"]?.text == "-59.78")
        #expect(order["refunds"]?.items[0]["total_tax"]?.text == "-10.78")
        #expect(order["total"]?.text == "194.59")
    }

    @Test("the older shop lacks the fields it lacked")
    func older() throws {
        let shop = try TestShop { $0.olderVersion = true }
        let id = try shop.orders.sell([CartLine("SUP-START")])
        try shop.orders.refund(id, .amount(cents: 100))
        let order = try shop.order(id)
        #expect(order["version"]?.text == "7.9.0")
        #expect(order["line_items"]?.items[0]["global_unique_id"] == nil)
        #expect(order["refunds"]?.items[0]["total_tax"] == nil)
    }

    @Test("shop time and GMT are told apart, also where the autumn hour comes twice")
    func times() throws {
        let calendar = try #require(ShopCalendar(timeZone: "Europe/Ljubljana"))
        #expect(ShopCalendar.gmt(1_795_312_140) == "2026-11-22T01:49:00")
        #expect(calendar.local(1_795_312_140) == "2026-11-22T02:49:00")
        let first = try #require(ShopCalendar.seconds(gmt: "2026-10-25T00:30:00"))
        #expect(calendar.local(first) == calendar.local(first + 3_600))
        for day in stride(from: 0, through: 800_000, by: 997) {
            let seconds = day * 86_400 + 12_345
            #expect(ShopCalendar.seconds(gmt: ShopCalendar.gmt(seconds)) == seconds)
        }
        for text in ["2026-01-15T17:00:00", "2026-07-15T00:30:00"] {
            let wall = try #require(ShopCalendar.seconds(gmt: text))
            #expect(calendar.local(calendar.instant(wallClock: wall)) == text)
        }
    }
}
