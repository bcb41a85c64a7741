import Domain
import Store

/// Tickets with their counters, and what happened on them.
enum TicketRoutes {
    static let all: [Route] = [
        Route(
            .get, "/api/v1/tickets", query: filters + [.limit, .after],
            Operation(
                id: "listTickets", tag: "tickets", summary: "Tickets from the newest on.", success: .json(200, .page(.reference("Ticket")))),
            access: .token(.balanceRead, list)),
        Route(
            .get, "/api/v1/tickets/{number}",
            Operation(id: "readTicket", tag: "tickets", summary: "One ticket.", success: .json(200, .reference("Ticket"))),
            access: .token(.balanceRead, read)),
        Route(
            .get, "/api/v1/tickets/{number}/entries", query: [.limit, .after],
            Operation(
                id: "listEntries", tag: "tickets", summary: "A ticket's rows of the ledger, oldest first.",
                success: .json(200, .page(.reference("Entry")))),
            access: .token(.balanceRead, entries)),
    ]

    private static let filters: [QueryParameter] = [
        QueryParameter(name: "status", schema: .choice(TicketStatus.allCases.map(\.rawValue)), note: "Only tickets that stand so."),
        QueryParameter(name: "customer", schema: .id, note: "Only this customer's."),
        QueryParameter(name: "order", schema: .id, note: "Only tickets with credits of this order."),
        QueryParameter(name: "channel", schema: .channel, note: "Only tickets with a counter of this channel."),
        QueryParameter(
            name: "low", schema: .choice(["true", "false"]), note: "With `true` only tickets with a counter (of `channel`) that is low or empty."),
    ]

    private static func list(_ call: Call, _ identity: Identity) async throws -> Reply {
        let query = try call.query()
        var filter = TicketFilter()
        filter.status = try query.choice("status", TicketStatus.self)?.rawValue
        filter.customer = try query.whole("customer", in: 1...Int64.max).map(CustomerID.init)
        filter.order = try query.whole("order", in: 1...Int64.max).map(OrderID.init)
        if let name = query["channel"] {
            guard let channel = Channel(rawValue: name) else { throw query.wrong("channel", "the name of a channel", name) }
            filter.channel = channel
        }
        filter.isLow = try query.flag("low") ?? false
        let page = try await call.store.tickets(
            filter, in: identity.shop, after: try Cursor.number("ticket", query), limit: try query.limit())
        return .page(page, list: "ticket") { $0.write(&$1) }
    }

    private static func read(_ call: Call, _ identity: Identity) async throws -> Reply {
        let number = try call.id(unknown: Refusal.unknownTicket)
        guard let ticket = try await call.store.ticket(number, in: identity.shop) else { throw Refusal.unknownTicket(number) }
        return .written { ticket.write(&$0) }
    }

    private static func entries(_ call: Call, _ identity: Identity) async throws -> Reply {
        let number = try call.id(unknown: Refusal.unknownTicket)
        let query = try call.query()
        let page = try await call.store.entries(
            of: number, in: identity.shop, after: try Cursor.number("entry", query), limit: try query.limit())
        guard let page else { throw Refusal.unknownTicket(number) }
        return .page(page, list: "entry") { $0.write(&$1) }
    }
}
