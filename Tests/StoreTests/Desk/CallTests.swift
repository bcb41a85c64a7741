import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite("a call has a meter that warns and never cuts")
struct CallTests {
    private func minutes(_ desk: DeskFixture, per: Int, grace: Int = 0) async throws {
        let rule = UnitRule.videoMinutes(perMinutes: per, minimumUnits: 1, freeGraceSeconds: grace)
        let json = String(decoding: try JSONEncoder().encode(rule), as: UTF8.self)
        try await desk.ledger.run(
            "INSERT INTO unit_rule VALUES (\(desk.shop.rawValue)::bigint, 'video', 1, \(json)::jsonb, \(desk.clock.now)::timestamptz)")
        _ = try await desk.store.allShops()
    }

    @Test("a call per call holds one and captures one, however many clicks; a second call on the ticket is told of the first")
    func perCall() async throws {
        try await DeskFixture.with { desk in
            let key = IdempotencyKey.fresh()
            var calls: Set<CallID> = []
            for _ in 0..<3 { calls.insert(try #require(try await desk.store.startCall(on: desk.ticket, in: desk.shop, key: key, by: desk.ana).call).id) }
            let call = try #require(calls.first)
            #expect(calls.count == 1)
            #expect(try await desk.counter(.video) == Counter(granted: 1, held: 1))
            guard case .busy(let running) = try await desk.store.startCall(on: desk.ticket, in: desk.shop, key: .fresh(), by: desk.piret) else { Issue.record("not busy"); return }
            #expect(running.id == call && running.coveredSeconds == nil)
            desk.clock.advance(seconds: 1_234)
            _ = try await desk.store.sweepCalls()
            for _ in 0..<2 {
                let ended = try #require(try await desk.store.stopCall(call, in: desk.shop, key: .fresh(), by: desk.ana).call)
                #expect(ended.seconds == 1_234 && ended.quantity == 1 && ended.uncovered == 0)
            }
            #expect(try await desk.counter(.video) == Counter(granted: 1, used: 1))
            let message = try #require(try await desk.page().conversation.messages.last)
            #expect(message.kind == .call && message.seconds == 1_234 && message.entry != nil)
            guard case .refused(let refusal, let ways) = try await desk.store.startCall(on: desk.ticket, in: desk.shop, key: .fresh(), by: desk.ana)
            else { Issue.record("not refused"); return }
            #expect(refusal.type == "insufficient-credits" && ways != nil)
            #expect(try await desk.store.verify().problem == nil)
        }
    }

    @Test("a call by the minute is warned at 80 and 100 percent, runs on, takes what there is and shows the rest")
    func byMinute() async throws {
        try await DeskFixture.with(video: 4) { desk in
            try await minutes(desk, per: 10)
            let call = try #require(try await desk.store.startCall(on: desk.ticket, in: desk.shop, key: .fresh(), by: desk.ana).call)
            #expect(call.coveredSeconds == 2_400)
            #expect(try await desk.counter(.video) == Counter(granted: 4, held: 2))
            let rule = UnitRule.videoMinutes(perMinutes: 10, minimumUnits: 1, freeGraceSeconds: 0)
            #expect(CallMeter(call, rule: rule, now: desk.clock.now.addingTimeInterval(700)) == CallMeter(call, rule: rule, now: desk.clock.now.addingTimeInterval(700)))
            for (seconds, level) in [(600, CallMeter.Level.fine), (1_920, .warned80), (2_400, .warned100), (3_000, .warned100)] {
                #expect(CallMeter(call, rule: rule, now: call.startedAt.addingTimeInterval(Double(seconds))).level == level)
            }
            for seconds in [1_000.0, 950, 500, 550] {
                desk.clock.advance(seconds: seconds)
                _ = try await desk.store.sweepCalls()
            }
            let warned = try await desk.page().conversation.events.filter { $0.kind == .callWarned }.map(\.after)
            #expect(warned == ["80", "100"])
            let ended = try #require(try await desk.store.stopCall(call.id, in: desk.shop, key: .fresh(), by: desk.ana).call)
            #expect(ended.seconds == 3_000 && ended.quantity == 5 && ended.uncovered == 1)
            #expect(try await desk.counter(.video) == Counter(granted: 4, used: 4))
            #expect(try await desk.store.verify().problem == nil)
        }
    }

    @Test("a forgotten call is charged what the agent says it was; within the grace it is free; after a lapse it is held anew")
    func corrected() async throws {
        try await DeskFixture.with(video: 4) { desk in
            try await minutes(desk, per: 10, grace: 60)
            let forgotten = try #require(try await desk.store.startCall(on: desk.ticket, in: desk.shop, key: .fresh(), by: desk.ana).call)
            desk.clock.advance(seconds: 50_000)
            #expect(try await desk.store.sweepCalls() == 0)
            #expect(try await desk.counter(.video) == Counter(granted: 4))
            #expect(try await desk.store.stopCall(forgotten.id, seconds: 60_000, in: desk.shop, key: .fresh(), by: desk.ana).call == nil)
            #expect(try await desk.store.stopCall(forgotten.id, seconds: 601, in: desk.shop, key: .fresh(), by: desk.ana).call?.quantity == 2)
            #expect(try await desk.counter(.video) == Counter(granted: 4, used: 2))
            let short = try #require(try await desk.store.startCall(on: desk.ticket, in: desk.shop, key: .fresh(), by: desk.ana).call)
            desk.clock.advance(seconds: 59)
            #expect(try await desk.store.stopCall(short.id, in: desk.shop, key: .fresh(), by: desk.ana).call?.quantity == 0)
            #expect(try await desk.counter(.video) == Counter(granted: 4, used: 2))
            #expect(try await desk.store.verify().problem == nil)
        }
    }
}
