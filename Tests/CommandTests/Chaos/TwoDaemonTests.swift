import Foundation
import Store
import TestSupport
import Testing

/// Daemons are stateless beside PostgreSQL: as many as one likes.
@Suite(.serialized) struct TwoDaemonTests {
    /// The lease itself and the pause of whoever waits for it (`FeedConfiguration`), and a pass on a slow machine.
    private static let takeoverSecondsMax = 45.0

    @Test("two daemons on one database both serve; one reads the shop, and when it is killed the other takes over; every order is there once")
    func takeOver() async throws {
        try await ChaosShop.with { shop in
            try await ServeFixture.with(shopURL: shop.address) { fixture in
                try shop.stock(orders: 4)
                let daemons = try [fixture.serve(), fixture.serve()]
                let addresses = [try await daemons[0].address(), try await daemons[1].address()]
                try await fixture.chaos.waitForPass()
                let client = APIClient(token: fixture.chaos.token)
                let ticket = try #require(try APIJSON.tickets(try await client.get(addresses[0] + "/api/v1/tickets").body).first).number
                var answers: [String: Spenders.Outcome] = [:]
                for number in 0..<10 {
                    let answer = try await client.spend(addresses[number % 2], ticket: ticket, channel: "email", key: "two-\(number)")
                    answers["two-\(number)"] = try .spent(#require(APIJSON.entryID(answer.body)))
                    let again = try await client.spend(addresses[(number + 1) % 2], ticket: ticket, channel: "email", key: "two-\(number)")
                    #expect(again.body == answer.body && again.header("Idempotency-Replayed") == "true")
                }
                let survivor = try await takeOver(fixture, shop, daemons)
                #expect(try await client.spend(addresses[survivor], ticket: ticket, channel: "sms", key: "after").status == 201)
                answers["after"] = .unanswered
                let complaints = try await Audit(store: fixture.chaos.store, shop: fixture.chaos.shop).complaints(clients: answers, orders: shop.orders())
                #expect(complaints == [])
                #expect(try await daemons[survivor].stop() == 0)
                await client.http.shutdown()
            }
        }
    }

    /// Kills whoever holds the lease; returns the other one, which has read what was sold since.
    private func takeOver(_ fixture: ServeFixture, _ shop: ChaosShop, _ daemons: [DaemonProcess]) async throws -> Int {
        let holder = try await fixture.chaos.leaseOwner()
        let first = try await holderOf(daemons, fixture)
        await daemons[first].kill()
        try shop.stock(orders: 2, quantity: 1)
        let began = ContinuousClock.now
        try await fixture.chaos.waitForPass(within: Self.takeoverSecondsMax)
        print("chaos: the other daemon took over after \(String(format: "%.1f", seconds(since: began))) s")
        #expect(try await fixture.chaos.leaseOwner() != holder)
        return 1 - first
    }

    /// Stops one and sees whether passes go on: a stopped process cannot renew its lease.
    private func holderOf(_ daemons: [DaemonProcess], _ fixture: ServeFixture) async throws -> Int {
        daemons[0].signal(SIGSTOP)
        defer { daemons[0].signal(SIGCONT) }
        do {
            try await fixture.chaos.waitForPass(within: 5)
            return 1
        } catch is ChaosError {
            return 0
        }
    }
}
