import Domain
import Foundation
import Postgres
import Store
import TestSupport
import Testing

@Suite("what is due is recorded, and what is kept for a time is deleted then")
struct UpkeepTests {
    @Test("what fell due is settled a few counters at a time, each at its own instant")
    func settles() async throws {
        try await LedgerFixture.with { fixture in
            let customer = try await fixture.addCustomer()
            let expiry = fixture.clock.now.addingTimeInterval(60)
            for _ in 0..<5 {
                let ticket = try await fixture.addTicket(customer)
                try await fixture.entitle(ticket, order: ticket.rawValue, credits: 2, expires: expiry)
            }
            #expect(try await fixture.store.settleDue() == 0)
            fixture.clock.advance(seconds: 600)
            #expect(try await fixture.store.settleDue(limit: 3) == 3)
            #expect(try await fixture.store.settleDue(limit: 3) == 2)
            #expect(try await fixture.store.settleDue(limit: 3) == 0)
            let count: Int = try await fixture.one(
                "SELECT count(*) FROM entry WHERE kind = 'expiry' AND quantity = 2 AND effective_at = \(expiry)::timestamptz AND recorded_at > effective_at")
            #expect(count == 5)
            #expect(try await fixture.store.verify().isClean)
        }
    }

    @Test("a hold past its deadline gives its credits back")
    func lapses() async throws {
        try await LedgerFixture.with { fixture in
            let ticket = try await fixture.addTicket(fixture.addCustomer())
            try await fixture.entitle(ticket, credits: 2)
            _ = try await fixture.store.placeHold(
                ticket: ticket, channel: "email", quantity: 2, expiresInSeconds: 10, in: fixture.shop, key: .fresh(), by: .commandLine)
            fixture.clock.advance(seconds: 11)
            #expect(try await fixture.store.settleDue() == 1)
            let status: String = try await fixture.one("SELECT status FROM hold")
            #expect(status == "lapsed")
            #expect(try await fixture.store.verify().isClean)
        }
    }

    @Test("an expiry is told 30, 7 and 1 days before, once each, and never when nothing is left")
    func notices() async throws {
        try await LedgerFixture.with { fixture in
            let ticket = try await fixture.addTicket(fixture.addCustomer())
            let expiry = fixture.clock.now.addingTimeInterval(40 * 86_400)
            try await fixture.entitle(ticket, credits: 2, expires: expiry)
            var told: [Int] = []
            for _ in 0..<41 {
                told.append(try await fixture.store.notifyExpiring() + fixture.store.notifyExpiring())
                fixture.clock.advance(seconds: 86_400)
            }
            #expect(told.indices.filter { told[$0] > 0 } == [10, 33, 39])
            #expect(told.reduce(0, +) == 3)
            let days: [Int] = try await fixture.one("SELECT array_agg((payload->>'days')::integer ORDER BY outbox_id) FROM outbox")
            #expect(days == [30, 7, 1])
        }
    }

    @Test("each thing is kept for its days, and not one longer", arguments: [Retention.orderVersions, .deliveries, .outbox, .hookDeliveries, .idempotencyKeys])
    func retention(_ retention: Retention) async throws {
        try await LedgerFixture.with { fixture in
            let ticket = try await fixture.addTicket(fixture.addCustomer())
            _ = try await fixture.store.addHook(
                url: "https://example.com", topics: ["credits.empty"], to: fixture.shop, by: .commandLine).get()
            try await fixture.entitle(ticket, credits: 1)
            try await fixture.spend(ticket)
            _ = try await fixture.store.fanOut()
            let (shop, now) = (fixture.shop, fixture.clock.now)
            for index in 1...3 {
                try await fixture.run(
                    """
                    INSERT INTO order_version (shop_id, order_id, modified_at, seen_at, superseded_at, status, payload)
                    VALUES (\(shop)::bigint, \(index)::bigint, \(now)::timestamptz, \(now)::timestamptz, \(now)::timestamptz, 'completed', '{}')
                    """)
                try await fixture.run(
                    """
                    INSERT INTO delivery (shop_id, topic, received_at, body, handled_at)
                    VALUES (\(shop)::bigint, 'order.updated', \(now)::timestamptz, '{}', \(index == 3 ? nil : now)::timestamptz)
                    """)
            }
            try await fixture.run("UPDATE hook_delivery SET status = 'delivered'")
            let before = try await fixture.counts(retention)
            fixture.clock.advance(seconds: Double(retention.days) * 86_400 - 1)
            #expect(try await fixture.store.deleteExpired(retention) == 0)
            fixture.clock.advance(seconds: 2)
            #expect(try await fixture.store.deleteExpired(retention, limit: 1) == 1)
            while try await fixture.store.deleteExpired(retention, limit: 1) == 1 {}
            #expect(before > 0)
            // What waits is not deleted, however old.
            #expect(try await fixture.counts(retention) == (retention == .deliveries ? 1 : 0))
            #expect(try await fixture.store.verify().isClean)
        }
    }

    @Test("what still waits is kept, however old")
    func waitingStays() async throws {
        try await LedgerFixture.with { fixture in
            let ticket = try await fixture.addTicket(fixture.addCustomer())
            _ = try await fixture.store.addHook(
                url: "https://example.com", topics: ["credits.empty"], to: fixture.shop, by: .commandLine).get()
            try await fixture.entitle(ticket, credits: 1)
            try await fixture.spend(ticket)
            fixture.clock.advance(seconds: 400 * 86_400)
            #expect(try await fixture.store.deleteExpired(.outbox) == 0)
            _ = try await fixture.store.fanOut()
            #expect(try await fixture.store.deleteExpired(.hookDeliveries) == 0)
            #expect(try await fixture.store.deleteExpired(.outbox) == 1)
        }
    }
}

extension LedgerFixture {
    fileprivate func counts(_ retention: Retention) async throws -> Int {
        let table =
            switch retention {
            case .orderVersions: "order_version"
            case .deliveries: "delivery"
            case .outbox: "outbox"
            case .hookDeliveries: "hook_delivery"
            case .idempotencyKeys: "idempotency_key"
            case .sessions: "session"
            case .shopChoices: "shop_choice"
            case .signInFailures: "sign_in_failure"
            case .feedRequests: "feed_request"
            case .feedOutages: "feed_outage"
            }
        return try await one("SELECT count(*) FROM \(raw: table)")
    }
}
