import Domain
import Foundation
import Store
import TestSupport
import Testing

@testable import Web

@Suite struct LiveListTests {
    /// The first event that the condition wants.
    private func hear(_ window: EventWindow, _ isIt: (EventWindow.Event) -> Bool) async -> EventWindow.Event? {
        for await event in window.events where isIt(event) { return event }
        return nil
    }

    @Test("a spend is heard in every window of the shop within 2 seconds, and the rows then say what is left", .timeLimit(.minutes(3)))
    func spend() async throws {
        try await WebServer.with(connectionsMax: 10) { server in
            let ticket = try await server.shop.ticket()
            let (ana, lea) = (try await server.browser(.agent), try await server.browser(.lead))
            let windows = [try EventWindow(ana, "/tickets/live"), try EventWindow(lea, "/tickets/live")]
            for window in windows {
                let first = await hear(window) { _ in true }
                #expect(first?.name == "tickets" && first?.json["all"] as? Bool == true)
            }
            #expect(try await ana.get("/tickets/table").row(ticket).contains("5 of 5 e-mails left"))
            #expect(try await server.spend(ticket).status == 201)
            let spentAt = ContinuousClock.now
            for window in windows {
                #expect(await hear(window) { $0.numbers("spent").contains(Int(ticket.rawValue)) } != nil)
            }
            #expect(ContinuousClock.now - spentAt < .seconds(2))
            #expect(try await ana.get("/tickets/table").row(ticket).contains("4 of 5 e-mails left"))
            _ = try await server.store.receive(Incoming(ticket: ticket, channel: .email, text: "Hello"), in: server.shop.id).get()
            #expect(await hear(windows[0]) { $0.numbers("changed").contains(Int(ticket.rawValue)) } != nil)
            for window in windows { window.close() }
        }
    }

    @Test("another shop's spends are not heard (P13)", .timeLimit(.minutes(3)))
    func otherShop() async throws {
        try await WebServer.with(connectionsMax: 10) { server in
            let other = try await TestShop.add(to: server.shop.test, slug: "other")
            let theirs = try await other.ticket(order: 9)
            let ours = try await server.shop.ticket()
            let window = try EventWindow(try await server.browser(.agent), "/tickets/live")
            _ = await hear(window) { _ in true }
            _ = try await other.spend(theirs)
            _ = try await server.shop.spend(ours)
            let event = await hear(window) { !$0.numbers("spent").isEmpty }
            #expect(event?.numbers("spent").contains(Int(ours.rawValue)) == true && event?.numbers("spent").contains(Int(theirs.rawValue)) == false)
            window.close()
        }
    }

    @Test("of one session the newest windows listen and the oldest is told so; all are told when the session ends", .timeLimit(.minutes(3)))
    func sessions() async throws {
        try await WebServer.with(connectionsMax: 10) { server in
            let staff = try await TestStaff.add(.agent, "ana@example.test", to: server.shop)
            let browser = try await server.browser(staff)
            var windows: [EventWindow] = []
            for _ in 0...LiveWindows.perSessionMax {
                windows.append(try EventWindow(browser, "/tickets/live"))
                _ = await hear(windows[windows.count - 1]) { _ in true }
            }
            #expect(await hear(windows[0]) { $0.name == "elsewhere" } != nil)
            _ = try await server.store.endSessions(of: staff, by: .commandLine)
            #expect(await hear(windows[1]) { $0.name == "signed-out" } != nil)
            #expect(await hear(windows[2]) { $0.name == "signed-out" } != nil)
        }
    }

    @Test("whoever opens the stream as a page is led to the list; a server that shuts down does not wait for windows", .timeLimit(.minutes(3)))
    func edges() async throws {
        try await WebServer.with(connectionsMax: 10) { server in
            let browser = try await server.browser(.agent)
            let page = try await browser.get("/tickets/live")
            #expect(page.status == 303 && page.header("location") == "/tickets")
            let window = try EventWindow(browser, "/tickets/live")
            _ = await hear(window) { _ in true }
            await server.group.triggerGracefulShutdown()
            #expect(await hear(window) { _ in false } == nil, "the stream ends")
        }
    }
}
