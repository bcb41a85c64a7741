import Store

/// What a journal is booked on, as the accounting program knows it.
public struct JournalAccounts: Sendable, Hashable {
    public var clearing = "Sales clearing"
    public var contractLiability = "Contract liability"
    public var usageRevenue = "Support revenue"
    public var breakageRevenue = "Support revenue: breakage"
    public var otherRevenue = "Support revenue: refunds and corrections"
    /// The name of the tax rate in Xero; the standard one is Xero's name for none.
    public var taxRate = "Tax Exempt"

    public init() {}

    /// What the settings name, and the standard names for the rest.
    public init(_ settings: JournalSettings) {
        clearing = settings.clearing ?? clearing
        contractLiability = settings.liability ?? contractLiability
        usageRevenue = settings.usageRevenue ?? usageRevenue
        breakageRevenue = settings.breakageRevenue ?? breakageRevenue
        otherRevenue = settings.otherRevenue ?? otherRevenue
        taxRate = settings.taxRate ?? taxRate
    }
}
