import DemoShop
import Foundation
import Store
import TestSupport
import Testing
@testable import OrderFeed

@Suite struct TotalTextTests {
    @Test("an order's total is kept as the shop wrote it, beside the amount in the currency's own decimals")
    func raw() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                try demo.orders.seedOrders(count: 3)
                let shop = try await fixture.addShop(address)
                _ = try await fixture.desk.poll(shop)
                #expect(try await fixture.count("SELECT count(*) FROM shop_order WHERE total_raw LIKE '%.__' AND (total_raw::numeric * 100)::bigint = total_minor") == 3)
            }
        }
    }
}
