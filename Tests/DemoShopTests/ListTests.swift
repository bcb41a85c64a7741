import Foundation
import Testing

@testable import DemoShop

@Suite("Lists answer as the recorded shops did")
struct ListTests {
    /// The file of what was recorded, and what was asked.
    static let recorded: [(file: String, target: String)] = [
        ("context-bad", "orders?context=bad"), ("dp-bad", "orders?dp=x"), ("modified_after-bad", "orders?modified_after=yesterday"),
        ("modified_after-date-only", "orders?modified_after=2026-11-22"), ("modified_after-empty", "orders?modified_after="),
        ("modified_after-epoch", "orders?modified_after=1700000000"), ("order-0", "orders/0"), ("order-bad", "orders?order=sideways"),
        ("order-missing", "orders/99999999"), ("order-not-a-number", "orders/abc"), ("orderby-bad", "orders?orderby=total_tax"),
        ("page-0", "orders?page=0"), ("page-negative", "orders?page=-1"), ("per_page-0", "orders?per_page=0"),
        ("per_page-101", "orders?per_page=101"), ("per_page-abc", "orders?per_page=abc"),
        ("refunds-of-missing-order", "orders/99999999/refunds"), ("route-missing", "nonsense"), ("status-bad", "orders?status=nonsense"),
        ("two-errors", "orders?per_page=0&order=sideways"), ("include-bad", "orders?include=a,b"),
        ("refund-wrong-parent", "orders/25/refunds/56"),
    ]

    @Test("wrong requests get the recorded words", arguments: recorded.indices)
    func wrong(_ place: Int) throws {
        let (file, target) = ListTests.recorded[place]
        let shop = try TestShop()
        try shop.orders.sell([CartLine("SUP-START")])
        #expect(shop.get("/wp-json/wc/v3/" + target).text == (try Recording.text("params/\(file).json")))
    }

    @Test("page links are the recorded ones, the one to page 0 included")
    func links() throws {
        let shop = try TestShop()
        try shop.orders.seedOrders(count: 277)
        let root = "https://127.0.0.1:8443/wp-json/wc/v3/orders?orderby=modified&order=asc&per_page=100&page="
        let tail = "&dates_are_gmt=1&status%5B0%5D=any&dp=2&context=view>"
        func page(_ number: Int) -> ShopReply {
            shop.get("/wp-json/wc/v3/orders?orderby=modified&order=asc&per_page=100&page=\(number)&dates_are_gmt=true")
        }
        #expect(page(1).header("Link") == "<\(root)2\(tail); rel=\"next\"")
        #expect(page(2).header("Link") == "<\(root)1\(tail); rel=\"prev\", <\(root)3\(tail); rel=\"next\"")
        #expect(page(3).header("X-WP-Total") == "277")
        #expect(page(3).header("X-WP-TotalPages") == "3")
        #expect(page(4).header("Link") == "<\(root)0&dates_are_gmt=1&status%5B0%5D=any>; rel=\"prev\"")
        #expect(page(4).header("X-WP-Total") == "0")
        #expect(page(4).text == "[]")
        let few = shop.get("/wp-json/wc/v3/orders?status=completed,processing&per_page=5").header("Link")
        let query = "per_page=5&status%5B0%5D=completed&status%5B1%5D=processing&dp=2&context=view&page=2"
        #expect(few == "<https://127.0.0.1:8443/wp-json/wc/v3/orders?\(query)>; rel=\"next\"")
    }

    @Test("the older shop tells the true total past its last page")
    func olderTotals() throws {
        let shop = try TestShop { $0.olderVersion = true }
        try shop.orders.seedOrders(count: 5)
        let reply = shop.get("/wp-json/wc/v3/orders?page=9")
        #expect(reply.text == "[]")
        #expect(reply.header("X-WP-Total") == "5")
    }

    @Test("ties are walked whole on the newer shop; on the older one pages repeat some orders and lose others")
    func ties() throws {
        for older in [false, true] {
            let shop = try TestShop { $0.olderVersion = older }
            let ids = try #require(try shop.orders.seedOrders(count: 60, stepSeconds: 0))
            let walked = try (1...9).flatMap { try shop.ids("?orderby=modified&order=asc&per_page=7&page=\($0)") }
            #expect(walked.count == 60)
            #expect((Set(walked).count == 60) == !older)
            #expect((walked == Array(ids)) == !older)
            #expect(try shop.ids("?orderby=id&order=asc&per_page=100") == Array(ids))
        }
    }

