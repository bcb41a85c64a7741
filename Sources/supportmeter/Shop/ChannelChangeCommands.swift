import ArgumentParser
import Domain
import Store

struct ChannelAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a channel to a shop, or take a retired one back into use.")

    @OptionGroup var shop: ShopFlag

    @Argument(help: "Its name: 1 to 32 of a-z, 0-9, _ and -, starting with a letter.")
    var channel: String

    @OptionGroup var rule: RuleFlags
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let view = try await Database.use(settings.resolve()) { store in
            try await store.addChannel(channel, rule: rule.unitRule, to: shop.find(store).id, by: .commandLine).orRefuse()
        }
        format.one("channel \(view.channel) added: one credit is \(view.ruleSentence)") { view.write(&$0) }
    }
}

struct ChannelSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Put the next version of a channel's unit rule in force.")

    @OptionGroup var shop: ShopFlag

    @Argument(help: "The channel.")
    var channel: String

    @OptionGroup var rule: RuleFlags
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    mutating func validate() throws {
        if rule.rule == nil { throw ValidationError("nothing to set: give --rule") }
    }

    func run() async throws {
        guard let newRule = rule.unitRule else { return }
        let view = try await Database.use(settings.resolve()) { store in
            let shop = try await shop.find(store)
            return try await store.setRule(newRule, of: shop.channel(named: channel), in: shop.id, by: .commandLine).orRefuse()
        }
        format.one("channel \(view.channel): one credit is \(view.ruleSentence) (version \(view.rule.version))") { view.write(&$0) }
    }
}

struct ChannelRetireCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire", abstract: "Book nothing more on a channel. Refused while a plan grants it.")

    @OptionGroup var shop: ShopFlag

    @Argument(help: "The channel.")
    var channel: String

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let view = try await Database.use(settings.resolve()) { store in
            let shop = try await shop.find(store)
            return try await store.retireChannel(shop.channel(named: channel), in: shop.id, by: .commandLine).orRefuse()
        }
        format.one("channel \(view.channel) retired") { view.write(&$0) }
    }
}

struct ChannelListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List a shop's channels and what one credit of each is.")

    @OptionGroup var shop: ShopFlag
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let channels = try await Database.use(settings.resolve()) { try await $0.channels(of: shop.find($0).id) }
        format.list(channels, empty: "no channel", json: { $1.write(&$0) }) {
            var table = Table([
                .init(title: "CHANNEL"), .init(title: "ONE CREDIT IS", isFlexible: true), .init(title: "VERSION", isNumber: true), .init(title: "STATE"),
            ])
            for view in channels {
                table.add(view.channel.rawValue, view.ruleSentence, String(view.rule.version), view.isRetired ? "retired" : "in use")
            }
            return table
        }
    }
}

extension Shop {
    /// Exit 1 with the channels there are.
    func channel(named name: String) throws -> Channel {
        guard let channel = Channel(rawValue: name), rules[channel] != nil else {
            throw CommandFailure.no(Refusal.unknownChannel(name: name, known: channels).detail)
        }
        return channel
    }
}
