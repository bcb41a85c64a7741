import Domain
import Foundation
import TestSupport
import Testing

/// Random lives of one customer, from a fixed seed each. They make way after each: other tests wait for this thread.
@Suite struct LedgerModelHistoryTests {
    private static let histories: UInt64 = 2_000
    private static let steps = 20

    @Test("in 2,000 random histories every counter adds up, nothing is below zero, and a quiet moment changes nothing")
    func histories() async throws {
        var spent: UInt64 = 0
        for seed in 0..<Self.histories {
            await Task.yield()
            var life = try Life(seed: seed)
            for step in 1...Self.steps {
                try life.step()
                if step.isMultiple(of: 4), let broken = life.firstBroken() { Issue.record("seed \(seed): \(broken)") }
            }
            spent += UInt64(life.model.usages.count)
        }
        #expect(spent > Self.histories)
    }

    @Test("whatever the path, the net grant of a line is what the order entitles to now")
    func converges() async throws {
        for seed in 0..<Self.histories {
            await Task.yield()
            var generator = SplitMix64(seed: seed)
            var model = LedgerModel(now: try instant("2026-03-01T09:00:00Z"), zone: .utc, plans: [try startPlan()])
            var last = try randomOrder(1, using: &generator)
            for _ in 0..<8 {
                last = try randomOrder(1, using: &generator)
                model.apply(order: last, seenAt: model.now.addingTimeInterval(60))
            }
            let entitlement = Entitlement.evaluate(order: last, bindings: model.bindings)
            for line in entitlement.lines {
                for channel in line.channels where model.netGrant(line.line, channel.channel) != channel.credits.value {
                    Issue.record("seed \(seed), line \(line.line): \(model.netGrant(line.line, channel.channel)) is not \(channel.credits)")
                }
            }
        }
    }
}

private func randomOrder(_ id: Int64, using generator: inout SplitMix64) throws -> ShopOrder {
    let statuses = ["completed", "completed", "processing", "processing", "pending", "cancelled", "refunded", "trash", "odd"]
    let lines = try (1...Int64.random(in: 1...2, using: &generator)).map { line in
        try orderLine(id * 10 + line, quantity: ["1", "2", "3", "1.5"].randomElement(using: &generator) ?? "1")
    }
    let refunds = try (0..<Int.random(in: 0...2, using: &generator)).map { _ in
        try refund(
            Int64.random(in: 0...3000, using: &generator), line: id * 10 + 1, quantity: Bool.random(using: &generator) ? "1" : "0",
            net: Int64.random(in: 0...2500, using: &generator))
    }
    return try order(
        id, status: statuses.randomElement(using: &generator) ?? "completed", lines: lines, refunds: refunds,
        known: Int.random(in: 0..<5, using: &generator) > 0)
}

private struct Life {
    var model: LedgerModel
    private var generator: SplitMix64

    init(seed: UInt64) throws {
        generator = SplitMix64(seed: seed)
        let plan = try startPlan(
            validDays: seed % 3 == 0 ? nil : 3, rule: seed % 2 == 0 ? .new : .topUp, overdraft: Int64(seed % 4))
        model = LedgerModel(now: try instant("2026-03-01T09:00:00Z"), zone: .utc, plans: [plan], pooling: seed % 5 < 3)
    }

    mutating func step() throws {
        let now = model.now.addingTimeInterval(Double(Int.random(in: 0...20_000, using: &generator)))
        let ticket = TicketID(Int64.random(in: 1...Int64(max(model.tickets.count, 1)), using: &generator))
        let channel = [Channel.email, .sms, .video].randomElement(using: &generator) ?? .email
        let quantity = Int64.random(in: 1...4, using: &generator)
        let part = Bool.random(using: &generator) ? quantity : nil
        let hold = HoldID(Int64.random(in: 1...Int64(max(model.holds.count, 1)), using: &generator))
        let usage = model.usages.keys.sorted().randomElement(using: &generator) ?? EntryID(1)
        switch model.tickets.isEmpty ? 0 : Int.random(in: 0..<12, using: &generator) {
        case 0, 1, 2: model.apply(order: try randomOrder(Int64.random(in: 1...3, using: &generator), using: &generator), seenAt: now)
        case 3, 4: model.use(ticket, channel, quantity, now: now)
        case 5, 6: model.hold(ticket, channel, quantity, deadline: now.addingTimeInterval(30_000), now: now)
        case 7: model.capture(hold, part, now: now)
        case 8 where part == nil: model.setStatus(.closed, of: ticket)
        case 8: model.release(hold, now: now)
        case 9: model.reverse(usage, part, now: now)
        case 10: model.adjust(ticket, channel, by: Bool.random(using: &generator) ? quantity : -quantity, now: now)
        default: model.transfer(channel, quantity, from: ticket, to: TicketID(Int64.random(in: 1...3, using: &generator)), now: now)
        }
    }

    /// The first promise that does not hold; nil when all do.
    func firstBroken() -> String? {
        var sums: [GrantID: Counter] = [:]
        for entry in model.entries {
            if entry.quantity <= 0 { return "entry \(entry.id) moves nothing" }
            for slice in entry.slices { sums[slice.grant, default: .zero].book(entry.kind, credits: slice.quantity) }
        }
        for grant in model.grants.values {
            let counter = grant.counter
            if counter != sums[grant.id] { return "grant \(grant.id) is not the sum of its entries" }
            if !counter.isSound || grant.taken < 0 || grant.remaining != counter.remaining { return "grant \(grant.id) is below zero" }
            if grant.remaining > 0 && grant.lot.isExpired(at: model.now) { return "grant \(grant.id) outlived its expiry" }
        }
        let figures = model.tickets.keys.flatMap { model.counters($0).values }
        if !figures.allSatisfy(\.isSound) { return "a counter is below zero" }
        let total = figures.reduce(Counter.zero, +)
        if total.granted != total.remaining + total.used + total.held + total.expired + total.revoked { return "it does not add up" }
        if total.held != model.holds.values.filter({ $0.state == .held }).reduce(0, { $0 + $1.quantity }) { return "holds and held differ" }
        if total.used != model.usages.values.reduce(0, { $0 + $1.left }) { return "usages and used differ" }
        var again = model
        return again.advance(to: model.now).isEmpty ? nil : "settling twice changed something"
    }
}
