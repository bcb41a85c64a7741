import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite("open windows hear what changes")
struct EventTests {
    /// Goes on until the event is heard.
    private func expectToHear(_ events: inout AsyncStream<DeskEvent>.Iterator, _ wanted: DeskEvent) async {
        while let event = await events.next() { if wanted == event { return } }
        Issue.record("the events ended before \(wanted)")
    }

    @Test("a window is told to load, then of messages, changes, presence, spends and new tickets of its own shop", .timeLimit(.minutes(4)))
    func all() async throws {
        try await DeskFixture.with { desk in
            let elsewhere = try await LedgerFixture.addShop(desk.ledger.pool, slug: "other", now: desk.clock.now)
            var foreign = desk.store.deskEvents(in: elsewhere).makeAsyncIterator()
            var events = desk.store.deskEvents(in: desk.shop).makeAsyncIterator()
            let eventsFirst = await events.next()
            #expect(eventsFirst == .reload)
            let foreignFirst = await foreign.next()
            #expect(foreignFirst == .reload)
            _ = try await desk.store.receive(Incoming(ticket: desk.ticket, channel: .email, text: "Tere"), in: desk.shop).get()
            await expectToHear(&events, .conversation(desk.ticket))
            _ = try await desk.store.assign(desk.ticket, to: desk.ana.id, in: desk.shop, by: desk.ana).get()
            await expectToHear(&events, .ticket(desk.ticket))
            _ = try await desk.store.present(at: desk.ticket, isWriting: true, in: desk.shop, by: desk.piret)
            await expectToHear(&events, .presence(desk.ticket))
            try await desk.ledger.spend(desk.ticket)
            await expectToHear(&events, .credits(desk.ticket))
            let fresh = try await desk.ledger.addTicket(desk.customer)
            await expectToHear(&events, .list)
            _ = try await desk.store.ask(.test, of: desk.shop, by: try await DeskFixture.addStaff(desk.ledger, "lea@example.si", "Lea", .lead)).get()
            let asked = try #require(try await desk.store.nextFeedRequest(desk.shop))
            try await desk.store.answerFeedRequest(asked.id, in: desk.shop, FeedAnswer(.tested, isGood: true))
            await expectToHear(&events, .feed)
            try await desk.ledger.entitle(fresh, order: 9, credits: 1)
            await expectToHear(&events, .credits(fresh))
            // P13: of all that the other shop's window heard nothing; its first event is its own.
            _ = try await desk.ledger.addTicket(try await desk.ledger.addCustomer(in: elsewhere), in: elsewhere)
            let foreignNext = await foreign.next()
            #expect(foreignNext == .list)
        }
    }

    @Test("many windows share one listener; the last one closes it", .timeLimit(.minutes(4)))
    func many() async throws {
        try await DeskFixture.with { desk in
            let heard = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        for await event in desk.store.deskEvents(in: desk.shop) { return event == .reload }
                        return false
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(heard == 40)
            #expect(desk.store.deskWindows == 0)
        }
    }

    @Test("after a restart of the database every window is told to load again, and hears on", .timeLimit(.minutes(4)))
    func restart() async throws {
        let server = try await TestServer.dedicated()
        let database = try await server.createDatabase()
        let store = Store(pool: database.pool, logger: TestServer.logger)
        _ = try await store.migrate()
        let shop = try await LedgerFixture.addShop(database.pool, slug: "demo", now: Date())
        var events = store.deskEvents(in: shop).makeAsyncIterator()
        let eventsFirst = await events.next()
        #expect(eventsFirst == .reload)
        try await server.restart()
        await expectToHear(&events, .reload)
        let ledger = LedgerFixture(database: database, store: store, clock: TestClock(), shop: shop)
        let ticket = try await ledger.addTicket(try await ledger.addCustomer())
        await expectToHear(&events, .list)
        try await ledger.entitle(ticket, credits: 3)
        await expectToHear(&events, .credits(ticket))
        await database.pool.shutdown()
        await server.stop()
    }
}
