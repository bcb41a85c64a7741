import ArgumentParser
import Domain
import FoundationEssentials
import Store

struct BalanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "balance", abstract: "Show what is left on a ticket, or what a customer has in all; now or as of an instant.")

    @Argument(help: ArgumentHelp("The ticket.", valueName: "number"))
    var number: TicketNumber?

    @Option(help: ArgumentHelp("The customer, by id.", valueName: "id"))
    var customer: Int64?

    @Option(help: ArgumentHelp("As of a time in RFC 3339, or the first instant of a day in UTC.", valueName: "time"))
    var at: Instant?

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    mutating func validate() throws {
        if (number == nil) == (customer == nil) { throw ValidationError("give either a ticket's number or --customer") }
    }

    func run() async throws {
        let settings = try settings.resolve()
        if let number { return try await ticket(number.id, settings) }
        let id = CustomerID(customer ?? 0)
        let found = try await Database.use(settings) { store -> BalanceView? in
            guard let shop = try await store.shop(ofCustomer: id) else { return nil }
            return try await store.balance(of: id, in: shop, at: at?.date)
        }
        guard let balance = found else { return try format.problem(.refused(.unknownCustomer(id))) }
        if format.json { return format.one("") { balance.write(&$0) } }
        Output.line(TextWidth.plain("\(balance.customer.shown), as of \(Timestamp.text(balance.at))"))
        CounterTable.make(balance.counters, screen: format.screen).print(format.screen)
    }

    private func ticket(_ number: TicketID, _ settings: Settings) async throws {
        let found = try await Database.use(settings) { store -> TicketBalance? in
            guard let shop = try await store.shop(ofTicket: number) else { return nil }
            guard let at else {
                return try await store.ticket(number, in: shop).map { TicketBalance(at: Date(), counters: $0.counters, pool: $0.pool) }
            }
            guard let customer = try await store.customer(ofTicket: number, in: shop) else { return nil }
            let balance = try await store.balance(of: customer, in: shop, at: at.date)
            let counters = balance?.tickets.first { $0.number == number }?.counters ?? [:]
            return TicketBalance(at: at.date, counters: counters, pool: [:])
        }
        guard let balance = found else { return try format.problem(.refused(.unknownTicket(number))) }
        if format.json {
            return format.one("") { json in
                json.object { json in
                    json.field("number", number.rawValue)
                    json.field("at", Timestamp.text(balance.at))
                    json.field("counters") { $0.counters(balance.counters) }
                    json.field("pool") { json in
                        json.object { json in for channel in balance.pool.keys.sorted() { json.field(channel.rawValue, balance.pool[channel]) } }
                    }
                }
            }
        }
        CounterTable.make(balance.counters, pool: balance.pool, screen: format.screen).print(format.screen)
    }
}

private struct TicketBalance: Sendable {
    let at: Date
    let counters: [Channel: Counter]
    let pool: [Channel: Int64]
}
