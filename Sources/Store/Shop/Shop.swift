import Domain
import Foundation
import Postgres

/// How a shop's orders are seen.
public enum FeedKind: String, Sendable, Hashable, CaseIterable { case rest, deliveries }

/// A text that must not leave: prints as `***`.
public struct SecretText: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    public let value: String
    public init(_ value: String) { self.value = value }
    public var description: String { "***" }
    public var debugDescription: String { "***" }
}

/// A shop with its settings, as the database has them.
public struct Shop: Sendable {
    public let id: ShopID
    public let slug: String
    public let name: String
    public let currency: Currency
    public let timeZone: String
    public let zone: ShopZone
    public let feedKind: FeedKind
    public let url: String
    public let consumerKey: SecretText?
    public let consumerSecret: SecretText?
    public let webhookSecret: SecretText?
    public let caFile: String?
    public let since: Date?
    public let statuses: StatusRules
    public let pooling: Bool
    /// A guest's order joins nobody by itself; staff confirm it.
    public let confirmGuests: Bool
    public let leadCap: Int64
    public let sweepDays: Int
    public let pollSeconds: Int
    public let isRetired: Bool
    /// What a contact would cost by the premium line, in minor units of the shop's currency; nil: not set.
    public let premiumCallMinor: Int64?
    /// Whether months that are over are written into the daemon's folder.
    public let exportsMonths: Bool
    /// Days after a month's end that an open month waits for late facts before it is written.
    public let exportGraceDays: Int
    public let journal: JournalSettings
    /// The channels in use, by name, each with its rule in force.
    public let rules: [Channel: VersionedUnitRule]
    public let reasons: [Reason]

    public var channels: [Channel] { rules.keys.sorted() }

    static let columns: SQL = """
        s.shop_id, s.slug, s.name, s.currency, s.time_zone, s.feed_kind, s.url, s.consumer_key, s.consumer_secret, s.webhook_secret, s.ca_file,
        s.since, s.paying_statuses, s.pooling, s.confirm_guests, s.lead_cap, s.sweep_days, s.poll_seconds, s.retired_at IS NOT NULL, s.premium_call_minor,
        s.export_months, s.export_grace_days, s.journal_accounts::text
        """

    static func load(_ connection: Connection, where condition: SQL) throws -> [Shop] {
        let rules = try connection.query(
            """
            SELECT DISTINCT ON (c.shop_id, c.channel) c.shop_id, c.channel, r.version, r.rule::text
              FROM channel c LEFT JOIN unit_rule r ON r.shop_id = c.shop_id AND r.channel = c.channel
             WHERE c.retired_at IS NULL ORDER BY c.shop_id, c.channel, r.version DESC
            """
        ) { row in
            (
                shop: try row.next(ShopID.self), channel: try row.next(Channel.self), version: try row.next(Int?.self),
                rule: try row.next(String?.self)
            )
        }
        let reasons = try connection.query("SELECT shop_id, reason FROM reason WHERE retired_at IS NULL ORDER BY reason") { row in
            (shop: try row.next(ShopID.self), reason: try row.next(String.self))
        }
        return try connection.query("SELECT \(sql: columns) FROM shop s WHERE \(sql: condition) ORDER BY s.shop_id") { row in
            let id = try row.next(ShopID.self)
            var inForce: [Channel: VersionedUnitRule] = [:]
            for rule in rules where rule.shop == id {
                inForce[rule.channel] = try Shop.rule(channel: rule.channel, version: rule.version, text: rule.rule)
            }
            let own = reasons.filter { $0.shop == id }.compactMap { Reason(rawValue: $0.reason) }
            return try Shop(id: id, row: &row, rules: inForce, reasons: Reason.builtIn + own.filter { !Reason.builtIn.contains($0) })
        }
    }

    private init(id: ShopID, row: inout Row, rules: [Channel: VersionedUnitRule], reasons: [Reason]) throws {
        self.id = id
        slug = try row.next()
        name = try row.next()
        let currencyCode = try row.next(String.self)
        timeZone = try row.next()
        feedKind = FeedKind(rawValue: try row.next(String.self)) ?? .rest
        url = try row.next()
        consumerKey = try row.next(String?.self).map(SecretText.init)
        consumerSecret = try row.next(String?.self).map(SecretText.init)
        webhookSecret = try row.next(String?.self).map(SecretText.init)
        caFile = try row.next()
        since = try row.next()
        statuses = StatusRules(paying: Set(try row.next([String].self)))
        pooling = try row.next()
        confirmGuests = try row.next()
        leadCap = try row.next()
        sweepDays = try row.next()
        pollSeconds = try row.next()
        isRetired = try row.next()
        premiumCallMinor = try row.next()
        exportsMonths = try row.next()
        exportGraceDays = try row.next()
        journal = JournalSettings(json: try row.next(String.self))
        guard let currency = Currency(currencyCode) else { throw PostgresError(.decoding, "shop.currency is no ISO 4217 code") }
        guard let zone = TimeZone(identifier: timeZone) else {
            throw PostgresError(.decoding, "shop.time_zone \"\(timeZone)\" is not a zone that this machine knows")
        }
        self.currency = currency
        self.zone = ShopZone(zone)
        self.rules = rules
        self.reasons = reasons
    }

    private static func rule(channel: Channel, version: Int?, text: String?) throws -> VersionedUnitRule {
        guard let version, let text else { return .standard(for: channel) }
        return VersionedUnitRule(channel: channel, version: version, rule: try JSONDecoder().decode(UnitRule.self, from: Data(text.utf8)))
    }
}
