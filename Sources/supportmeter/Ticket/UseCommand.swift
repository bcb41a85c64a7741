import ArgumentParser
import Domain
import FoundationEssentials
import Store

struct UseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Charge a piece of work to a ticket, once per key.",
        discussion: "The quantity is given, or follows from the text of an SMS or the length of a call by the channel's unit rule.")

    @Argument(help: ArgumentHelp("The ticket.", valueName: "number"))
    var number: TicketNumber

    @Option(help: "What was used: email, sms, video, ...")
    var channel: String

    @Option(parsing: .unconditional, help: "Credits.")
    var quantity: Int64?

    @Option(help: ArgumentHelp("A file with the text that was sent; - reads standard input.", valueName: "file"))
    var textFile: String?

    @Option(help: "How long the call lasted.")
    var seconds: Int?

    @Option(help: "Who did the work (default: operator).")
    var agent: String?

    @Option(help: "What it was for, such as a message id.")
    var reference: String?

    @Option(help: ArgumentHelp("When it was done, in RFC 3339.", valueName: "time"))
    var occurredAt: Instant?

    @OptionGroup var key: KeyFlag
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    mutating func validate() throws {
        if quantity == nil, textFile == nil, seconds == nil { throw ValidationError("give --quantity, --text-file or --seconds") }
    }

    func run() async throws {
        let text = try textFile.map { try TextFile.read($0, what: "text file", bytesMax: 100_000) }
        let usage = Usage(
            ticket: number.id, channel: channel, quantity: quantity, text: text, seconds: seconds, agent: agent, reference: reference,
            occurredAt: occurredAt?.date)
        let key = try key.resolve()
        let answer = try await Database.use(settings.resolve()) { store in
            try await store.answer(ticket: number.id) { try await store.spend(usage, in: $0, key: key, by: .commandLine) }
        }
        try format.answer(answer)
    }
}

extension Store {
    /// The write in the shop of the ticket. Of a number that no shop has, in the only shop, which remembers the refusal with the key.
    func answer(ticket: TicketID, _ write: (ShopID) async throws -> Answer) async throws -> Answer {
        if let shop = try await shop(ofTicket: ticket) { return try await write(shop) }
        let shops = try await allShops()
        return shops.count == 1 ? try await write(shops[0].id) : .refused(.unknownTicket(ticket))
    }

    /// The write in the shop of the hold.
    func answer(hold: HoldID, _ write: (ShopID) async throws -> Answer) async throws -> Answer {
        guard let shop = try await shop(ofHold: hold) else { return .refused(.unknownHold(hold)) }
        return try await write(shop)
    }
}
