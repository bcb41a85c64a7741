import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite("an answer is sent once, charged once, and never on top of another")
struct SendTests {
    @Test("sending holds the credit, being accepted captures it, and the message says so")
    func way() async throws {
        try await DeskFixture.with { desk in
            _ = try await desk.store.receive(Incoming(ticket: desk.ticket, channel: .email, text: "Tere! Ma ei saa sisse.", from: "tonu@example.ee"), in: desk.shop).get()
            #expect(try await desk.store.saveDraft("Tere", channel: "email", ticket: desk.ticket, in: desk.shop, by: desk.ana) == nil)
            let message = try #require(try await desk.store.send(try await desk.outgoing("Tere, Tõnu!"), in: desk.shop, key: .fresh(), by: desk.ana).message)
            #expect(message.state == .sending && message.to == "tonu@example.ee" && message.quantity == 1 && message.author?.name == "Ana")
            #expect(try await desk.counter() == Counter(granted: 5, held: 1))
            let page = try await desk.page()
            #expect(page.drafts.isEmpty && page.desk.assignee?.id == desk.ana.id && page.ticket.status == "waiting" && page.desk.side == .customer)
            #expect(try await desk.sendDue().map(\.body) == ["Tere, Tõnu!"])
            let sent = try #require(try await desk.store.message(message.id, in: desk.shop))
            #expect(sent.state == .sent && sent.entry != nil && sent.error == nil)
            #expect(try await desk.counter() == Counter(granted: 5, used: 1))
            #expect(try await desk.page().entries.first?.agent == "ana@example.si")
            #expect(try await desk.store.verify().problem == nil)
        }
    }

