import ArgumentParser
import Domain
import Store

struct ReverseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reverse", abstract: "Give back what a usage took, in whole or in part.")

    @Argument(help: ArgumentHelp("The usage, by its entry.", valueName: "entry"))
    var usage: Int64

    @Option(parsing: .unconditional, help: "Credits (default: all that can still be given back).")
    var quantity: Int64?

    @Option(help: "Why, as a code: goodwill, correction, migration, other, or the shop's own.")
    var reason: String?

    @Option(help: "Why, in words.")
    var note: String?

    @OptionGroup var key: KeyFlag
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let key = try key.resolve()
        let id = EntryID(usage)
        let answer = try await Database.use(settings.resolve()) { store in
            guard let shop = try await store.shop(ofEntry: id) else { return Answer.refused(.unknownUsage(id)) }
            return try await store.reverse(usage: id, quantity: quantity, reason: reason, note: note, in: shop, key: key, by: .commandLine)
        }
        try format.answer(answer)
    }
}

struct AdjustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adjust", abstract: "Correct a ticket's credits: give (goodwill is one reason) or take unused ones.")

    @Argument(help: ArgumentHelp("The ticket.", valueName: "number"))
    var number: TicketNumber

    @Option(help: "Of what: email, sms, video, ...")
    var channel: String

    @Option(parsing: .unconditional, help: "Credits to give; with a minus, to take.")
    var quantity: Int64

    @Option(help: "Why, as a code: goodwill, correction, migration, other, or the shop's own.")
    var reason: String

    @Option(help: "Why, in words.")
    var note: String

    @Option(help: ArgumentHelp("When what is given expires (default: never).", valueName: "time"))
    var expiresAt: Instant?

    @OptionGroup var key: KeyFlag
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let key = try key.resolve()
        let answer = try await Database.use(settings.resolve()) { store in
            try await store.answer(ticket: number.id) { shop in
                try await store.adjust(
                    ticket: number.id, channel: channel, quantity: quantity, reason: reason, note: note, expiresAt: expiresAt?.date, in: shop,
                    key: key, by: .commandLine)
            }
        }
        try format.answer(answer)
    }
}

struct TransferCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfer", abstract: "Move unused credits to another ticket of the same customer.")

    @Argument(help: ArgumentHelp("The ticket that gives.", valueName: "number"))
    var number: TicketNumber

    @Option(help: ArgumentHelp("The ticket that gets.", valueName: "number"))
    var to: TicketNumber

    @Option(help: "Of what: email, sms, video, ...")
    var channel: String

    @Option(parsing: .unconditional, help: "Credits.")
    var quantity: Int64

    @Option(help: "Why, as a code: goodwill, correction, migration, other, or the shop's own.")
    var reason: String

    @Option(help: "Why, in words.")
    var note: String

    @OptionGroup var key: KeyFlag
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let key = try key.resolve()
        let answer = try await Database.use(settings.resolve()) { store in
            try await store.answer(ticket: number.id) { shop in
                try await store.transfer(
                    from: number.id, to: to.id, channel: channel, quantity: quantity, reason: reason, note: note, in: shop, key: key,
                    by: .commandLine)
            }
        }
        try format.answer(answer)
    }
}
