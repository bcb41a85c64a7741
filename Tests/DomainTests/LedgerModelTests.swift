import Domain
import Foundation
import Testing

@Suite struct LedgerModelTests {
    private let ticket = TicketID(1)

    private func model(_ plan: Plan, pooling: Bool = false) throws -> LedgerModel {
        LedgerModel(now: try day(1), zone: .utc, plans: [plan], pooling: pooling)
    }

    private func day(_ day: Int) throws -> Date { try instant("2026-03-01T09:00:00Z").addingTimeInterval(Double(day - 1) * 86_400) }

    private func figures(_ model: LedgerModel, _ ticket: TicketID = TicketID(1), _ channel: Channel = .email) -> [Int64] {
        let counter = model.counter(ticket, channel)
        return [counter.granted, counter.used, counter.held, counter.expired, counter.revoked, counter.remaining, counter.shortfall]
    }

    @Test("the same order seen again changes nothing, and an older sight never overwrites a newer one")
    func once() throws {
        var model = try model(startPlan())
        let paid = try order(lines: [orderLine()])
        #expect(model.apply(order: paid, seenAt: try day(1)).map(\.kind) == [.grant, .grant, .grant])
        #expect(model.apply(order: paid, seenAt: try day(2)).isEmpty)
        var older = paid
        older.modifiedAt = try day(1).addingTimeInterval(-1)
        older.status = "cancelled"
        #expect(model.apply(order: older, seenAt: try day(3)).isEmpty)
        #expect(figures(model) == [5, 0, 0, 0, 0, 5, 0])
    }

    @Test("a cancelled order takes back what is unused, shows what is short, and re-entitlement lowers revoked first")
    func revocation() throws {
        var model = try model(startPlan())
        model.apply(order: try order(lines: [orderLine()]), seenAt: try day(1))
        _ = try model.use(ticket, .email, 2, now: day(1)).get()
        model.apply(order: try order(status: "cancelled", lines: [orderLine()]), seenAt: try day(2))
        #expect(figures(model) == [5, 2, 0, 0, 3, 0, 2])
        model.apply(order: try order(lines: [orderLine(quantity: "2")]), seenAt: try day(3))
        #expect(figures(model) == [10, 2, 0, 0, 0, 8, 0])
    }

    @Test("credits that come back after the order ended are revoked, after the end of validity they expire")
    func comingBack() throws {
        var model = try model(startPlan(validDays: 10))
        model.apply(order: try order(lines: [orderLine()]), seenAt: try day(1))
        _ = try model.use(ticket, .email, 1, now: day(1)).get()
        _ = try model.hold(ticket, .email, 2, deadline: day(30), now: day(1)).get()
        model.advance(to: try day(12))
        #expect(figures(model) == [5, 1, 2, 2, 0, 0, 0])
        _ = try model.release(HoldID(1), now: day(12)).get()
        #expect(figures(model) == [5, 1, 0, 4, 0, 0, 0])
        model.apply(order: try order(status: "cancelled", lines: [orderLine()]), seenAt: try day(13))
        #expect(figures(model) == [5, 1, 0, 4, 0, 0, 1])
        _ = try model.reverse(EntryID(4), now: day(14)).get()
        #expect(figures(model) == [5, 0, 0, 4, 1, 0, 0])
    }

