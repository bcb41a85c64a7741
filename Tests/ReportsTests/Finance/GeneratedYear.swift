import Domain
import Foundation
import Store
import TestSupport

/// A year of a shop's life, made from a seed: orders in four currencies with discounts, refunds of every recorded kind and their deletion, edits,
/// cancellations and revivals, replays, usages, holds, reversals, goodwill, transfers, pooling, and everything that expires meanwhile.
///
/// It goes by in rounds: orders of a round are taken in together, as a page of the feed is, and its spends are one batch; so 100,000 orders are feasible.
struct GeneratedYear {
    static let currencies = ["EUR", "USD", "JPY", "KWD"]
    /// Orders of a year; `SUPPORTMETER_YEAR_ORDERS` makes it larger.
    static let ordersDefault = 400
    private static let roundsMin = 100
    /// Orders sold in one round.
    private static let ordersPerRoundMax = 100
    /// Notes of a long year's log.
    private static let notes = 20

    let shop: TestShop
    private let settings: Shop
    private var random: SplitMix64
    private var story: GeneratedOrders
    private var tickets: [TicketID] = []
    private var usages: [EntryID] = []
    private var holds: [HoldID] = []
    private(set) var firstInstant: Date
    /// What was done, by name, so that a test can say that all of it happened.
    private(set) var done: [String: Int] = [:]

    init(_ shop: TestShop, seed: UInt64) async throws {
        (self.shop, settings, random) = (shop, try await shop.shop(), SplitMix64(seed: seed))
        story = GeneratedOrders(seed: seed &+ 1)
        firstInstant = shop.clock.now
    }

    static var ordersAsked: Int { ProcessInfo.processInfo.environment["SUPPORTMETER_YEAR_ORDERS"].flatMap { Int($0) } ?? ordersDefault }

    /// The orders as the shop has them at the end.
    var orders: [ShopOrder] { story.orders }

    mutating func live(orders count: Int, _ log: YearLog = YearLog()) async throws {
        let rounds = min(count, max(Self.roundsMin, count / Self.ordersPerRoundMax))
        let roundSeconds = 365.0 * 86_400 / Double(rounds)
        for round in 0..<rounds {
            let sold = (round + 1) * count / rounds - round * count / rounds
            let end = shop.clock.now.addingTimeInterval(roundSeconds)
            advance(roundSeconds / 4)
            try await see((0..<sold).map { _ in story.sale(at: Timestamp.rounded(moment(roundSeconds / 4))) })
            try await openTickets()
            advance(roundSeconds / 4)
            try await see(story.changes(sold + (random.oneIn(3) ? 1 : 0), at: shop.clock.now))
            advance(roundSeconds / 4)
            try await use(sold * 5 / 2 + 1)
            try await correct(times: sold)
            if random.oneIn(5) { try await shop.store.settleForReport() }
            shop.clock.set(end)
            if (round + 1) % max(1, rounds / Self.notes) == 0 { log.note("\(story.orders.count) orders, \(tickets.count) tickets, \(usages.count) usages") }
        }
        done.merge(story.done) { $0 + $1 }
    }

    /// Forward by up to so many seconds.
    private mutating func advance(_ most: Double) { shop.clock.advance(seconds: most * Double(random.upTo(1_000)) / 1_000) }
    /// An instant within the last so many seconds.
    private mutating func moment(_ most: Double) -> Date { shop.clock.now.addingTimeInterval(-most * Double(random.upTo(1_000)) / 1_000) }

    private func see(_ orders: [ShopOrder]) async throws {
        guard !orders.isEmpty else { return }
        let seen = orders.map { order in
            // Another version is another document, also a millisecond later: of the same one nothing is taken in anew.
            SeenOrder(
                order: order, payload: "{\"id\":\(order.id),\"at\":\"\(Timestamp.text(order.modifiedAt))\"}", refunds: nil, seenAt: shop.clock.now, source: .poll)
        }
        _ = try await shop.store.takeIn(seen, shop: settings)
    }

