import ArgumentParser
import Store

extension FeedKind: ExpressibleByArgument {}

struct ShopAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a shop. Does not contact it; `shop test` does.")

    @Option(help: "What the shop is called in commands and addresses: lower-case letters, digits and hyphens.")
    var slug: String

    @Option(help: "What people call it.")
    var name: String

    @Option(help: ArgumentHelp("What its orders are paid in, as ISO 4217 writes it.", valueName: "EUR"))
    var currency: String

    @Option(help: ArgumentHelp("Whose days its credits end with, as the tz database names it.", valueName: "Europe/Ljubljana"))
    var timeZone: String

    @Option(help: "How its orders are seen: the shop's REST interface, or a relay's feed of recorded webhook deliveries.")
    var feed: FeedKind = .rest

    @Option(help: ArgumentHelp("The shop's address, or that of the relay's feed.", valueName: "url"))
    var url: String

    @OptionGroup var keys: ShopKeyFlags
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let draft = ShopDraft(
            slug: slug, name: name, currency: currency, timeZone: timeZone, feedKind: feed, url: url, consumerKey: try keys.consumerKey(),
            consumerSecret: try keys.consumerSecret(), webhookSecret: try keys.webhookSecret(), caFile: try keys.certificates(),
            since: keys.since?.date)
        let shop = try await Database.use(settings.resolve()) { try await $0.addShop(draft, by: .commandLine).orRefuse() }
        format.one("shop \(shop.slug) added") { shop.write(&$0) }
    }
}
