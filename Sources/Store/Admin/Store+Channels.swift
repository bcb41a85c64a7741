import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// The channels of a shop by name, also retired ones.
    public func channels(of shop: ShopID) async throws -> [ChannelView] {
        try await pool.read { try ChannelRows.list($0, shop: shop) }
    }

    /// Adds a channel as data, or takes a retired one back into use. Without a rule it counts per piece of work.
    public func addChannel(_ name: String, rule: UnitRule? = nil, to shop: ShopID, by caller: Caller) async throws -> Result<ChannelView, Refusal> {
        if let refusal = caller.refusal(for: .manageShop) { return .failure(refusal) }
        guard let channel = Channel(rawValue: name) else {
            return .failure(ShopCheck.wrong("channel", "1 to 32 of a-z, 0-9, _ and -, starting with a letter", name))
        }
        let rule = rule ?? VersionedUnitRule.standard(for: channel).rule
        if let refusal = RuleCheck.refusal(rule) { return .failure(refusal) }
        return try await changeChannels(shop, by: caller, action: "channel.add", channel: channel, detail: ["rule": ChannelRows.text(of: rule)]) {
            connection, now in
            try ChannelRows.add(connection, shop: shop, rule: VersionedUnitRule(channel: channel, version: 1, rule: rule), now: now)
            return nil
        }
    }

    /// Puts the next version of a channel's unit rule in force. Entries keep the version they were booked under.
    public func setRule(_ rule: UnitRule, of channel: Channel, in shop: ShopID, by caller: Caller) async throws -> Result<ChannelView, Refusal> {
        if let refusal = caller.refusal(for: .manageShop) ?? RuleCheck.refusal(rule) { return .failure(refusal) }
        return try await changeChannels(shop, by: caller, action: "channel.set", channel: channel, detail: ["rule": ChannelRows.text(of: rule)]) {
            connection, now in
            let version = try ChannelRows.setRule(connection, shop: shop, channel: channel, rule: rule, now: now)
            return version == nil ? .unknown(what: "channel", name: channel.rawValue) : nil
        }
    }

    /// Nothing more is booked on the channel. Refused while a plan in force grants it.
    public func retireChannel(_ channel: Channel, in shop: ShopID, by caller: Caller) async throws -> Result<ChannelView, Refusal> {
        if let refusal = caller.refusal(for: .manageShop) { return .failure(refusal) }
        return try await changeChannels(shop, by: caller, action: "channel.retire", channel: channel) { connection, now in
            try PlanRows.lock(connection, shop: shop)
            if let plan = try PlanRows.inForce(connection, shop: shop).first(where: { $0.credits[channel] != nil }) {
                return .invalidField(field: "channel", expected: "one that no plan grants; the plan \"\(plan.name)\" grants \(channel)")
            }
            let changed = try connection.execute(
                """
                UPDATE channel SET retired_at = coalesce(retired_at, \(now)::timestamptz)
                 WHERE shop_id = \(shop)::bigint AND channel = \(channel)
                """)
            return changed == 0 ? .unknown(what: "channel", name: channel.rawValue) : nil
        }
    }

    private func changeChannels(
        _ shop: ShopID, by caller: Caller, action: String, channel: Channel, detail: [String: String] = [:],
        _ change: @escaping @Sendable (Connection, _ now: Date) throws -> Refusal?
    ) async throws -> Result<ChannelView, Refusal> {
        let now = Timestamp.rounded(clock())
        let result: Result<ChannelView, Refusal> = try await pool.transaction { connection in
            if let refusal = try change(connection, now) { return .failure(refusal) }
            try Audit.write(connection, shop: shop, by: caller, action: action, subject: channel.rawValue, detail: detail, now: now)
            let view = try ChannelRows.list(connection, shop: shop).first { $0.channel == channel }
            return view.map(Result.success) ?? .failure(.unknown(what: "channel", name: channel.rawValue))
        }
        _ = try await allShops()
        return result
    }
}

/// The bounds of unit rules.
enum RuleCheck {
    static let minimumUnitsMax: Int64 = 1000

    static func refusal(_ rule: UnitRule) -> Refusal? {
        guard case .videoMinutes(let perMinutes, let minimumUnits, let grace) = rule else { return nil }
        if !(1...1440).contains(perMinutes) { return .invalidField(field: "per-minutes", expected: "1 to 1440, found \(perMinutes)") }
        if !(0...minimumUnitsMax).contains(minimumUnits) {
            return .invalidField(field: "minimum-units", expected: "0 to \(minimumUnitsMax), found \(minimumUnits)")
        }
        return (0...86_400).contains(grace) ? nil : .invalidField(field: "free-grace-seconds", expected: "0 to 86400, found \(grace)")
    }
}
