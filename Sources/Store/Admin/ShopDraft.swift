import FoundationEssentials

/// A shop to be added. Nothing in it is checked yet.
public struct ShopDraft: Sendable {
    public var slug: String
    public var name: String
    public var currency: String
    public var timeZone: String
    public var feedKind: FeedKind
    public var url: String
    public var consumerKey: SecretText?
    public var consumerSecret: SecretText?
    public var webhookSecret: SecretText?
    /// An absolute path on the machine that reads the shop.
    public var caFile: String?
    /// Orders created before it are left out.
    public var since: Date?

    public init(
        slug: String, name: String, currency: String, timeZone: String, feedKind: FeedKind, url: String, consumerKey: SecretText? = nil,
        consumerSecret: SecretText? = nil, webhookSecret: SecretText? = nil, caFile: String? = nil, since: Date? = nil
    ) {
        self.slug = slug
        self.name = name
        self.currency = currency
        self.timeZone = timeZone
        self.feedKind = feedKind
        self.url = url
        self.consumerKey = consumerKey
        self.consumerSecret = consumerSecret
        self.webhookSecret = webhookSecret
        self.caFile = caFile
        self.since = since
    }
}

/// What is to be another in a shop; nil leaves it as it is. The slug and the currency of a shop never change.
public struct ShopChange: Sendable, Hashable {
    public var name: String?
    public var timeZone: String?
    public var url: String?
    public var consumerKey: SecretText?
    public var consumerSecret: SecretText?
    public var webhookSecret: SecretText?
    public var caFile: String?
    public var since: Date?
    public var payingStatuses: [String]?
    public var pooling: Bool?
    public var confirmGuests: Bool?
    public var leadCap: Int64?
    public var sweepDays: Int?
    public var pollSeconds: Int?
    /// What a contact would cost by the premium line, in minor units of the shop's currency.
    public var premiumCallMinor: Int64?
    /// Whether months that are over are written into the daemon's folder.
    public var exportsMonths: Bool?
    /// Days after a month's end that an open month waits for late facts before it is written.
    public var exportGraceDays: Int?
    /// What is nil in it stays as it is.
    public var journal: JournalSettings?

    public init() {}

    /// What was changed, for the audit: secrets by name only.
    var detail: [String: String] {
        var detail: [String: String] = [:]
        detail["name"] = name
        detail["time_zone"] = timeZone
        detail["url"] = url
        detail["consumer_key"] = consumerKey?.description
        detail["consumer_secret"] = consumerSecret?.description
        detail["webhook_secret"] = webhookSecret?.description
        detail["ca_file"] = caFile
        detail["since"] = since.map(Timestamp.text)
        detail["paying_statuses"] = payingStatuses?.joined(separator: ",")
        detail["pooling"] = pooling.map { $0 ? "on" : "off" }
        detail["confirm_guests"] = confirmGuests.map { $0 ? "on" : "off" }
        detail["lead_cap"] = leadCap.map(String.init)
        detail["sweep_days"] = sweepDays.map(String.init)
        detail["poll_seconds"] = pollSeconds.map(String.init)
        detail["premium_call_minor"] = premiumCallMinor.map(String.init)
        detail["export_months"] = exportsMonths.map { $0 ? "on" : "off" }
        detail["export_grace_days"] = exportGraceDays.map(String.init)
        for (name, value) in journal?.named ?? [] { detail[name.replacing("-", with: "_")] = value }
        return detail
    }
}
