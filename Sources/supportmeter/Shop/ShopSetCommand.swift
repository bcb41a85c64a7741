import ArgumentParser
import OrderFeed
import Store

struct ShopSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change settings of a shop. Does not contact it.",
        discussion: "Only what is given changes. The slug, the currency and the kind of feed of a shop never do.")

    @Argument(help: ArgumentHelp("The shop.", valueName: "slug"))
    var slug: String

    @Option(help: "What people call it.")
    var name: String?

    @Option(help: ArgumentHelp("Whose days its credits end with.", valueName: "Europe/Ljubljana"))
    var timeZone: String?

    @Option(help: ArgumentHelp("The shop's address, or that of the relay's feed.", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("The order statuses that entitle to credits, with commas between them.", valueName: "processing,completed"))
    var payingStatus: String?

    @Option(help: "Whether a customer's other tickets lend credits.")
    var pooling: Switch?

    @Option(help: "Whether staff confirm that a guest's order belongs to a known customer.")
    var confirmGuests: Switch?

    @Option(help: "Credits that a lead may move per ticket and day.")
    var leadCap: Int64?

    @Option(help: "How far back the sweep looks at orders without a validity, in days.")
    var sweepDays: Int?

    @Option(help: "How often the shop is polled, in seconds.")
    var pollSeconds: Int?

    @Option(help: "What a contact would cost by the premium line, in minor units of the shop's currency: for `report calls-avoided`.")
    var premiumCallMinor: Int64?

    @Option(help: "Whether months that are over are written into the daemon's export folder (setting export-dir).")
    var exportMonths: Switch?

    @Option(help: "How long after its end a month that is not closed waits before it is written, in days from 0 to 31.")
    var exportGraceDays: Int?

    @OptionGroup(title: "Journals") var journal: ShopJournalFlags
    @OptionGroup var keys: ShopKeyFlags
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let change = try change()
        let settings = try settings.resolve()
        let shop = try await Database.use(settings) { store in
            let shop = try await ShopFlag.find(store, slug: slug)
            let set = try await store.setShop(shop.id, change, by: .commandLine).orRefuse()
            // What is stored is judged by the new statuses; where a daemon has the shop's lease it does so.
            if change.payingStatuses != nil { try await FeedDesk(store: store, logger: settings.logger()).rematch(set) }
            return set
        }
        format.one("shop \(shop.slug) set") { shop.write(&$0) }
    }

    private func change() throws -> ShopChange {
        var change = ShopChange()
        change.name = name
        change.timeZone = timeZone
        change.url = url
        change.payingStatuses = payingStatus.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        change.pooling = pooling?.isOn
        change.confirmGuests = confirmGuests?.isOn
        change.leadCap = leadCap
        change.sweepDays = sweepDays
        change.pollSeconds = pollSeconds
        change.premiumCallMinor = premiumCallMinor
        change.exportsMonths = exportMonths?.isOn
        change.exportGraceDays = exportGraceDays
        change.journal = journal.settings
        change.consumerKey = try keys.consumerKey()
        change.consumerSecret = try keys.consumerSecret()
        change.webhookSecret = try keys.webhookSecret()
        change.caFile = try keys.certificates()
        change.since = keys.since?.date
        guard change != ShopChange() else { throw CommandFailure.usage("nothing to set: `supportmeter shop set --help` lists what can be") }
        return change
    }
}
