import Domain
import Foundation
import Postgres
import Store
import TestSupport

/// One agent, or the feed, or the sweeper of a daemon: does one thing after the other.
struct ParallelWorker {
    let name: String
    let ledger: ParallelLedger
    let shop: Shop
    let store: Store
    /// Another daemon's, for a retry that goes elsewhere.
    let other: Store
    let tickets: [TicketID]
    let tally: ParallelTally
    private var random: SplitMix64
    private var count = 0

    init(name: String, seed: UInt64, ledger: ParallelLedger, shop: Shop, stores: (own: Store, other: Store), tickets: [TicketID], tally: ParallelTally) {
        (self.name, self.ledger, self.shop, self.tickets, self.tally) = (name, ledger, shop, tickets, tally)
        (store, other) = stores
        random = SplitMix64(seed: seed)
    }

    mutating func step() async {
        do {
            try await act()
        } catch {
            tally.failed("an operation failed: \((error as? PostgresError)?.debugDescription ?? "\(error)")")
        }
    }

    private mutating func act() async throws {
        guard let ticket = random.pick(tickets), let key = nextKey() else { return }
        let id = shop.id
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<9: try await spend(ticket, key)
        case 9..<12: try await hold(ticket, key)
        case 12:
            guard let usage = tally.anyUsage else { return }
            let answer = try await store.reverse(usage: usage, quantity: 1, in: id, key: key, by: .commandLine)
            if answer.isSuccess { tally.used(-1) } else { expect(answer, [409]) }
        case 13, 14:
            expect(try await store.adjust(
                ticket: ticket, channel: "email", quantity: 2, reason: "goodwill", note: "n",
                expiresAt: random.oneIn(2) ? ledger.shop.clock.now.addingTimeInterval(90) : nil, in: id, key: key, by: .commandLine), [201, 422])
        case 15:
            guard let other = random.pick(tickets), other != ticket else { return }
            expect(try await store.transfer(
                from: ticket, to: other, channel: "email", quantity: 1, reason: "other", note: "n", in: id, key: key, by: .commandLine), [201, 402, 409])
        case 16, 17: try await sight()
        case 18: _ = try await store.settleDue()
        default: ledger.shop.clock.advance(seconds: 30)
        }
    }

    /// Every third key is used twice at once: one of the answers is the other's replay.
    private mutating func spend(_ ticket: TicketID, _ key: IdempotencyKey) async throws {
        let usage = Usage(ticket: ticket, channel: "email", quantity: random.oneIn(4) ? 2 : 1)
        let (store, other, shop) = (store, other, shop.id)
        var answers: [Answer] = []
        if random.oneIn(3) {
            async let first = store.spend(usage, in: shop, key: key, by: .commandLine)
            async let second = other.spend(usage, in: shop, key: key, by: .commandLine)
            answers = [try await first, try await second]
            if answers[0].body != answers[1].body { tally.failed("one key had two answers: \(answers.map(\.body))") }
        } else {
            answers = [try await store.spend(usage, in: shop, key: key, by: .commandLine)]
        }
        for answer in answers where !answer.isReplayed {
            expect(answer, [201, 402])
            if answer.isSuccess { tally.used(usage.quantity ?? 0, try HistoryAnswer.read(answer).entry.map { EntryID($0.id) }) }
        }
    }

    private mutating func hold(_ ticket: TicketID, _ key: IdempotencyKey) async throws {
        let placed = try await store.placeHold(
            ticket: ticket, channel: "email", quantity: 2, expiresInSeconds: 60, in: shop.id, key: key, by: .commandLine)
        expect(placed, [201, 402])
        guard placed.isSuccess, let hold = try HistoryAnswer.read(placed).hold.map({ HoldID($0.id) }), !random.oneIn(4), let end = nextKey() else { return }
        if random.oneIn(2) {
            expect(try await store.release(hold: hold, in: shop.id, key: end, by: .commandLine), [201, 409])
        } else {
            let quantity = random.upTo(3)
            let captured = try await store.capture(hold: hold, quantity: quantity, in: shop.id, key: end, by: .commandLine)
            expect(captured, [201, 402, 409])
            if captured.isSuccess { tally.used(quantity, try HistoryAnswer.read(captured).entry.map { EntryID($0.id) }) }
        }
    }

    private mutating func sight() async throws {
        var order = ledger.order(
            random.upTo(Int64(ParallelLedger.customers * ParallelLedger.ordersPerCustomer)), status: random.oneIn(3) ? "cancelled" : "processing")
        let version = tally.nextVersion
        order.modifiedAt = order.modifiedAt.addingTimeInterval(Double(version) / 1_000)
        let seen = SeenOrder(order: order, payload: "\(version)", refunds: nil, seenAt: ledger.shop.clock.now, source: .poll)
        let figures = try await store.takeIn([seen], shop: shop)
        if figures.rejected > 0 { tally.failed("an order was set aside") }
    }

    private func expect(_ answer: Answer, _ statuses: [Int]) {
        if !statuses.contains(answer.status) { tally.failed("an answer of \(answer.status): \(answer.body)") }
    }

    private mutating func nextKey() -> IdempotencyKey? {
        count += 1
        return IdempotencyKey("\(name) \(count)")
    }
}
