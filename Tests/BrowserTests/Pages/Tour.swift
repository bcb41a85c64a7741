import Domain
import Foundation
import Store
import Testing

/// Every page of the console, in the states that people meet, in a shop with something in it.
struct Tour: Sendable {
    struct Stop: Sendable {
        let name: String
        let path: String
        /// Whose window; nil: nobody is signed in.
        var staff: Staff?
        /// What is done there before looking.
        var then: @Sendable (Page) async throws -> Void = { _ in }
    }

    let stops: [Stop]

    static func prepare(_ world: World) async throws -> Tour {
        let admin = try await world.add("Ana Kranjc", .admin)
        let agent = try await world.add("Aleksandra Konstantinopolska-Wojciechowska", .agent)
        let retired = try await world.add("Piret Tamm", .lead)
        _ = try await world.store.retireUser(retired.email, in: world.shop.id, by: admin.caller).get()
        _ = try await world.store.addReason("late-reply", to: world.shop.id, by: admin.caller).get()
        _ = try await world.store.createToken(scopes: [.balanceRead], label: "Bookkeeping", for: world.shop.id, by: admin.caller).get()
        let desk = try await TourDesk.furnish(world, admin: admin, agent: agent)
        let books = try await TourBooks.keep(world, by: admin, desk.finance, agent)
        let all = open() + tickets(desk, agent) + books.stops(admin, desk.finance, desk.lead, agent) + settings(admin, agent)
        return Tour(stops: all.filter { visits($0.name) })
    }

    /// SUPPORTMETER_TOUR=reports looks only at the stops whose names begin so.
    static func visits(_ name: String) -> Bool { name.hasPrefix(ProcessInfo.processInfo.environment["SUPPORTMETER_TOUR"] ?? "") }

    private static func tickets(_ desk: TourDesk, _ agent: Staff) -> [Stop] {
        let long = String(repeating: "Here is how you do it, step by step. ", count: 6)
        return [
            Stop(name: "tickets", path: "/tickets?view=all", staff: agent),
            Stop(name: "tickets-filtered", path: "/tickets?view=all&status=open&sort=credit", staff: desk.lead) { try await $0.press("j") },
            Stop(name: "tickets-none", path: "/tickets?view=mine&q=nothing+like+that", staff: agent),
            Stop(name: "ticket", path: "/tickets/\(desk.rich)", staff: agent) { page in
                try await page.see("#write-email textarea")
                try await page.fill("#write-email textarea", long)
                try await page.see("#write-email [data-cost]", "Left afterwards")
            },
            Stop(name: "ticket-zero", path: "/tickets/\(desk.empty)", staff: desk.lead) { page in
                try await page.write("Nothing is left for this.")
                try await page.see("#write-email .ways")
                try await page.click("#act-goodwill > summary")
            },
            Stop(name: "ticket-call", path: "/tickets/\(desk.calling)", staff: desk.russian) { page in
                try await page.open("sms")
            },
            Stop(name: "ticket-finance", path: "/tickets/\(desk.rich)", staff: desk.finance),
            Stop(name: "feed", path: "/feed", staff: desk.lead),
            Stop(name: "reports", path: "/reports", staff: desk.lead),
            Stop(name: "reports-table", path: "/reports", staff: desk.finance) { try await $0.click(".chart-card details > summary") },
            Stop(name: "reports-empty", path: "/reports?from=2020-01-01&through=2020-01-31", staff: desk.lead),
            Stop(name: "reports-forbidden", path: "/reports", staff: agent),
        ]
    }

    private static func open() -> [Stop] {
        [
            Stop(name: "sign-in", path: "/sign-in"),
            Stop(name: "sign-in-wrong", path: "/sign-in") { page in
                try await page.fill("input[name=email]", "nobody@example.test")
                try await page.fill("input[name=password]", "wrong horse")
                try await page.visit("button.main")
            },
            Stop(name: "sign-in-shop", path: "/sign-in") { try await $0.click("details.more > summary") },
        ]
    }

    private static func settings(_ admin: Staff, _ agent: Staff) -> [Stop] {
        [
            Stop(name: "account", path: "/account", staff: admin),
            Stop(name: "account-menu", path: "/account", staff: agent) { try await $0.click("details.menu > summary") },
            Stop(name: "keys", path: "/account", staff: agent) { page in
                try await page.press("?")
                try await page.see("dialog#keys[open]")
            },
            Stop(name: "plans", path: "/plans", staff: admin),
            Stop(name: "users", path: "/users", staff: admin),
            Stop(name: "user", path: "/users/\(agent.id)", staff: admin) { try await $0.click("details.confirm > summary") },
            Stop(name: "tokens", path: "/tokens", staff: admin),
            Stop(name: "token-made", path: "/tokens", staff: admin) { page in
                try await page.fill("input[name=label]", "Phone system")
                try await page.click(".option", "usage:write")
                try await page.visit("button", "Create")
                try await page.see("code.secret")
            },
            Stop(name: "reasons", path: "/reasons", staff: admin),
            Stop(name: "audit", path: "/audit", staff: admin),
            Stop(name: "audit-empty", path: "/audit?action=nothing", staff: admin),
            Stop(name: "forbidden", path: "/users", staff: agent),
            Stop(name: "not-found", path: "/nowhere", staff: agent),
        ]
    }

    /// Calls the body at each stop, in a window of whoever looks.
    func walk(_ world: World, _ body: (Stop, Page) async throws -> Void) async throws {
        var windows: [UserID: Page] = [:]
        let nobody = try await world.window()
        for stop in stops {
            var page = nobody
            if let staff = stop.staff {
                if windows[staff.id] == nil { windows[staff.id] = try await world.window(staff) }
                page = windows[staff.id] ?? nobody
            }
            try await page.look(width: 1280)
            try await page.goto(stop.path)
            try await stop.then(page)
            try await body(stop, page)
        }
    }
}
