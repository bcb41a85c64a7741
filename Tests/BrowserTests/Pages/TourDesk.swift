import Domain
import Foundation
import Store
import Testing

/// Tickets in the states that agents meet, for looking at.
struct TourDesk: Sendable {
    let lead: Staff
    let finance: Staff
    let russian: Staff
    let rich: TicketID
    let empty: TicketID
    let calling: TicketID

    static func furnish(_ world: World, admin: Staff, agent: Staff) async throws -> TourDesk {
        let lead = try await world.add("Lea Novak", .lead)
        let finance = try await world.add("Wojciech Zając", .finance, language: "pl")
        let russian = try await world.add("Ольга Иванова", .agent, language: "ru")
        let rich = try await talk(world, agent)
        let empty = try await world.ticket("Mária Kovács-Szentgyörgyi")
        try await world.hear("Is anybody there?", on: empty)
        for channel in [Channel.email, .sms, .video] { try await world.leave(0, channel, on: empty) }
        let calling = try await world.ticket("Константин Константинопольский", daysAgo: 3)
        try await world.hear("Не открывается каталог, что делать?", on: calling, .sms, from: "+372 5555 0102")
        _ = try await world.store.startCall(on: calling, in: world.shop.id, key: .fresh(), by: russian)
        let low = try await world.ticket("Tõnu Jõgi", daysAgo: 20)
        try await world.leave(1, on: low)
        let settled = try await world.ticket("Ana Novak")
        _ = try await world.store.setStatus(.solved, of: settled, in: world.shop.id, by: agent).get()
        try await world.ticket("Piret Tamm", productID: 12, daysAgo: 1)
        for order in 501...503 {
            let reject = RejectedDocument(
                source: .poll, order: OrderID(Int64(order)), reason: "line_items[0].quantity: expected a whole number, found \"two\"",
                raw: Array(#"{"id":\#(order),"line_items":[{"quantity":"two"}],"billing":{"first_name":"<b>Ana</b>"}}"#.utf8), receivedAt: Date())
            try await world.store.keepReject(reject, shop: world.shop.id)
        }
        return TourDesk(lead: lead, finance: finance, russian: russian, rich: rich, empty: empty, calling: calling)
    }

    /// A conversation with everything in it.
    private static func talk(_ world: World, _ agent: Staff) async throws -> TicketID {
        let (store, shop) = (world.store, world.shop.id)
        let ticket = try await world.ticket("Aleksandra Brzęczyszczykiewicz", quantity: 2, daysAgo: 12)
        try await world.ticket("Aleksandra Brzęczyszczykiewicz", productID: 13, daysAgo: 2)
        try await world.hear("Dzień dobry,\n\nnie mogę zalogować się do panelu. Co mam zrobić?\n\nPozdrawiam", on: ticket)
        _ = try await store.assign(ticket, to: agent.id, in: shop, by: agent).get()
        _ = try await store.setPriority(.high, of: ticket, in: shop, by: agent).get()
        _ = try await store.setTags(["login", "vip"], of: ticket, in: shop, by: agent).get()
        for (channel, text) in [(Channel.email, "Dzień dobry! Wysłaliśmy link do zmiany hasła."), (.sms, "Link wygasa za godzinę.")] {
            let page = try #require(try await store.ticketPage(ticket, in: shop, for: agent.id))
            _ = try await store.send(
                Outgoing(ticket: ticket, channel: channel, text: text, seenVersion: page.desk.version), in: shop, key: .fresh(), by: agent)
        }
        _ = try await store.addNote("Checked: the account was locked after five attempts.", to: ticket, in: shop, key: .fresh(), by: agent)
        try await world.hear("Działa, dziękuję! https://example.test/a/very/long/address/that/does/not/want/to/end/anywhere?with=a&query=too", on: ticket)
        return ticket
    }
}
