import Domain
import Foundation
import Postgres
import Store
import TestSupport
import Testing

@testable import Web

@Suite struct FeedPageTests {
    @Test("the page says how the feed is doing, and why it fails, and what it did")
    func status() async throws {
        try await WebServer.with { server in
            let (lead, shop, store) = (try await server.browser(.lead), server.shop.id, server.store)
            #expect(try await lead.get("/feed").text.contains("The shop has not been read yet."))
            _ = try await store.takeFeedLease(shop, owner: "test", seconds: 60)
            try await store.beginPass(shop, owner: "test")
            let figures = IntakeFigures.sample
            try await store.endPass(shop, owner: "test", FeedPassEnd(figures: figures, nextPassAt: server.shop.clock.now.addingTimeInterval(30)))
            let good = try await lead.get("/feed").text
            #expect(good.contains("The shop is being read.") && good.contains("<dd>277</dd>") && good.contains("Next pass"))
            let failure = FeedPassEnd(
                figures: IntakeFigures(), error: "The key <b>may not</b> read orders.", errorKind: "no-permission",
                nextPassAt: server.shop.clock.now.addingTimeInterval(60))
            try await store.endPass(shop, owner: "test", failure)
            let away = try await lead.get("/feed").text
            #expect(away.contains("could not be read since") && away.contains("&lt;b&gt;may not&lt;/b&gt;") && !away.contains("<b>may not"))
            #expect(away.contains("Failed passes in a row"))
        }
    }

    @Test("what is asked for is a row that wakes the daemon, asked once, and its answer is shown in words")
    func asking() async throws {
        try await WebServer.with { server in
            let (lead, shop, store) = (try await server.browser(.lead), server.shop.id, server.store)
            for path in ["/feed/pass", "/feed/sweep", "/feed/test", "/feed/test", "/feed/replay"] {
                let answer = try await lead.post(path)
                #expect(answer.status == 303 && answer.header("location") == "/feed", "\(path)")
            }
            let state = try await store.feedState(shop)
            #expect(state?.isPassRequested == true && state?.isSweepRequested == true)
            #expect(try await lead.post("/feed/import", [("order", "#1234")]).status == 303)
            let wrong = try await lead.post("/feed/import", [("order", "12x")])
            #expect(wrong.status == 422 && wrong.text.contains("digits only"))
            #expect(try await store.feedRequests(shop).map(\.errand) == [.importOrder(OrderID(1234)), .replay(nil), .test])
            #expect(try await lead.get("/feed").text.contains("waiting to be done"))
            let test = try #require(try await store.nextFeedRequest(shop))
            let step = FeedAnswer.Step(outcome: "bad", sentence: "The key may not read orders.")
            try await store.answerFeedRequest(test.id, in: shop, FeedAnswer(.tested, isGood: false, steps: [step]))
            let page = try await lead.get("/feed").text
            #expect(page.contains("something is in the way") && page.contains("The key may not read orders."))
            let second = try #require(try await store.nextFeedRequest(shop))
            #expect(second.errand == .replay(nil) && second.askedBy == "Ana")
            try await store.answerFeedRequest(second.id, in: shop, FeedAnswer(.replayed, isGood: false, tried: 3, stayed: 1))
            #expect(try await lead.get("/feed").text.contains("tried: 3, still not understood: 1"))
            let audited = try await store.audit(of: shop).items.filter { $0.action.hasPrefix("feed.") }
            #expect(audited.map(\.action).sorted() == ["feed.import", "feed.pass", "feed.replay", "feed.sweep", "feed.test"])
            #expect(audited.allSatisfy { $0.actor.contains("@") })
        }
    }

