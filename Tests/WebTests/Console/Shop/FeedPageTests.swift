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
            #expect(try await store.audit(of: shop).items.map(\.action).contains("feed.import"))
        }
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
