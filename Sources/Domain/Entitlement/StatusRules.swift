/// What the statuses of a shop's orders mean.
public struct StatusRules: Hashable, Codable, Sendable {
    /// WooCommerce's own statuses that mean "not paid yet".
    public static let notUsableYet: Set<String> = ["pending", "on-hold", "checkout-draft"]
    /// WooCommerce's own statuses that mean "no longer, or never". `refunded` entitles to nothing whatever the settings say.
    public static let ended: Set<String> = ["cancelled", "refunded", "failed", "trash"]
    public static let standard = StatusRules(paying: ["processing", "completed"])

    /// The statuses that entitle.
    public var paying: Set<String>
    /// Further statuses that the shop's settings name, so that they are not listed as unknown. They entitle to nothing.
    public var named: Set<String>

    public init(paying: Set<String>, named: Set<String> = []) {
        self.paying = paying
        self.named = named
    }

    public func usability(of status: String) -> OrderUsability {
        if status == "refunded" || status == "trash" { return .ended }
        if paying.contains(status) { return .entitled }
        if StatusRules.notUsableYet.contains(status) { return .notUsableYet }
        if StatusRules.ended.contains(status) || named.contains(status) { return .ended }
        return .unknownStatus(status)
    }
}

/// What an order's status says about its credits.
public enum OrderUsability: Hashable, Sendable {
    /// The order pays.
    case entitled
    /// It may pay yet: pending, on hold, still in the checkout.
    case notUsableYet
    /// It no longer pays, or never did.
    case ended
    /// A status that neither WooCommerce nor the shop's settings name: entitles to nothing, and is listed.
    case unknownStatus(String)
}
