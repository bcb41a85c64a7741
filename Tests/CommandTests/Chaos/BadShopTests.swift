@testable import DemoShop
import Domain
import Foundation
import Store
import TestSupport
import Testing

/// P11: a shop that is broken in any way breaks nothing else.
@Suite(.serialized) struct BadShopTests {
    private static let outages: [Outage] = [
        .maintenance(retryAfterSeconds: 1), .serverError, .unauthorized, .forbidden, .noRoute, .notFoundPage, .tooManyRequests(retryAfterSeconds: 1),
        .truncatedJSON, .connectionCut, .htmlPage, .otherJSON, .redirectLoop, .redirect(to: "http://127.0.0.1:9/"), .endlessBody,
    ]

    @Test("each outage of one shop is told with its reason, while another shop goes on being read and its orders become tickets")
    func outages() async throws {
        try await ChaosShop.with { broken in
            try await ChaosShop.with(seed: 2) { good in
                try await ServeFixture.with(shopURL: good.address) { fixture in
                    let store = fixture.chaos.store
                    let bad = try await ChaosDatabase.addShop(store, slug: "broken", url: broken.address)
                    let daemon = try fixture.serve()
                    let address = try await daemon.address()
                    try await fixture.chaos.waitForPass(of: bad)
                    for outage in Self.outages {
                        broken.shop.behave(outage)
                        try good.stock(orders: 1)
                        try await fixture.chaos.waitForFailure(of: bad, "\(outage)")
                        try await fixture.chaos.waitForPass()
                        broken.shop.behave(nil)
                        try await fixture.chaos.waitForPass(of: bad, asking: true)
                    }
                    try await hangs(broken, bad, good, fixture)
                    let orders = good.orders
                    #expect(try await Audit(store: store, shop: fixture.chaos.shop).complaintsAboutOrders(try orders()) == [])
                    let client = APIClient(token: fixture.chaos.token)
                    #expect(await client.status(address + "/readyz") == 200)
                    await client.http.shutdown()
                    #expect(try await daemon.stop() == 0, "\(daemon.logged)")
                }
            }
        }
    }

    /// A shop that says nothing, or a byte now and then, holds up nobody else either.
    private func hangs(_ broken: ChaosShop, _ bad: ShopID, _ good: ChaosShop, _ fixture: ServeFixture) async throws {
        for outage in [Outage.hang, .slowDrip(bytes: 1, pauseMilliseconds: 200)] {
            broken.shop.behave(outage)
            let served = broken.shop.requestsServed
            _ = try await fixture.chaos.store.requestPass(bad)
            try await eventually("the broken shop is asked", within: 30) { broken.shop.requestsServed > served }
            try good.stock(orders: 1)
            try await fixture.chaos.waitForPass()
            try await fixture.chaos.waitForPass()
        }
    }
}