    @Test("why it fails and what was not understood is said in the reader's language, with the exact words beside it")
    func languages() async throws {
        try await WebServer.with { server in
            let staff = try await TestStaff.add(.lead, "lea@example.test", to: server.shop)
            _ = try await server.store.setOwnLanguage("sl", of: staff)
            let (lead, shop, store) = (try await server.browser(staff), server.shop.id, server.store)
            _ = try await store.takeFeedLease(shop, owner: "test", seconds: 60)
            try await store.beginPass(shop, owner: "test")
            try await store.endPass(
                shop, owner: "test",
                FeedPassEnd(figures: IntakeFigures(), error: "https://x does not know the consumer key.", errorKind: "unknown-key", nextPassAt: server.shop.clock.now))
            let reason = "line_items[2].quantity: expected a number, found \"<i>\""
            try await store.keepReject(
                RejectedDocument(source: .poll, order: OrderID(7), reason: reason, raw: Array("{}".utf8), receivedAt: server.shop.clock.now), shop: shop)
            #expect(try await lead.post("/feed/test").status == 303)
            let asked = try #require(try await store.nextFeedRequest(shop))
            let steps = [("good", "The key may read orders.", "keys-good"), ("bad", "not JSON, or cut off", "rejected"), ("bad", "Unheard of.", "no-such-slug")]
            try await store.answerFeedRequest(asked.id, in: shop, FeedAnswer(.tested, isGood: false, steps: steps.map { .init(outcome: $0, sentence: $1, code: $2) }))
            let page = try await lead.get("/feed").text
            for text in [
                "Trgovina ključa ne pozna", "https://x does not know the consumer key.", "Neko polje ni takšno, kot bi moralo biti: line_items[2].quantity.",
                "found &quot;&lt;i&gt;&quot;", "Ključ sme brati naročila.", "The key may read orders.", "To niso berljivi podatki", "Unheard of.",
            ] { #expect(page.contains(text), "\(text)") }
        }
    }

    @Test("every reason that the feed's sources write is known to the page")
    func words() throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")
        func read(_ path: String) throws -> String { try String(contentsOf: sources.appendingPathComponent(path), encoding: .utf8) }
        func found(_ pattern: String, _ text: String) throws -> Set<String> {
            let expression = try NSRegularExpression(pattern: pattern)
            return Set(expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap { Range($0.range(at: 1), in: text).map { String(text[$0]) } })
        }
        let kinds = try read("OrderFeed/Requests/FeedFailure.swift")
        let plain = try found("(?m)case ([a-zA-Z]+)$", kinds)
        #expect(try found("case [a-zA-Z]+ = \"([a-z-]+)\"", kinds).union(plain) == Set(FeedWords.failures))
        let steps = try read("OrderFeed/Desk/FeedDesk+Connection.swift")
        let errands = try read("OrderFeed/Desk/FeedErrands.swift")
        let codes = try found("code: \"([a-z-]+)\"", steps + errands).union(try found("\", \"([a-z-]+)\"\\)", errands))
        #expect(codes == Set(FeedWords.steps).union([FeedWords.rejected]))
        var reasons: Set<String> = []
        for path in ["OrderFeed/Walk/SightReader.swift", "OrderFeed/Deliveries/Delivery.swift", "OrderFeed/Deliveries/DeliveryIntake.swift",
            "Store/Intake/Store+TakeIn.swift", "Store/Feed/Store+Push.swift", "OrderFeed/WooCommerce/OrderDocumentError.swift"] {
            let text = try read(path)
            reasons.formUnion(try found("reason(?::| =) \"([^\"]+)\"", text))
            reasons.formUnion(try found("(?m)case \\.[a-zA-Z(, )]+: \"([^\"]+)\"", text))
        }
        let told = Set(reasons.filter { !$0.hasPrefix("\\(path)") }.map { RejectReason($0).key })
        #expect(told == Set(TextFamilies.rejects).subtracting(["other", "field"]))
        #expect(RejectReason("line_items[2].quantity: expected a number, found \"x\"").field == "line_items[2].quantity")
        #expect(RejectReason("somebody said: expected more").key == "other")
    }

    @Test("rejects are listed as they came, escaped, and one is replayed by its number; another shop's is unknown (P13)")
    func rejects() async throws {
        try await WebServer.with { server in
            let (lead, store) = (try await server.browser(.lead), server.store)
            let other = try await TestShop.add(to: server.shop.test, slug: "other")
            for number in 1...25 {
                let raw = Array("{\"id\":\(number),\"billing\":\"<script>alert(1)</script>\"}".utf8)
                try await store.keepReject(
                    RejectedDocument(source: .poll, order: OrderID(Int64(number)), reason: "line_items: expected a list", raw: raw, receivedAt: server.shop.clock.now),
                    shop: server.shop.id)
            }
            try await store.keepReject(
                RejectedDocument(source: .poll, order: OrderID(777), reason: "theirs", raw: Array("{}".utf8), receivedAt: server.shop.clock.now), shop: other.id)
            let page = try await lead.get("/feed")
            #expect(page.text.contains("25 open") && page.text.contains("line_items: expected a list") && !page.text.contains("<script>alert"))
            #expect(!page.text.contains("#777") && page.text.contains("#20<") && !page.text.contains("#21<"))
            let next = try #require(page.link("next"))
            #expect(try await lead.get(next).text.contains("#25<"))
            let ours = try #require(try await store.rejects(server.shop.id).first)
            let theirs = try #require(try await store.rejects(other.id).first)
            #expect(try await lead.post("/feed/replay", [("reject", "\(ours.id)")]).status == 303)
            #expect(try await lead.post("/feed/replay", [("reject", "\(theirs.id)")]).status == 404)
            #expect(try await store.nextFeedRequest(server.shop.id)?.errand == .replay(ours.id))
            #expect(try await store.nextFeedRequest(other.id)?.errand == nil)
        }
    }
}

extension IntakeFigures {
    static var sample: IntakeFigures {
        var figures = IntakeFigures()
        figures.seen = 277
        figures.changed = 41
        return figures
    }
}
