import Channels
import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite("what could not be delivered is tried again for 24 hours")
struct HookRetryTests {
    @Test("pauses double from 5 seconds to an hour, and after 24 hours it is given up")
    func schedule() async throws {
        try await HookReceiver.with { _, _ in HookReceiver.Answer(status: 500, body: "out of order\r\n<b>" + String(repeating: "x", count: 5_000)) } _: { receiver in
            try await LedgerFixture.with { fixture in
                let (hook, _) = try await fixture.addHook(receiver.url + "/hook")
                try await fixture.emptyTickets(1)
                let (deliverer, start) = (fixture.deliverer(), fixture.clock.now)
                var pauses: [Double] = []
                while true {
                    #expect(try await fixture.deliverDue(deliverer) == 1)
                    let delivery = try #require(try await fixture.deliveries(of: hook).first)
                    #expect(delivery.attempts == pauses.count + 1)
                    guard let next = delivery.nextAt else { break }
                    pauses.append(next.timeIntervalSince(fixture.clock.now).rounded())
                    #expect(try await fixture.store.claimHookDeliveries(limit: 1, perHook: 1).isEmpty)
                    fixture.clock.set(next)
                }
                #expect(pauses.prefix(5) == [5, 10, 20, 40, 80])
                #expect(pauses.max() == 3_600)
                #expect(fixture.clock.now.timeIntervalSince(start) <= 86_400)
                #expect(fixture.clock.now.timeIntervalSince(start) > 80_000)
                let delivery = try #require(try await fixture.deliveries(of: hook).first)
                #expect(delivery.status == .failed && delivery.lastStatus == 500)
                let error = try #require(delivery.lastError)
                #expect(error.hasPrefix("the receiver answered 500: out of order <b>xxx") && error.count < 200)
                #expect(try await fixture.store.hook(hook.id, in: fixture.shop)?.failures == delivery.attempts)
            }
        }
    }

    @Test("a receiver's Retry-After is heard, up to an hour", arguments: [("120", 120.0), ("999999", 3_600.0), ("soon", 5.0)])
    func retryAfter(header: String, seconds: Double) async throws {
        try await HookReceiver.with { _, _ in HookReceiver.Answer(status: 429, retryAfter: header) } _: { receiver in
            try await LedgerFixture.with { fixture in
                let (hook, _) = try await fixture.addHook(receiver.url + "/hook")
                try await fixture.emptyTickets(1)
                try await fixture.deliverDue(fixture.deliverer())
                let next = try #require(try await fixture.deliveries(of: hook).first?.nextAt)
                #expect(next.timeIntervalSince(fixture.clock.now).rounded() == seconds)
            }
        }
    }

    @Test("410 is a failure like others, and a redirect is not followed", arguments: [410, 302])
    func otherAnswers(status: Int) async throws {
        try await HookReceiver.with { _, _ in HookReceiver.Answer(status: status, location: "/elsewhere") } _: { receiver in
            try await LedgerFixture.with { fixture in
                let (hook, _) = try await fixture.addHook(receiver.url + "/hook")
                try await fixture.emptyTickets(1)
                try await fixture.deliverDue(fixture.deliverer())
                #expect(receiver.requests.map(\.path) == ["/hook"])
                #expect(try await fixture.deliveries(of: hook).first?.status == .waiting)
                #expect(try await fixture.store.hook(hook.id, in: fixture.shop)?.retiredAt == nil)
            }
        }
    }

    @Test("a private address is refused unless the hook allows it, and nobody is connected to")
    func privateAddress() async throws {
        try await HookReceiver.with { receiver in
            try await LedgerFixture.with { fixture in
                let (hook, _) = try await fixture.addHook(receiver.url + "/hook", allowsPrivate: false)
                try await fixture.emptyTickets(1)
                try await fixture.deliverDue(fixture.deliverer())
                let delivery = try #require(try await fixture.deliveries(of: hook).first)
                #expect(delivery.status == .waiting && delivery.lastStatus == nil)
                #expect(delivery.lastError?.contains("private") == true)
                #expect(receiver.requests.isEmpty)

                _ = try await fixture.store.setHook(hook.id, HookChange(allowsPrivate: true), in: fixture.shop, by: .commandLine).get()
                fixture.clock.advance(seconds: 60)
                try await fixture.deliverDue(fixture.deliverer())
                #expect(try await fixture.deliveries(of: hook).first?.status == .delivered)
                #expect(try await fixture.store.hook(hook.id, in: fixture.shop)?.failures == 0)
            }
        }
    }

