import Domain
import Foundation
import Store
import Testing

/// How orders come in, and what could not be understood.
@Suite struct FeedStories {
    @Test("an order that was not understood is listed with its reason; once the cause is gone it is replayed, and its ticket opens")
    func replay() async throws {
        try await World.with { world in
            let page = try await world.window(try await world.add("Lea Novak", .lead))
            for (order, raw) in [(501, World.orderJSON(501)), (502, #"{"id":502,"line_items":"<script>alert(1)</script>"}"#)] {
                try await world.store.keepReject(
                    RejectedDocument(source: .poll, order: OrderID(Int64(order)), reason: "line_items: expected a list", raw: Array(raw.utf8), receivedAt: Date()),
                    shop: world.shop.id)
            }
            try await page.goto("/feed")
            try await page.see("#rejects .count", "2 open")
            try await page.see("#rejects .reason", "A field is not as it should be: line_items.")
            try await page.see("#rejects li", "line_items: expected a list")
            try await page.visit("#rejects li:has(strong) button.small")
            try await page.see("#rejects .count", "1 open")
            try await page.goto("/tickets?view=all")
            try await page.see("tr[data-number]", "Ana")
            try await page.goto("/feed")
            try await page.visit("button", "Replay all")
            try await page.see(".asked li", "still not understood: 1")
            try await page.see("#rejects li", "#502")
        }
    }

    @Test("the page says in words that the shop cannot be reached; the connection test says what is wrong")
    func unreachable() async throws {
        try await World.with { world in
            let page = try await world.window(try await world.add("Lea Novak", .lead))
            try await page.goto("/feed")
            try await page.visit("button", "Test the connection")
            try await page.see(".asked li", "something is in the way")
            try await page.visit("button", "Pass now")
            try await page.see("#feed-now .notice.bad", "could not be read since") // by itself, when the pass has ended
            try await page.goto("/plans")
            try await page.see("h1", "You may not do this")
            let admin = try await world.window(try await world.add("Ana Kranjc", .admin))
            try await world.ticket()
            try await admin.goto("/plans")
            try await admin.see("h2", "Podpora START")
        }
    }
}
