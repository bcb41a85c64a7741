import FoundationEssentials

/// What a shop's journals are booked on, as its accounting program knows it: names for QuickBooks, codes for Xero. What is nil has the program's default.
public struct JournalSettings: Sendable, Hashable, Codable {
    /// Characters of one.
    public static let nameMax = 100

    /// The account that sales and refunds come over.
    public var clearing: String?
    /// What customers are owed.
    public var liability: String?
    /// Revenue of used credits.
    public var usageRevenue: String?
    /// Revenue of expired credits.
    public var breakageRevenue: String?
    /// Refunds beyond unused credits, and corrections.
    public var otherRevenue: String?
    /// The name of the tax rate in Xero.
    public var taxRate: String?

    public init() {}

    /// In the words of `shop set`.
    public var named: [(name: String, value: String?)] {
        [
            ("journal-clearing", clearing), ("journal-liability", liability), ("journal-usage-revenue", usageRevenue),
            ("journal-breakage-revenue", breakageRevenue), ("journal-other-revenue", otherRevenue), ("journal-tax-rate", taxRate),
        ]
    }

    /// These, and what the others name where these name nothing.
    public func over(_ others: JournalSettings) -> JournalSettings {
        var all = others
        (all.clearing, all.liability, all.usageRevenue) = (clearing ?? all.clearing, liability ?? all.liability, usageRevenue ?? all.usageRevenue)
        (all.breakageRevenue, all.otherRevenue) = (breakageRevenue ?? all.breakageRevenue, otherRevenue ?? all.otherRevenue)
        all.taxRate = taxRate ?? all.taxRate
        return all
    }

    /// As the database merges it into what is there: without what is nil.
    var json: String { (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}" }

    init(json: String) { self = (try? JSONDecoder().decode(JournalSettings.self, from: Data(json.utf8))) ?? JournalSettings() }
}
