import FoundationEssentials

/// What every document of a shop has in common.
struct BookSettings: Sendable {
    let siteURL: String
    let currency: String
    let calendar: ShopCalendar
    /// Shop B of the recordings (7.9.0): fewer fields, and edits that move no date.
    let olderVersion: Bool
    let pluginStatuses: Set<String>
    let clock: @Sendable () -> Date

    var now: Int { Int(clock().timeIntervalSince1970.rounded(.down)) }
    var version: String { olderVersion ? "7.9.0" : "11.0.1" }
    var ordersURL: String { siteURL + "/wp-json/wc/v3/orders" }

    /// Whether a list without `status` shows orders of that status.
    func lists(_ status: String) -> Bool {
        switch status {
        case "trash", "auto-draft": false
        case "checkout-draft": olderVersion
        default: OrderStatus.builtIn.contains(status) || pluginStatuses.contains(status)
        }
    }

    /// `["http://shop/wp-json/wc/v3/orders/25", ...]` as `_links` names it, with what may be done there.
    func link(_ path: String, allow: [String]? = nil) -> JSONValue {
        var link = JSONValue.members(["href": .string(ordersURL + path)])
        if let allow, !olderVersion { link["targetHints"] = .members(["allow": .array(allow.map { .string($0) })]) }
        return .array([link])
    }
}