    @Test("of two agents who answer at once one is stopped, shown the other's answer, and charged nothing")
    func collision() async throws {
        try await DeskFixture.with { desk in
            let seen = try await desk.version()
            #expect(try await desk.store.saveDraft("tema oma", channel: "email", ticket: desk.ticket, in: desk.shop, by: desk.piret) == nil)
            let outcomes = try await withThrowingTaskGroup(of: (Staff, DeskOutcome).self) { group in
                for staff in [desk.ana, desk.piret] {
                    group.addTask { (staff, try await desk.store.send(try await desk.outgoing("od \(staff.name)", seen: seen), in: desk.shop, key: .fresh(), by: staff)) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let winner = try #require(outcomes.first { $0.1.message != nil })
            let loser = try #require(outcomes.first { $0.0.id != winner.0.id })
            guard case .overtaken(let added, let version) = loser.1 else { Issue.record("\(loser.1)"); return }
            #expect(added.map(\.body) == ["od \(winner.0.name)"] && version == seen + 1)
            #expect(try await desk.counter() == Counter(granted: 5, held: 1))
            if loser.0.id == desk.piret.id { #expect(try await desk.store.drafts(of: desk.ticket, in: desk.shop, by: desk.piret.id).map(\.body) == ["tema oma"]) }
            // Having seen it, they may.
            #expect(try await desk.store.send(try await desk.outgoing("vseeno"), in: desk.shop, key: .fresh(), by: loser.0).message != nil)
        }
    }

    @Test("what the customer wrote meanwhile stops an answer; one's own note and the program's lines do not")
    func stopped() async throws {
        try await DeskFixture.with { desk in
            let seen = try await desk.version()
            _ = try await desk.store.addNote("premislim", to: desk.ticket, in: desk.shop, key: .fresh(), by: desk.ana)
            #expect(try await desk.store.send(try await desk.outgoing("prvi", seen: seen), in: desk.shop, key: .fresh(), by: desk.ana).message != nil)
            let again = try await desk.version()
            _ = try await desk.store.receive(Incoming(ticket: desk.ticket, channel: .sms, text: "Halo?"), in: desk.shop).get()
            let outcome = try await desk.store.send(try await desk.outgoing("drugi", seen: again), in: desk.shop, key: .fresh(), by: desk.ana)
            guard case .overtaken(let added, _) = outcome else { Issue.record("\(outcome)"); return }
            #expect(added.map(\.body) == ["Halo?"])
        }
    }

    @Test("50 clicks under one key send once and are charged once")
    func clicks() async throws {
        try await DeskFixture.with { desk in
            let (key, outgoing) = (IdempotencyKey.fresh(), try await desk.outgoing("samo enkrat", .sms))
            let outcomes = try await withThrowingTaskGroup(of: DeskOutcome.self) { group in
                for _ in 0..<50 { group.addTask { try await desk.store.send(outgoing, in: desk.shop, key: key, by: desk.ana) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(outcomes.compactMap(\.message?.id)).count == 1 && outcomes.filter { !$0.isReplayed }.count == 1)
            #expect(try await desk.sendDue().count == 1)
            #expect(try await desk.counter(.sms) == Counter(granted: 5, used: 1))
            var other = outgoing
            other.text = "nekaj drugega"
            #expect(try await desk.store.send(other, in: desk.shop, key: key, by: desk.ana).refusal == .keyReused)
            #expect(try await desk.store.verify().problem == nil)
        }
    }

    @Test("an SMS costs its segments; at zero it is refused with the ways out, and a note still works")
    func zero() async throws {
        try await DeskFixture.with(sms: 2, role: .lead) { desk in
            let long = String(repeating: "č", count: 100)
            let outcome = try await desk.store.send(try await desk.outgoing(long, .sms), in: desk.shop, key: .fresh(), by: desk.ana)
            #expect(outcome.message?.quantity == 2 && outcome.message?.segments == 2)
            let refused = try await desk.store.send(try await desk.outgoing("Še eno", .sms), in: desk.shop, key: .fresh(), by: desk.ana)
            guard case .refused(.insufficientCredits(_, let needed, let remaining, _, _), let ways) = refused else { Issue.record("\(refused)"); return }
            #expect(needed == 1 && remaining == 0 && ways?.goodwill == .credits(20) && ways?.mayWriteNote == true)
            let poor = try await desk.store.send(try await desk.outgoing("Še eno", .sms, seen: 99), in: desk.shop, key: .fresh(), by: desk.piret)
            guard case .refused(_, let none) = poor else { Issue.record("\(poor)"); return }
            #expect(none?.goodwill == Allowance.none)
            #expect(try await desk.store.addNote("nima več", to: desk.ticket, in: desk.shop, key: .fresh(), by: desk.ana).message != nil)
            let usage = try await desk.store.recordUsage(
                Usage(ticket: desk.ticket, channel: "sms", quantity: 1), note: nil, in: desk.shop, key: .fresh(), by: desk.ana)
            #expect(usage.refusal?.type == "insufficient-credits")
        }
    }

    @Test("a message goes to the customer's own addresses only, and another shop's agent finds no ticket")
    func recipients() async throws {
        try await DeskFixture.with { desk in
            var outgoing = try await desk.outgoing("Pozdrav")
            outgoing.to = "somebody@else.example"
            #expect(try await desk.store.send(outgoing, in: desk.shop, key: .fresh(), by: desk.ana).refusal?.field == "to")
            _ = try await desk.store.receive(Incoming(ticket: desk.ticket, channel: .email, text: "od drugod", from: "tonu.doma@example.ee"), in: desk.shop).get()
            outgoing = try await desk.outgoing("Pozdrav")
            outgoing.to = "tonu.doma@example.ee"
            #expect(try await desk.store.send(outgoing, in: desk.shop, key: .fresh(), by: desk.ana).message?.to == "tonu.doma@example.ee")
            let shop = try await LedgerFixture.addShop(desk.ledger.pool, slug: "other", now: desk.clock.now)
            let stranger = try await DeskFixture.addStaff(desk.ledger, "x@example.com", "X", .admin, in: shop)
            #expect(try await desk.store.send(outgoing, in: desk.shop, key: .fresh(), by: stranger).refusal == .unknownTicket(desk.ticket))
            #expect(try await desk.store.send(outgoing, in: shop, key: .fresh(), by: stranger).refusal == .unknownTicket(desk.ticket))
            #expect(try await desk.store.ticketPage(desk.ticket, in: shop, for: stranger.id) == nil)
        }
    }

    @Test("work done elsewhere is booked once, with its entry in the conversation")
    func elsewhere() async throws {
        try await DeskFixture.with { desk in
            let key = IdempotencyKey.fresh()
            for _ in 0..<2 {
                let outcome = try await desk.store.recordUsage(
                    Usage(ticket: desk.ticket, channel: "email", quantity: 2, reference: "iz mojega poštnega predala"), note: "dva odgovora", in: desk.shop,
                    key: key, by: desk.ana)
                #expect(outcome.message?.entry != nil && outcome.message?.kind == .usage)
            }
            #expect(try await desk.counter() == Counter(granted: 5, used: 2))
            #expect(try await desk.store.verify().problem == nil)
        }
    }
}
