import FoundationEssentials

/// How a demo shop is set up. Nothing in it is secret but the made-up keys of the demo.
public struct DemoShopConfiguration: Sendable {
    /// A certificate chain and its key, both PEM files.
    public struct TLS: Sendable {
        public var certificatePath: String
        public var keyPath: String

        public init(certificatePath: String, keyPath: String) {
            self.certificatePath = certificatePath
            self.keyPath = keyPath
        }
    }

    public var host = "127.0.0.1"
    /// 0 takes a free one.
    public var port = 0
    /// With it the shop speaks https and takes Basic; without, http and OAuth.
    public var tls: TLS?
    public var consumerKey = "ck_a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"
    public var consumerSecret = "cs_1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a"
    public var keyPermission = KeyPermission.read
    public var webhookSecret = "supportmeter-hook-secret"
    /// The address the shop believes it has; `Link` headers, documents and webhooks name it whatever address was reached.
    public var siteURL = "https://shop.example"
    /// ISO 4217, with two decimals in documents whatever it is.
    public var currency = "EUR"
    /// IANA name; an unknown one stops `DemoShop.init`.
    public var timeZone = "Europe/Ljubljana"
    /// The same seed, clock and calls give the same orders.
    public var seed: UInt64 = 1
    /// Behaves as 7.9.0 did: ties of `orderby=modified` unordered, edits that move no date, true totals past the last page, fewer
    /// fields, no `/refunds`.
    public var olderVersion = false
    /// Statuses of a plugin that is switched on; orders in any other unknown status are not listed, but answer by id.
    public var pluginStatuses: Set<String> = []
    public var clock: @Sendable () -> Date = { Date() }

    public init() {}
}
