import Channels
import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite("what happens is told to whoever asked, at least once")
struct HookDeliveryTests {
    private struct Message: Decodable {
        struct Data: Decodable { let shop: String, ticket: Int64, channel: String, remaining: Int64 }
        let type: String
        let timestamp: String
        let data: Data
    }

    @Test("the daemon delivers a signed message as soon as the last credit is spent")
    func delivered() async throws {
        try await HookReceiver.with { receiver in
            try await LedgerFixture.with(connectionsMax: 6) { fixture in
                let (hook, secret) = try await fixture.addHook(receiver.url + "/hook")
                var limits = HookLimits()
                limits.pollSeconds = 3_600 // only NOTIFY can have woken it
                try await fixture.serving(limits: limits) {
                    try await fixture.emptyTickets(1)
                    await receiver.wait(for: 1)
                }
                let request = try #require(receiver.requests.first)
                let message = try JSONDecoder().decode(Message.self, from: Data(request.body.utf8))
                #expect(message.type == "credits.empty")
                #expect(message.timestamp == Timestamp.text(fixture.clock.now))
                #expect(message.data.shop == "demo" && message.data.channel == "email" && message.data.remaining == 0)
                #expect(request.headers["content-type"] == "application/json")

                let delivery = try #require(try await fixture.deliveries(of: hook).first)
                #expect(delivery.status == .delivered && delivery.lastStatus == 204 && delivery.attempts == 1)
                #expect(request.headers["webhook-id"] == delivery.messageID)
                let timestamp = try #require(request.headers["webhook-timestamp"].flatMap { Int64($0) })
                let bytes = try #require(HookSecret(secret))
                #expect(
                    request.headers["webhook-signature"]
                        == HookSignature.sign(id: delivery.messageID, timestamp: timestamp, body: Array(request.body.utf8), secret: bytes))
            }
        }
    }

    @Test("a hook hears its own topics, of its own shop, since it was added")
    func topics() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.emptyTickets(1)
            fixture.clock.advance(seconds: 1)
            let (late, _) = try await fixture.addHook("https://example.com/late")
            let (low, _) = try await fixture.addHook("https://example.com/low", topics: ["credits.low", "ticket.opened"])
            let other = try await LedgerFixture.addShop(fixture.pool, slug: "other", now: fixture.clock.now)
            let foreign = try await fixture.store.addHook(
                url: "https://example.com/other", topics: ["credits.empty"], to: other, by: .commandLine).get().hook
            fixture.clock.advance(seconds: 1)
            try await fixture.emptyTickets(1)
            #expect(try await fixture.store.fanOut() == 2)
            #expect(try await fixture.store.fanOut() == 0)
            #expect(try await fixture.deliveries(of: late).count == 1)
            #expect(try await fixture.deliveries(of: low).isEmpty)
            #expect(try await fixture.store.hookDeliveries(of: foreign.id, in: other).get().items.isEmpty)
            await #expect(throws: Refusal.self) { _ = try await fixture.store.hookDeliveries(of: foreign.id, in: fixture.shop).get() }
        }
    }

    @Test("killed between sending and writing it down, it sends the same message again")
    func killedBetween() async throws {
        try await HookReceiver.with { receiver in
            try await LedgerFixture.with { fixture in
                let (hook, _) = try await fixture.addHook(receiver.url + "/hook")
                try await fixture.emptyTickets(1)
                _ = try await fixture.store.fanOut()
                let lost = try #require(try await fixture.store.claimHookDeliveries(limit: 10, perHook: 4).first)
                _ = try await fixture.deliverer().outcome(lost) // and here the process ends
                #expect(try await fixture.store.claimHookDeliveries(limit: 10, perHook: 4).isEmpty)
                fixture.clock.advance(seconds: Store.hookClaimSeconds + 1)
                #expect(try await fixture.deliverDue(fixture.deliverer()) == 1)
                #expect(receiver.requests.count == 2)
                #expect(Set(receiver.requests.map { $0.headers["webhook-id"] }).count == 1)
                #expect(Set(receiver.requests.map(\.body)).count == 1)
                #expect(try await fixture.deliveries(of: hook).first?.status == .delivered)

                // The one that was lost, had it only been slow, has nothing more to say.
                try await fixture.store.finish(lost, HookOutcome(status: 500, error: "late"))
                #expect(try await fixture.deliveries(of: hook).first?.status == .delivered)
            }
        }
    }

    @Test("two daemons never send the same at once")
    func twoDaemons() async throws {
        try await LedgerFixture.with(connectionsMax: 8) { fixture in
            _ = try await fixture.addHook("https://example.com/a")
            try await fixture.emptyTickets(12)
            let fanned = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await fixture.store.fanOut(limit: 5) } }
                return try await group.reduce(0, +)
            }
            #expect(try await fanned + fixture.store.fanOut() == 12)
            let claimed = try await withThrowingTaskGroup(of: [HookAttempt].self) { group in
                for _ in 0..<4 { group.addTask { try await fixture.store.claimHookDeliveries(limit: 5, perHook: 5) } }
                return try await group.reduce([], +)
            }
            let rest = try await fixture.store.claimHookDeliveries(limit: 50, perHook: 50)
            #expect(Set((claimed + rest).map(\.delivery)).count == 12)
            #expect(claimed.count + rest.count == 12)
        }
    }

    @Test("a receiver that never answers delays nobody else")
    func deadReceiver() async throws {
        let gate = Gate()
        try await HookReceiver.with { request, _ in
            guard request.path == "/dead" else { return HookReceiver.Answer() }
            await gate.pass()
            return HookReceiver.Answer(status: 500)
        } _: { receiver in
            try await LedgerFixture.with(connectionsMax: 6) { fixture in
                let (dead, _) = try await fixture.addHook(receiver.url + "/dead")
                let (alive, _) = try await fixture.addHook(receiver.url + "/alive")
                var limits = HookLimits()
                limits.attemptSecondsMax = 600
                limits.perHookMax = 2
                limits.attemptsMax = 4
                try await fixture.serving(limits: limits) {
                    try await fixture.emptyTickets(20)
                    await receiver.wait(for: 20, to: "/alive")
                    #expect(receiver.requests(to: "/dead").count <= limits.perHookMax)
                    await gate.open()
                }
                #expect(try await fixture.deliveries(of: alive).allSatisfy { $0.status == .delivered })
                #expect(try await fixture.deliveries(of: dead).allSatisfy { $0.status == .waiting })
            }
        }
    }
}
