import Domain
import FoundationEssentials
import Postgres

/// A channel of a shop with the rule in force.
public struct ChannelView: Sendable {
    public let channel: Channel
    public let rule: VersionedUnitRule
    public let isRetired: Bool

    /// The rule as JSON, in the words of `UnitRule`.
    public var ruleText: String { ChannelRows.text(of: rule.rule) }
}

enum ChannelRows {
    /// Adds the channel, or takes it back into use, and puts the rule in force unless it is already.
    static func add(_ connection: Connection, shop: ShopID, rule: VersionedUnitRule, now: Date) throws {
        try connection.execute(
            """
            INSERT INTO channel (shop_id, channel, created_at) VALUES (\(shop)::bigint, \(rule.channel), \(now)::timestamptz)
            ON CONFLICT ON CONSTRAINT channel_pkey DO UPDATE SET retired_at = NULL
            """)
        _ = try setRule(connection, shop: shop, channel: rule.channel, rule: rule.rule, now: now)
    }

    /// The next version of the rule; the version in force when that is the same rule. The channel's row is the lock.
    static func setRule(_ connection: Connection, shop: ShopID, channel: Channel, rule: UnitRule, now: Date) throws -> Int? {
        let known = try connection.queryOne(
            "SELECT true FROM channel WHERE shop_id = \(shop)::bigint AND channel = \(channel) AND retired_at IS NULL FOR UPDATE"
        ) { try $0.next(Bool.self) }
        guard known != nil else { return nil }
        let current = try connection.queryOne(
            """
            SELECT version, rule::text FROM unit_rule WHERE shop_id = \(shop)::bigint AND channel = \(channel) ORDER BY version DESC LIMIT 1
            """
        ) { row in (version: try row.next(Int.self), rule: try decode(try row.next())) }
        if let current, current.rule == rule { return current.version }
        let version = (current?.version ?? 0) + 1
        try connection.execute(
            """
            INSERT INTO unit_rule (shop_id, channel, version, rule, created_at)
            VALUES (\(shop)::bigint, \(channel), \(version)::integer, \(text(of: rule))::jsonb, \(now)::timestamptz)
            """)
        return version
    }

    static func list(_ connection: Connection, shop: ShopID) throws -> [ChannelView] {
        try connection.query(
            """
            SELECT DISTINCT ON (c.channel) c.channel, c.retired_at IS NOT NULL, r.version, r.rule::text
              FROM channel c LEFT JOIN unit_rule r ON r.shop_id = c.shop_id AND r.channel = c.channel
             WHERE c.shop_id = \(shop)::bigint ORDER BY c.channel, r.version DESC
            """
        ) { row in
            let channel = try row.next(Channel.self)
            let isRetired = try row.next(Bool.self)
            let version = try row.next(Int?.self)
            let rule = try row.next(String?.self).map(decode)
            let standard = VersionedUnitRule.standard(for: channel)
            return ChannelView(
                channel: channel, rule: VersionedUnitRule(channel: channel, version: version ?? standard.version, rule: rule ?? standard.rule),
                isRetired: isRetired)
        }
    }

    static func decode(_ text: String) throws -> UnitRule { try JSONDecoder().decode(UnitRule.self, from: Data(text.utf8)) }

    static func text(of rule: UnitRule) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(rule)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
