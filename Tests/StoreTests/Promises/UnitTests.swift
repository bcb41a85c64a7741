import Domain
import Foundation
import Postgres
import Store
import TestSupport
import Testing

@Suite("Units are rules")
struct UnitTests {
    @Test("a text costs its segments, a call its rule; the preview says what booking takes, and the entry names the rule's version")
    func rules() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            let text = Usage(ticket: ticket, channel: "sms", quantity: nil, text: String(repeating: "č", count: 71))
            let preview = try await shop.store.preview(text, in: shop.id).get()
            #expect(preview.quantity.value == 2 && preview.ruleVersion == 1)
            #expect(try await shop.store.spend(text, in: shop.id, key: try shop.key(), by: .commandLine).status == 201)
            #expect(try await shop.counter(ticket, .sms)?.used == preview.quantity.value)
            #expect(try await shop.entries(ticket, .usage).map(\.ruleVersion) == [1])
        }
    }

    @Test("a newer rule counts started minutes from then on; what was booked keeps the version it was booked under")
    func versions() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket(order: 1, productID: 12)
            let call = Usage(ticket: ticket, channel: "video", quantity: nil, seconds: 601)
            #expect(try await shop.store.spend(call, in: shop.id, key: try shop.key(), by: .commandLine).status == 201)
            let rule = try JSONEncoder().encode(UnitRule.videoMinutes(perMinutes: 10, minimumUnits: 1, freeGraceSeconds: 30))
            let (id, document) = (shop.id.rawValue, String(decoding: rule, as: UTF8.self))
            _ = try await test.database.pool.transaction { connection in
                try connection.execute("INSERT INTO unit_rule VALUES (\(id)::bigint, 'video', 2, \(document)::jsonb, now())")
            }
            _ = try await shop.store.allShops()
            #expect(try await shop.store.preview(call, in: shop.id).get().quantity.value == 2)
            #expect(try await shop.store.spend(call, in: shop.id, key: try shop.key(), by: .commandLine).status == 201)
            #expect(try await shop.entries(ticket, .usage).map(\.ruleVersion) == [1, 2])
            #expect(try await shop.counter(ticket, .video)?.used == 3)
            var grace = call
            grace.seconds = 30
            #expect(try TestShop.outcome(try await shop.store.spend(grace, in: shop.id, key: try shop.key(), by: .commandLine)) == "invalid-field")
        }
    }
}
