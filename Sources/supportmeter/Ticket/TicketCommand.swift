import ArgumentParser
import Domain
import Store

struct TicketCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ticket", abstract: "The tickets that orders opened, and what is left on them.",
        subcommands: [TicketShowCommand.self, TicketListCommand.self, TicketEntriesCommand.self])
}

/// A ticket's number as people say it: `1042` or `#1042`.
struct TicketNumber: ExpressibleByArgument {
    let id: TicketID

    init?(argument: String) {
        guard let number = Int64(argument.hasPrefix("#") ? String(argument.dropFirst()) : argument) else { return nil }
        id = TicketID(number)
    }
}

struct TicketShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a ticket and its credits.")

    @Argument(help: ArgumentHelp("The ticket.", valueName: "number"))
    var number: TicketNumber

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let found = try await Database.use(settings.resolve()) { store -> TicketView? in
            guard let shop = try await store.shop(ofTicket: number.id) else { return nil }
            return try await store.ticket(number.id, in: shop)
        }
        guard let ticket = found else { return try format.problem(.refused(.unknownTicket(number.id))) }
        if format.json { return format.one("") { ticket.write(&$0) } }
        Output.line(TextWidth.plain("#\(ticket.number)  \(ticket.subject)"))
        var facts = Table([.init(title: "ABOUT"), .init(title: "", isFlexible: true)])
        for (name, value) in ticket.facts { facts.add(name, value) }
        facts.print(format.screen)
        Output.line("")
        CounterTable.make(ticket.counters, pool: ticket.pool, screen: format.screen).print(format.screen)
    }
}

struct TicketListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List tickets, newest first.")

    @OptionGroup var shop: ShopFlag

    @Option(help: "Only open, waiting, solved or closed ones.")
    var status: String?

    @Option(help: ArgumentHelp("Only this customer's.", valueName: "id"))
    var customer: Int64?

    @Option(help: ArgumentHelp("Only those of this order, by the shop's id.", valueName: "id"))
    var order: Int64?

    @Option(help: "Only those with credits of the channel.")
    var channel: String?

    @Flag(help: "Only those that are low or empty.")
    var low = false

    @OptionGroup var page: PageFlags
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    mutating func validate() throws {
        if let status, !["open", "waiting", "solved", "closed"].contains(status) {
            throw ValidationError("--status: expected one of open, waiting, solved, closed, found \"\(status)\"")
        }
    }

    func run() async throws {
        let tickets = try await Database.use(settings.resolve()) { store in
            let shop = try await shop.find(store)
            var filter = TicketFilter()
            filter.status = status
            filter.customer = customer.map { CustomerID($0) }
            filter.order = order.map { OrderID($0) }
            filter.channel = try channel.map { try shop.channel(named: $0) }
            filter.isLow = low
            return try await store.tickets(filter, in: shop.id, after: page.after, limit: page.limit)
        }
        format.list(tickets.items, empty: "no ticket", next: tickets.next.map(String.init), json: { $1.write(&$0) }) {
            TicketTable.make(tickets.items, screen: format.screen)
        }
    }
}

struct TicketEntriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "entries", abstract: "List what happened to a ticket's credits, oldest first.")

    @Argument(help: ArgumentHelp("The ticket.", valueName: "number"))
    var number: TicketNumber

    @OptionGroup var page: PageFlags
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let found = try await Database.use(settings.resolve()) { store -> ListPage<EntryView>? in
            guard let shop = try await store.shop(ofTicket: number.id) else { return nil }
            return try await store.entries(of: number.id, in: shop, after: page.after, limit: page.limit)
        }
        guard let entries = found else { return try format.problem(.refused(.unknownTicket(number.id))) }
        format.list(entries.items, empty: "no entry", next: entries.next.map(String.init), json: { $1.write(&$0) }) {
            EntryTable.make(entries.items)
        }
    }
}

/// Which part of a list.
struct PageFlags: ParsableArguments {
    @Option(help: "Rows at most, 1 to \(Store.listMax).")
    var limit = Store.listDefault

    @Option(help: ArgumentHelp("Go on after what an earlier list ended with.", valueName: "cursor"))
    var after: Int64?

    mutating func validate() throws {
        if !(1...Store.listMax).contains(limit) { throw ValidationError("--limit: expected 1 to \(Store.listMax), found \(limit)") }
    }
}
