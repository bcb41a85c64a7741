import Domain
import Foundation
import Postgres
import Store
import TestSupport

/// Where the ledger and its oracle came to different answers.
struct HistoryMismatch: Error, CustomStringConvertible {
    /// The steps that were run, the last being the one at which it showed; nil: at the end.
    let place: Int?
    let description: String
}

/// Runs one history on the SQL and on the oracle, and compares them as it goes.
struct HistoryRun {
    let history: History
    let shop: Shop
    let store: Store
    let clock: TestClock
    private(set) var model: LedgerModel
    /// The SQL's ticket of each ticket of the model.
    private(set) var tickets: [TicketID: TicketID] = [:]
    private(set) var customer: CustomerID?
    private var holds: [HoldID] = []
    private var usages: [EntryID] = []

    init(_ history: History, shop: Shop, store: Store, clock: TestClock) {
        self.history = history
        self.shop = shop
        self.store = store
        self.clock = clock
        model = HistoryWorld.model(shop: shop.id, pooling: history.pooling)
    }

    /// Throws a `HistoryMismatch`, or whatever the store throws.
    mutating func run() async throws {
        for (place, timed) in history.steps.enumerated() {
            clock.set(timed.at)
            do {
                try await step(timed, place)
            } catch let mismatch as HistoryMismatch {
                throw HistoryMismatch(place: place, description: mismatch.description)
            } catch let error as PostgresError {
                throw HistoryMismatch(place: place, description: "the database failed: \(error.debugDescription)")
            }
        }
        if customer != nil { try await HistoryComparison(run: self).settled() }
    }

    private mutating func step(_ timed: TimedStep, _ place: Int) async throws {
        let told = model.run(timed)
        switch timed.step {
        case .sight(let order, let serial):
            let seen = SeenOrder(order: order, payload: "\(history.email) \(serial)", refunds: nil, seenAt: timed.at, source: .poll)
            _ = try await store.takeIn([seen], shop: shop)
            try await learnTickets(order.id)
            try await HistoryComparison(run: self).reads()
        case .close(let ticket):
            try await close(sqlTicket(ticket))
        default:
            guard let key = IdempotencyKey("\(history.email) \(place)") else { return }
            let answer = try HistoryAnswer.read(try await ask(timed, key))
            let expected = HistoryAnswer.outcome(told)
            guard answer.outcome == expected else { throw HistoryMismatch(place: nil, description: "the oracle says \(expected), the SQL \(answer.outcome)") }
            try remember(answer, timed.step)
            if place.isMultiple(of: 7) { try await HistoryComparison(run: self).reads() }
        }
    }

    private func ask(_ timed: TimedStep, _ key: IdempotencyKey) async throws -> Answer {
        let id = shop.id
        switch timed.step {
        case .use(let ticket, let channel, let quantity):
            let usage = Usage(ticket: sqlTicket(ticket), channel: channel.rawValue, quantity: quantity)
            return quantity.isMultiple(of: 2) ? try await inCompany(usage, key) : try await store.spend(usage, in: id, key: key, by: .commandLine)
        case .hold(let ticket, let channel, let quantity, let seconds):
            return try await store.placeHold(
                ticket: sqlTicket(ticket), channel: channel.rawValue, quantity: quantity, expiresInSeconds: seconds, in: id, key: key, by: .commandLine)
        case .capture(let hold, let quantity):
            return try await store.capture(hold: sqlHold(hold), quantity: quantity, in: id, key: key, by: .commandLine)
        case .release(let hold): return try await store.release(hold: sqlHold(hold), in: id, key: key, by: .commandLine)
        case .extend(let hold, let seconds):
            return try await store.extend(hold: sqlHold(hold), expiresInSeconds: seconds, in: id, key: key, by: .commandLine)
        case .reverse(let usage, let quantity):
            let entry = usages.indices.contains(usage) ? usages[usage] : EntryID(0)
            return try await store.reverse(usage: entry, quantity: quantity, in: id, key: key, by: .commandLine)
        case .adjust(let ticket, let channel, let quantity, let expiresAt):
            return try await store.adjust(
                ticket: sqlTicket(ticket), channel: channel.rawValue, quantity: quantity, reason: "goodwill", note: "n", expiresAt: expiresAt, in: id,
                key: key, by: .commandLine)
        case .transfer(let ticket, let other, let channel, let quantity):
            return try await store.transfer(
                from: sqlTicket(ticket), to: sqlTicket(other), channel: channel.rawValue, quantity: quantity, reason: "other", note: "n", in: id,
                key: key, by: .commandLine)
        case .sight, .close: return Answer(status: 500, body: "{}")
        }
    }

