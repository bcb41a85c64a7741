import Testing

@testable import DemoShop

@Suite("What happens in the shop moves what a real shop moves")
struct BookTests {
    /// What happened after a minute, and whether the newer and the older shop say so in the modification time.
    struct Change: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let movesNewer: Bool
        let movesOlder: Bool
        let make: @Sendable (ShopBook, Int) throws -> Void
    }

    static let changes: [Change] = [
        Change(testDescription: "status", movesNewer: true, movesOlder: true) { try $0.setStatus($1, "completed") },
        Change(testDescription: "empty save", movesNewer: true, movesOlder: false) { try $0.setStatus($1, "processing") },
        Change(testDescription: "e-mail", movesNewer: true, movesOlder: false) { try $0.editEmail($1, to: "Nova@Example.com") },
        Change(testDescription: "quantity", movesNewer: true, movesOlder: false) {
            try $0.editQuantity($1, line: $0.lines(of: $1)[0], to: 2)
        },
        Change(testDescription: "line alone", movesNewer: false, movesOlder: false) {
            try $0.editQuantity($1, line: $0.lines(of: $1)[0], to: 2, savingOrder: false)
        },
        Change(testDescription: "refund of 0", movesNewer: true, movesOlder: true) {
            try $0.refundQuantityOnly($1, line: $0.lines(of: $1)[0], quantity: 1)
        },
        Change(testDescription: "refund deleted", movesNewer: false, movesOlder: false) { try $0.deleteRefund($0.refunds(of: $1)[0]) },
        Change(testDescription: "trash", movesNewer: true, movesOlder: true) { try $0.trash($1) },
        Change(testDescription: "SKU renamed", movesNewer: false, movesOlder: false) { book, _ in
            try book.renameSKU("SUP-START", to: "SUP-NEW")
        },
    ]

    @Test("the modification time moves as the table says", arguments: changes, [false, true])
    func moves(_ change: Change, older: Bool) throws {
        let shop = try TestShop { $0.olderVersion = older }
        let id = try shop.orders.sell([CartLine("SUP-START", quantity: 3)])
        try shop.orders.refund(id, .amount(cents: 100))
        let before = try shop.modified(id)
        shop.clock.advance(60)
        try change.make(shop.orders, id)
        #expect((try shop.modified(id) != before) == (older ? change.movesOlder : change.movesNewer))
        let after = try shop.modified(id) ?? ""
        let list = try shop.ids("?status=any,trash&orderby=modified&order=asc") + shop.ids("?status=trash")
        #expect(list == [id])
        #expect(try shop.ids("?dates_are_gmt=true&status=trash,processing,completed&modified_after=\(after)").isEmpty)
    }

    @Test("paying a pending order sets the day it was paid, once; completing sets its own")
    func paying() throws {
        let shop = try TestShop()
        let id = try shop.orders.sell([CartLine("SUP-PRO")], status: "pending")
        #expect(try shop.order(id)["date_paid"] == .null)
        #expect(try shop.order(id)["needs_payment"] == .bool(true))
        shop.clock.advance(60)
        try shop.orders.pay(id)
        let paid = try shop.order(id)["date_paid_gmt"]
        #expect(paid == .string("2026-11-22T01:50:00"))
        #expect(shop.orders.status(of: id) == "processing")
        shop.clock.advance(60)
        try shop.orders.setStatus(id, "cancelled")
        try shop.orders.setStatus(id, "completed")
        #expect(try shop.order(id)["date_paid_gmt"] == paid)
        #expect(try shop.order(id)["date_completed_gmt"] == .string("2026-11-22T01:51:00"))
    }

    @Test("refunds add up to the order and no further, and the last one makes it refunded")
    func refunds() throws {
        let shop = try TestShop()
        let id = try shop.orders.sell([CartLine("SUP-START", quantity: 3)])
        let line = shop.orders.lines(of: id)[0]
        for _ in 0..<2 { try shop.orders.refund(id, .lines([.init(line: line, quantity: 1)])) }
        #expect(shop.orders.status(of: id) == "processing")
        #expect(throws: ShopBookError.refundTooHigh(leftCents: 59_78)) { try shop.orders.refund(id, .amount(cents: 59_79)) }
        #expect(throws: ShopBookError.unknownLine(7)) { try shop.orders.refund(id, .lines([.init(line: 7, quantity: 1)])) }
        #expect(throws: ShopBookError.outOfRange) { try shop.orders.refund(id, .lines([])) }
        try shop.orders.refund(id, .lines([.init(line: line, quantity: 1)]))
        #expect(shop.orders.status(of: id) == "refunded")
        let refunds = try JSONReader.value(shop.get("/wp-json/wc/v3/orders/\(id)/refunds").body).items
        #expect(refunds.compactMap { $0["id"]?.whole } == shop.orders.refunds(of: id).reversed())
        #expect(refunds.map { $0["meta_data"]?.items[0]["value"]?.text } == ["full", "partial", "partial"])
    }

    @Test("the status refunded set by hand refunds all that is left, by amount and without lines")
    func refundedByHand() throws {
        let shop = try TestShop()
        let id = try shop.orders.sell([CartLine("SUP-PRO")])
        try shop.orders.refund(id, .amount(cents: 10_00))
        try shop.orders.setStatus(id, "refunded")
        let refund = try JSONReader.value(shop.get("/wp-json/wc/v3/orders/\(id)/refunds").body).items[0]
        #expect(refund["amount"]?.text == "232.78")
        #expect(refund["line_items"] == .array([]) && refund["reason"]?.text == "Order fully refunded.")
    }

    @Test("a refund of quantity alone is of 0.00, and -0.00 in the order")
    func quantityOnly() throws {
        let shop = try TestShop()
        let id = try shop.orders.sell([CartLine("SUP-START")])
        try shop.orders.refundQuantityOnly(id, line: shop.orders.lines(of: id)[0], quantity: 1)
        #expect(try shop.order(id)["refunds"]?.items[0]["total"]?.text == "-0.00")
        let refunds = try JSONReader.value(shop.get("/wp-json/wc/v3/orders/\(id)/refunds").body)
        #expect(refunds.shape == (try Recording.value("scenario/refund-line-qty-without-amount.refunds.json")).shape)
        #expect(shop.orders.status(of: id) == "processing")
    }

    @Test("a trashed order leaves the list, answers by id and comes back as it was; a deleted one is gone")
    func trash() throws {
        let shop = try TestShop()
        let id = try shop.orders.sell([CartLine("SUP-START")], status: "completed")
        try shop.orders.trash(id)
        #expect(try shop.ids("").isEmpty && shop.ids("?status=any,trash").isEmpty)
        #expect(try shop.ids("?status=trash") == [id])
        #expect(try shop.order(id)["status"]?.text == "trash")
        try shop.orders.revive(id)
        #expect(try shop.ids("") == [id] && shop.orders.status(of: id) == "completed")
        #expect(throws: ShopBookError.notTrashed(id)) { try shop.orders.revive(id) }
        try shop.orders.forceDelete(id)
        #expect(shop.get("/wp-json/wc/v3/orders/\(id)").status == 404)
        #expect(shop.get("/wp-json/wc/v3/orders/\(id)/refunds").text == "[]")
    }

    @Test("a line of quantity 0 leaves the order, and the sums follow")
    func lineRemoved() throws {
        let shop = try TestShop()
        let id = try shop.orders.sell([CartLine("SUP-START"), CartLine("MUG-1", quantity: 2)])
        let lines = shop.orders.lines(of: id)
        try shop.orders.editQuantity(id, line: lines[0], to: 4)
        #expect(try shop.order(id)["total"]?.text == "269.62")
        try shop.orders.editQuantity(id, line: lines[1], to: 0)
        #expect(try shop.order(id)["total"]?.text == "239.12")
        #expect(shop.orders.lines(of: id) == [lines[0]])
    }

    @Test("a recorded order is served as it is, and may then live on")
    func put() throws {
        let shop = try TestShop()
        let name = "scenario/refund-partial-line-1-of-3"
        let id = try shop.orders.put(rawOrderJSON: Recording.text("\(name).json"), refunds: Recording.text("\(name).refunds.json"))
        #expect(id == 53)
        #expect(shop.get("/wp-json/wc/v3/orders/53").body == (try Recording.bytes("\(name).json")))
        #expect(shop.get("/wp-json/wc/v3/orders/53/refunds").body == (try Recording.bytes("\(name).refunds.json")))
        try shop.orders.deleteRefund(54)
        #expect(shop.get("/wp-json/wc/v3/orders/53/refunds").text == "[]")
        #expect(try shop.order(53)["refunds"] == .array([]))
        #expect(try shop.orders.leftCents(of: 53) == 194_59)
        #expect(throws: ShopBookError.unreadableDocument) { try shop.orders.put(rawOrderJSON: "{\"id\":1}") }
    }
}
