import ArgumentParser
import Store

/// The accounts that a shop's journals are booked on.
struct ShopJournalFlags: ParsableArguments {
    @Option(help: ArgumentHelp("The account that sales and refunds come over.", valueName: "account"))
    var journalClearing: String?

    @Option(help: ArgumentHelp("The account of what customers are owed.", valueName: "account"))
    var journalLiability: String?

    @Option(help: ArgumentHelp("The account of revenue by used credits.", valueName: "account"))
    var journalUsageRevenue: String?

    @Option(help: ArgumentHelp("The account of revenue by expired credits.", valueName: "account"))
    var journalBreakageRevenue: String?

    @Option(help: ArgumentHelp("The account of refunds beyond unused credits, and of corrections.", valueName: "account"))
    var journalOtherRevenue: String?

    @Option(help: ArgumentHelp("The name of the tax rate in Xero.", valueName: "name"))
    var journalTaxRate: String?

    /// Nil when nothing was given.
    var settings: JournalSettings? {
        var settings = JournalSettings()
        (settings.clearing, settings.liability, settings.usageRevenue) = (journalClearing, journalLiability, journalUsageRevenue)
        (settings.breakageRevenue, settings.otherRevenue, settings.taxRate) = (journalBreakageRevenue, journalOtherRevenue, journalTaxRate)
        return settings == JournalSettings() ? nil : settings
    }
}