    private mutating func openTickets() async throws {
        let (id, last) = (shop.id, tickets.last?.rawValue ?? 0)
        tickets += try await shop.store.pool.read { connection in
            try connection.query("SELECT ticket_id FROM ticket WHERE shop_id = \(id)::bigint AND ticket_id > \(last)::bigint ORDER BY 1") { try $0.next() }
        }
    }

    private mutating func use(_ count: Int) async throws {
        var asked: [(usage: Usage, key: IdempotencyKey)] = []
        for _ in 0..<count {
            guard let (ticket, channel) = somewhere() else { continue }
            asked.append((Usage(ticket: ticket, channel: channel, quantity: random.upTo(3), agent: ["ana", "bor", "cene"].randomElement(using: &random)), .fresh()))
        }
        for outcome in await shop.store.spend(asked, in: shop.id, by: .commandLine) {
            let answer = try outcome.get()
            tally("usage", answer)
            if answer.isSuccess { usages.append(try answer.entryID()) }
        }
    }

    /// What is asked for one by one: holds and their ends, reversals, goodwill, corrections, transfers.
    private mutating func correct(times: Int) async throws {
        for _ in 0..<times {
            guard let (ticket, channel) = somewhere() else { continue }
            await Task.yield()
            switch random.upTo(16) {
            case 1, 2:
                let answer = try await shop.store.placeHold(
                    ticket: ticket, channel: channel, quantity: 2, expiresInSeconds: 86_400, in: shop.id, key: .fresh(), by: .commandLine)
                if answer.isSuccess { holds.append(try answer.holdID()) }
                tally("hold", answer)
            case 3:
                guard let hold = holds.popLast() else { continue }
                tally("capture", try await shop.store.capture(hold: hold, quantity: random.upTo(2), in: shop.id, key: .fresh(), by: .commandLine))
            case 4, 5:
                guard let usage = usages.randomElement(using: &random) else { continue }
                tally(
                    "reversal",
                    try await shop.store.reverse(
                        usage: usage, quantity: random.oneIn(2) ? 1 : nil, reason: "other", note: "n", in: shop.id, key: .fresh(), by: .commandLine))
            case 6: try await adjust(ticket, channel, 2, "goodwill")
            case 7: try await adjust(ticket, channel, -1, "correction")
            case 8, 9: try await transfer(ticket, channel)
            default: break
            }
        }
    }

    private mutating func adjust(_ ticket: TicketID, _ channel: String, _ quantity: Int64, _ reason: String) async throws {
        let answer = try await shop.store.adjust(
            ticket: ticket, channel: channel, quantity: quantity, reason: reason, note: "n", in: shop.id, key: .fresh(), by: .commandLine)
        tally(reason, answer)
    }

    /// To another ticket of the same customer, if there is one.
    private mutating func transfer(_ ticket: TicketID, _ channel: String) async throws {
        let id = shop.id
        let others = try await shop.store.pool.read { connection in
            try connection.query(
                """
                SELECT o.ticket_id FROM ticket t JOIN ticket o ON o.shop_id = t.shop_id AND o.customer_id = t.customer_id AND o.ticket_id <> t.ticket_id
                 WHERE t.shop_id = \(id)::bigint AND t.ticket_id = \(ticket.rawValue)::bigint ORDER BY 1 LIMIT 20
                """
            ) { try $0.next(TicketID.self) }
        }
        guard let other = others.randomElement(using: &random) else { return }
        tally(
            "transfer",
            try await shop.store.transfer(
                from: ticket, to: other, channel: channel, quantity: 1, reason: "other", note: "n", in: shop.id, key: .fresh(), by: .commandLine))
    }

    /// One of the newer tickets as a rule, as an agent's work is.
    private mutating func somewhere() -> (TicketID, String)? {
        guard !tickets.isEmpty else { return nil }
        let newest = random.oneIn(5) ? tickets.count : max(20, tickets.count / 5)
        let ticket = tickets[max(0, tickets.count - Int(random.upTo(Int64(newest))))]
        return (ticket, ["email", "email", "sms", "video"][Int(random.upTo(4)) - 1])
    }

    private mutating func tally(_ what: String, _ answer: Answer) { done[answer.isSuccess ? what : "\(what) refused", default: 0] += 1 }
}
