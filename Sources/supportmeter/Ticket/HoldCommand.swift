import ArgumentParser
import Domain
import Store

struct HoldCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Set credits aside while a message is being sent or a call is running.",
        subcommands: [HoldPlaceCommand.self, HoldCaptureCommand.self, HoldReleaseCommand.self, HoldExtendCommand.self])
}

struct HoldPlaceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "place", abstract: "Set credits of a ticket aside.")

    @Argument(help: ArgumentHelp("The ticket.", valueName: "number"))
    var number: TicketNumber

    @Option(help: "Of what: email, sms, video, ...")
    var channel: String

    @Option(parsing: .unconditional, help: "Credits.")
    var quantity: Int64

    @Option(help: "When the hold lapses by itself (default: \(Store.holdSecondsDefault)).")
    var expiresInSeconds: Int?

    @OptionGroup var key: KeyFlag
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let key = try key.resolve()
        let answer = try await Database.use(settings.resolve()) { store in
            try await store.answer(ticket: number.id) { shop in
                try await store.placeHold(
                    ticket: number.id, channel: channel, quantity: quantity, expiresInSeconds: expiresInSeconds, in: shop, key: key,
                    by: .commandLine)
            }
        }
        try format.answer(answer)
    }
}

struct HoldCaptureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "capture", abstract: "Charge what was held, or so much of it.")

    @Argument(help: ArgumentHelp("The hold.", valueName: "id"))
    var id: Int64

    @Option(parsing: .unconditional, help: "Credits (default: all that is held).")
    var quantity: Int64?

    @OptionGroup var key: KeyFlag
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let key = try key.resolve()
        let answer = try await Database.use(settings.resolve()) { store in
            try await store.answer(hold: HoldID(id)) { shop in
                try await store.capture(hold: HoldID(id), quantity: quantity, in: shop, key: key, by: .commandLine)
            }
        }
        try format.answer(answer)
    }
}

struct HoldReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "release", abstract: "Give back all that was held.")

    @Argument(help: ArgumentHelp("The hold.", valueName: "id"))
    var id: Int64

    @OptionGroup var key: KeyFlag
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let key = try key.resolve()
        let answer = try await Database.use(settings.resolve()) { store in
            try await store.answer(hold: HoldID(id)) { try await store.release(hold: HoldID(id), in: $0, key: key, by: .commandLine) }
        }
        try format.answer(answer)
    }
}

struct HoldExtendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "extend", abstract: "Move a hold's deadline to so many seconds from now.")

    @Argument(help: ArgumentHelp("The hold.", valueName: "id"))
    var id: Int64

    @Option(help: "Seconds from now (default: \(Store.holdSecondsDefault)).")
    var expiresInSeconds: Int?

    @OptionGroup var key: KeyFlag
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let key = try key.resolve()
        let answer = try await Database.use(settings.resolve()) { store in
            try await store.answer(hold: HoldID(id)) { shop in
                try await store.extend(hold: HoldID(id), expiresInSeconds: expiresInSeconds, in: shop, key: key, by: .commandLine)
            }
        }
        try format.answer(answer)
    }
}