    @Test("modified_after leaves its own second out, and fractions are cut off")
    func exclusive() throws {
        let shop = try TestShop()
        let first = try shop.orders.sell([CartLine("SUP-START")])
        shop.clock.advance(1)
        let second = try shop.orders.sell([CartLine("SUP-START")])
        #expect(try shop.ids("?dates_are_gmt=true&modified_after=2026-11-22T01:49:00") == [second])
        #expect(try shop.ids("?dates_are_gmt=true&modified_after=2026-11-22T01:49:00.999") == [second])
        #expect(try shop.ids("?dates_are_gmt=true&modified_before=2026-11-22T01:49:01") == [first])
        #expect(try shop.ids("?dates_are_gmt=1&modified_after=2026-11-22T01:48:59&orderby=modified&order=asc") == [first, second])
        #expect(try shop.ids("?modified_after=2026-11-22T02:49:00") == [second])
        #expect(try shop.ids("?dates_are_gmt=true&after=2026-11-22T01:49:00&orderby=id") == [second])
    }

    @Test("a zone on modified_after hides the last hour of a shop at UTC+1", arguments: ["Z", "%2B00:00", "+00:00"])
    func zoneQuirk(_ zone: String) throws {
        let shop = try TestShop()
        try shop.orders.sell([CartLine("SUP-START")])
        #expect(try shop.ids("?dates_are_gmt=true&modified_after=2026-11-22T00:50:00").count == 1)
        #expect(try shop.ids("?dates_are_gmt=true&modified_after=2026-11-22T00:50:00\(zone)").isEmpty)
        #expect(try shop.ids("?dates_are_gmt=true&modified_after=2026-11-22T00:48:59\(zone)").count == 1)
    }

    @Test("statuses, ids and a plugin's status are filtered as they are in a shop")
    func filters() throws {
        let shop = try TestShop { $0.pluginStatuses = ["ready-to-call"] }
        let paid = try shop.orders.sell([CartLine("SUP-START")])
        let open = try shop.orders.sell([CartLine("SUP-START")], status: "pending")
        let special = try shop.orders.sell([CartLine("SUP-START")], status: "ready-to-call")
        let strange = try shop.orders.sell([CartLine("SUP-START")], status: "plugin-gone")
        let draft = try shop.orders.sell([CartLine("SUP-START")], status: "checkout-draft")
        #expect(try shop.ids("?order=asc") == [paid, open, special])
        #expect(try shop.ids("?status=pending,processing&orderby=id") == [open, paid])
        #expect(try shop.ids("?status[]=pending&status[]=processing&orderby=id&order=asc") == [paid, open])
        #expect(try shop.ids("?status=ready-to-call") == [special])
        #expect(try shop.ids("?include=\(open),\(paid)&orderby=id") == [open, paid])
        #expect(try shop.ids("?status=checkout-draft") == [draft])
        #expect(shop.get("/wp-json/wc/v3/orders/\(strange)").status == 200)
    }

    @Test("a big synthetic shop is walked by time without missing an order, and its pages do not change")
    func big() throws {
        let shop = try TestShop()
        let ids = try #require(try shop.orders.seedOrders(count: 20_000, stepSeconds: 3))
        #expect(shop.orders.count == 20_000)
        let page = try shop.ids("?orderby=modified&order=asc&per_page=100&page=200")
        #expect(page == Array(ids.suffix(100)))
        let document = shop.orders.document(of: ids.upperBound)
        #expect(document == shop.orders.document(of: ids.upperBound))
        try shop.orders.setStatus(ids.lowerBound + 3, "processing")
        #expect(try shop.ids("?orderby=modified&order=desc&per_page=1").count == 1)
        #expect(shop.orders.status(of: ids.lowerBound + 3) == "processing")
        #expect(throws: ShopBookError.full) { try shop.orders.seedOrders(count: ShopBook.ordersMax) }
    }

    @Test("the index needs no key, products and variations do, and index.php in front changes nothing")
    func others() throws {
        let shop = try TestShop()
        let index = try JSONReader.value(shop.get("/wp-json/").body)
        #expect(index["timezone_string"]?.text == "Europe/Ljubljana")
        #expect(index["gmt_offset"]?.whole == 1)
        let products = try JSONReader.value(shop.get("/wp-json/wc/v3/products?per_page=100").body).items
        #expect(products.compactMap { $0["id"]?.whole } == [18, 15, 14, 13, 12, 11])
        #expect(try JSONReader.value(shop.get("/wp-json/wc/v3/products/18/variations").body).items.count == 2)
        #expect(shop.get("/index.php/wp-json/wc/v3/orders").status == 200)
        #expect(shop.get("/?rest_route=/wc/v3/orders").status == 401)
        #expect(shop.get("/wp-json/wc/v9/orders").text == (try Recording.text("params/v4-missing.json")))
        #expect(shop.get("/").header("Content-Type")?.hasPrefix("text/html") == true)
    }
}