    @Test("a person sends it again under the same webhook-id, and pings a hook")
    func byHand() async throws {
        try await HookReceiver.with { _, count in HookReceiver.Answer(status: count == 1 ? 200 : 202) } _: { receiver in
            try await LedgerFixture.with { fixture in
                let (hook, _) = try await fixture.addHook(receiver.url + "/hook")
                try await fixture.emptyTickets(1)
                try await fixture.deliverDue(fixture.deliverer())
                let delivery = try #require(try await fixture.deliveries(of: hook).first)
                let again = try await fixture.store.redeliver(delivery.id, in: fixture.shop, by: .commandLine).get()
                #expect(again.status == .waiting && again.attempts == 0)
                let done = try #require(try await fixture.deliverer().deliverNow(again))
                #expect(done.status == .delivered && done.lastStatus == 202 && done.attempts == 1)
                #expect(Set(receiver.requests.map { $0.headers["webhook-id"] }) == [delivery.messageID])

                let ping = try await fixture.store.testHook(hook.id, in: fixture.shop, by: .commandLine).get()
                #expect(try await fixture.deliverer().deliverNow(ping)?.status == .delivered)
                #expect(receiver.requests.last?.body.contains(#""type": "hook.test""#) == true)
                #expect(try await fixture.deliverer().deliverNow(ping)?.attempts == 1)
            }
        }
    }

    @Test("a retired hook hears nothing more")
    func retired() async throws {
        try await LedgerFixture.with { fixture in
            let (hook, _) = try await fixture.addHook("https://example.com/hook")
            try await fixture.emptyTickets(2)
            _ = try await fixture.store.fanOut()
            #expect(try await fixture.store.retireHook(hook.id, in: fixture.shop, by: .commandLine).get().retiredAt != nil)
            #expect(try await fixture.deliveries(of: hook).map(\.status) == [.failed, .failed])
            #expect(try await fixture.store.claimHookDeliveries(limit: 10, perHook: 10).isEmpty)
            for refused in [
                try await fixture.store.testHook(hook.id, in: fixture.shop, by: .commandLine).map { _ in () },
                try await fixture.store.setHook(hook.id, HookChange(), in: fixture.shop, by: .commandLine).map { _ in () },
                try await fixture.store.redeliver(try await fixture.deliveries(of: hook)[0].id, in: fixture.shop, by: .commandLine).map { _ in () },
            ] {
                guard case .failure(let refusal) = refused else { Issue.record("not refused"); continue }
                #expect(refusal.status == 404)
            }
        }
    }

    @Test("a hook that cannot be is refused, and says which field", arguments: [
        ("ftp://example.com", "credits.low", "url"), ("https://user:pass@example.com", "credits.low", "url"), ("https://", "credits.low", "url"),
        ("https://example.com/a b", "credits.low", "url"), ("https://example.com", "credits.lost", "topics"), ("https://example.com", "", "topics"),
    ])
    func refused(url: String, topic: String, field: String) async throws {
        try await LedgerFixture.with { fixture in
            let answer = try await fixture.store.addHook(
                url: url, topics: topic.isEmpty ? [] : [topic], to: fixture.shop, by: .commandLine)
            guard case .failure(let refusal) = answer else { Issue.record("not refused"); return }
            #expect(refusal.field == field)
            let agent = try await fixture.store.addHook(
                url: "https://example.com", topics: ["credits.low"], to: fixture.shop, by: .user("ana@example.com", role: .agent))
            guard case .failure(let refusal) = agent else { Issue.record("not refused"); return }
            #expect(refusal.status == 403)
        }
    }
}