    /// Decided together with a spend on a ticket that is not there: a lone spend takes another way (`spend_one`) than a batch (`spend_at_once`).
    /// The other one's number makes it wait in the same lane.
    private func inCompany(_ usage: Usage, _ key: IdempotencyKey) async throws -> Answer {
        guard let other = IdempotencyKey("\(key.text) company") else { return try await store.spend(usage, in: shop.id, key: key, by: .commandLine) }
        let nowhere = Usage(ticket: TicketID(8_000_000_000 + usage.ticket.rawValue % 2), channel: usage.channel, quantity: 1)
        let outcomes = await store.spend([(usage, key), (nowhere, other)], in: shop.id, by: .commandLine)
        guard try outcomes[1].get().status == 404 else { throw HistoryMismatch(place: nil, description: "a ticket that is not there was charged") }
        return try outcomes[0].get()
    }

    /// The answer's counters are the ticket's, at once.
    private mutating func remember(_ answer: HistoryAnswer, _ step: HistoryStep) throws {
        guard answer.type == nil, let entry = answer.entry else { return }
        if step.makesUsage { usages.append(EntryID(entry.id)) }
        if step.makesHold, let hold = answer.hold { holds.append(HoldID(hold.id)) }
        let ticket: TicketID? =
            switch step {
            case .use(let ticket, _, _), .hold(let ticket, _, _, _), .adjust(let ticket, _, _, _), .transfer(let ticket, _, _, _): ticket
            case .capture(let hold, _), .release(let hold), .extend(let hold, _): model.holds[HoldID(Int64(hold + 1))]?.ticket
            default: nil
            }
        if let ticket, let counters = answer.counters {
            try HistoryComparison(run: self).compare(counters, with: model.counters(ticket), "the answer's counters of ticket \(ticket)")
        }
    }

    private func sqlTicket(_ ticket: TicketID) -> TicketID { tickets[ticket] ?? TicketID(9_000_000_000 + ticket.rawValue) }
    private func sqlHold(_ place: Int) -> HoldID { holds.indices.contains(place) ? holds[place] : HoldID(0) }
    /// The model's ticket of a ticket of the SQL.
    func modelTicket(_ ticket: TicketID) -> TicketID { tickets.first { $0.value == ticket }?.key ?? TicketID(0) }

    /// Tickets correspond by the lines that chose them.
    private mutating func learnTickets(_ order: OrderID) async throws {
        let shop = shop.id
        let chosen = try await store.pool.read { connection in
            try connection.query(
                """
                SELECT o.customer_id, l.line_id, l.ticket_id FROM shop_order o LEFT JOIN order_line l USING (shop_id, order_id)
                 WHERE o.shop_id = \(shop)::bigint AND o.order_id = \(order)::bigint
                """
            ) { row in (customer: try row.next(CustomerID.self), line: try row.next(LineID?.self), ticket: try row.next(TicketID?.self)) }
        }
        customer = customer ?? chosen.first?.customer
        for choice in chosen {
            guard let line = choice.line else { continue }
            let expected = model.ticketsByLine[line]
            guard (expected == nil) == (choice.ticket == nil) else {
                throw HistoryMismatch(place: nil, description: "line \(line): the oracle's ticket is \(expected as Any), the SQL's \(choice.ticket as Any)")
            }
            guard let expected, let ticket = choice.ticket else { continue }
            guard tickets[expected] ?? ticket == ticket else {
                throw HistoryMismatch(place: nil, description: "line \(line): the oracle puts it on ticket \(expected), the SQL on another")
            }
            tickets[expected] = ticket
        }
    }

    private func close(_ ticket: TicketID) async throws {
        let shop = shop.id
        _ = try await store.pool.transaction { connection in
            try connection.execute("UPDATE ticket SET status = 'closed' WHERE shop_id = \(shop)::bigint AND ticket_id = \(ticket)::bigint")
        }
    }
}