    @Test("credits expire at the first instant after their last day, by the clock alone")
    func expiry() throws {
        var model = try model(startPlan(validDays: 1))
        model.apply(order: try order(lines: [orderLine()]), seenAt: try day(1))
        let instant = try instant("2026-03-03T00:00:00Z")
        _ = try model.use(ticket, .email, 1, now: instant.addingTimeInterval(-1)).get()
        #expect(
            model.use(ticket, .email, 1, now: instant)
                == .failure(.insufficientCredits(channel: .email, needed: 1, remaining: 0, pool: 0, topUpURL: nil)))
        #expect(model.entries.last?.at == instant && figures(model) == [5, 1, 0, 4, 0, 0, 0])
    }

    @Test("a hold ends once: captured, released or lapsed at its deadline")
    func holds() throws {
        var model = try model(startPlan())
        model.apply(order: try order(lines: [orderLine()]), seenAt: try day(1))
        _ = try model.hold(ticket, .email, 3, deadline: day(2), now: day(1)).get()
        #expect(model.capture(HoldID(1), now: try day(2)) == .failure(.holdAlreadyEnded(hold: HoldID(1), state: .lapsed)))
        _ = try model.hold(ticket, .email, 3, deadline: day(4), now: day(3)).get()
        #expect(try model.capture(HoldID(2), 2, now: day(3)).get().map(\.kind) == [.capture, .release])
        #expect(figures(model) == [5, 2, 0, 0, 0, 3, 0])
        #expect(model.release(HoldID(2), now: try day(3)) == .failure(.holdAlreadyEnded(hold: HoldID(2), state: .captured)))
        #expect(model.release(HoldID(9), now: try day(3)) == .failure(.unknownHold(HoldID(9))))
    }

    @Test("what a capture exceeds its hold by comes from what remains, then as overdraft, then not at all")
    func overdraft() throws {
        var model = try model(startPlan(overdraft: 2))
        model.apply(order: try order(lines: [orderLine()]), seenAt: try day(1))
        _ = try model.hold(ticket, .email, 1, deadline: day(9), now: day(1)).get()
        #expect(
            model.capture(HoldID(1), 8, now: try day(1))
                == .failure(.captureExceeds(hold: HoldID(1), held: 1, asked: 8, available: 6, topUpURL: nil)))
        #expect(try model.capture(HoldID(1), 7, now: day(1)).get().map(\.kind) == [.overdraft, .hold, .capture])
        #expect(figures(model) == [7, 7, 0, 0, 0, 0, 0])
        let usage = try unwrap(model.entries.last?.id)
        _ = try model.reverse(usage, 3, now: day(2)).get()
        #expect(figures(model) == [7, 4, 0, 0, 2, 1, 0])
    }

    @Test("a usage is given back in parts and never beyond what it took")
    func reversal() throws {
        var model = try model(startPlan())
        model.apply(order: try order(lines: [orderLine()]), seenAt: try day(1))
        let usage = try unwrap(model.use(ticket, .email, 3, now: day(1)).get().last?.id)
        _ = try model.reverse(usage, 1, now: day(1)).get()
        #expect(model.reverse(usage, 3, now: try day(1)) == .failure(.reversalExceedsUsage(usage: usage, asked: 3, left: 2)))
        _ = try model.reverse(usage, now: day(1)).get()
        #expect(model.reverse(usage, now: try day(1)) == .failure(.reversalExceedsUsage(usage: usage, asked: 0, left: 0)))
        #expect(model.reverse(EntryID(99), now: try day(1)) == .failure(.unknownUsage(EntryID(99))))
        #expect(figures(model) == [5, 0, 0, 0, 0, 5, 0])
    }

    @Test("with pooling the other tickets lend, closed ones too, each on its own counter; without it they do not")
    func pooling() throws {
        var model = try model(startPlan(), pooling: true)
        model.apply(order: try order(1, lines: [orderLine(1)]), seenAt: try day(1))
        model.apply(order: try order(2, lines: [orderLine(2)]), seenAt: try day(1))
        let entries = try model.use(ticket, .email, 7, now: day(1)).get()
        #expect(entries.map(\.quantity) == [5, 2] && entries.map(\.spentFor) == [nil, ticket])
        #expect(model.counter(TicketID(2), .email).used == 2 && model.pool(ticket, .email) == 3)
        model.setStatus(.closed, of: TicketID(2))
        #expect(model.pool(ticket, .email) == 3)
        model.pooling = false
        #expect(
            model.use(ticket, .email, 1, now: try day(1))
                == .failure(.insufficientCredits(channel: .email, needed: 1, remaining: 0, pool: 0, topUpURL: nil)))
    }

    @Test("a transfer moves unused credits, and they answer to their order from then on")
    func transfer() throws {
        var model = try model(startPlan(validDays: 10))
        model.apply(order: try order(1, lines: [orderLine(1)]), seenAt: try day(1))
        model.apply(order: try order(2, lines: [orderLine(2)]), seenAt: try day(1))
        let other = TicketID(2)
        _ = try model.transfer(.email, 2, from: ticket, to: other, now: day(1)).get()
        #expect(figures(model) == [5, 0, 0, 0, 2, 3, 0] && figures(model, other) == [7, 0, 0, 0, 0, 7, 0])
        model.apply(order: try order(1, status: "cancelled", lines: [orderLine(1)]), seenAt: try day(2))
        #expect(figures(model) == [5, 0, 0, 0, 5, 0, 0] && figures(model, other) == [7, 0, 0, 0, 2, 5, 0])
        model.apply(order: try order(1, lines: [orderLine(1)]), seenAt: try day(3))
        model.advance(to: try day(20))
        #expect(figures(model) == [5, 0, 0, 3, 2, 0, 0] && figures(model, other) == [7, 0, 0, 7, 0, 0, 0])
        #expect(model.netGrant(LineID(1), .email) == 5)
        #expect(model.transfer(.email, 1, from: ticket, to: ticket, now: try day(20)) == .failure(.sameTicket(ticket)))
    }

    @Test("what an adjustment took lowers what the grant still answers for; goodwill answers to no order")
    func adjustment() throws {
        var model = try model(startPlan())
        model.apply(order: try order(lines: [orderLine()]), seenAt: try day(1))
        _ = try model.adjust(ticket, .email, by: -2, now: day(1)).get()
        _ = try model.adjust(ticket, .email, by: 1, now: day(1)).get()
        #expect(figures(model) == [6, 0, 0, 0, 2, 4, 0])
        model.apply(order: try order(status: "cancelled", lines: [orderLine()]), seenAt: try day(2))
        #expect(figures(model) == [6, 0, 0, 0, 5, 1, 0])
        model.apply(order: try order(lines: [orderLine()]), seenAt: try day(3))
        #expect(figures(model) == [6, 0, 0, 0, 2, 4, 0])
    }

    @Test("what an adjustment took comes on top of what a refund takes back, whichever came first")
    func adjustmentAndRefund() throws {
        for isAdjustedFirst in [true, false] {
            var model = try model(startPlan())
            model.apply(order: try order(lines: [orderLine(quantity: "2")]), seenAt: try day(1))
            if isAdjustedFirst { _ = try model.adjust(ticket, .email, by: -4, now: day(2)).get() }
            model.apply(order: try order(lines: [orderLine()]), seenAt: try day(3))
            if !isAdjustedFirst { _ = try model.adjust(ticket, .email, by: -4, now: day(4)).get() }
            #expect(figures(model) == [10, 0, 0, 0, 9, 1, 0])
            #expect(model.netGrant(LineID(1), .email) == 5)
        }
    }

    @Test("lines with ticket new share the order's ticket; top-up joins the latest open ticket of the plan")
    func tickets() throws {
        let new = try startPlan(id: 1)
        let topUp = try startPlan(id: 2, rule: .topUp, match: PlanMatch(skus: ["TOP"]))
        var model = LedgerModel(now: try day(1), zone: .utc, plans: [new, topUp])
        model.apply(order: try order(1, lines: [orderLine(1), orderLine(2)]), seenAt: try day(1))
        #expect(model.tickets.count == 1)
        model.apply(order: try order(2, lines: [orderLine(3, sku: "TOP")]), seenAt: try day(2))
        model.apply(order: try order(3, lines: [orderLine(4, sku: "TOP")]), seenAt: try day(3))
        #expect(model.tickets.count == 2 && model.ticketsByLine[LineID(4)] == TicketID(2))
        model.setStatus(.closed, of: TicketID(2))
        model.apply(order: try order(4, lines: [orderLine(5, sku: "TOP")]), seenAt: try day(4))
        #expect(model.ticketsByLine[LineID(5)] == TicketID(3))
    }

    @Test("a pending order opens no ticket, and a line is bound to the plan as it was at first sight")
    func binding() throws {
        var model = try model(startPlan())
        #expect(model.apply(order: try order(status: "pending", lines: [orderLine()]), seenAt: try day(1)).isEmpty && model.tickets.isEmpty)
        model.plans = [try startPlan(credits: [.email: 50])]
        model.apply(order: try order(lines: [orderLine(sku: "RENAMED")]), seenAt: try day(2))
        #expect(figures(model) == [5, 0, 0, 0, 0, 5, 0])
    }
}
