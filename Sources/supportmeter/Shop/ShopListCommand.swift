import ArgumentParser
import Store

struct ShopListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List all shops, also retired ones.")

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let shops = try await Database.use(settings.resolve()) { try await $0.allShops() }
        format.list(shops, empty: "no shop yet: `supportmeter shop add` adds one", json: { $1.write(&$0) }) {
            var table = Table([
                .init(title: "SHOP"), .init(title: "NAME", isFlexible: true), .init(title: "CURRENCY"), .init(title: "FEED"),
                .init(title: "URL", isFlexible: true), .init(title: "STATE"),
            ])
            for shop in shops {
                table.add(shop.slug, shop.name, shop.currency.code, shop.feedKind.rawValue, shop.url, shop.isRetired ? "retired" : "in use")
            }
            return table
        }
    }
}

struct ShopShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a shop's settings. Secrets are never shown.")

    @Argument(help: ArgumentHelp("The shop.", valueName: "slug"))
    var slug: String

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let shop = try await Database.use(settings.resolve()) { try await ShopFlag.find($0, slug: slug) }
        if format.json { return format.one("") { shop.write(&$0) } }
        var table = Table([.init(title: "SETTING"), .init(title: "VALUE", isFlexible: true)])
        for (name, value) in shop.facts { table.add(name, value) }
        table.print(format.screen)
    }
}

struct ShopRetireCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire", abstract: "End a shop's feed. Its tickets and credits stay as they are.")

    @Argument(help: ArgumentHelp("The shop.", valueName: "slug"))
    var slug: String

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let shop = try await Database.use(settings.resolve()) { store in
            let shop = try await ShopFlag.find(store, slug: slug)
            return try await store.retireShop(shop.id, by: .commandLine).orRefuse()
        }
        format.one("shop \(shop.slug) retired") { shop.write(&$0) }
    }
}
