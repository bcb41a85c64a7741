import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Adds a shop with its standard channels, their unit rules and its place in the feed. Never contacts the shop.
    public func addShop(_ draft: ShopDraft, by caller: Caller) async throws -> Result<Shop, Refusal> {
        if let refusal = caller.refusal(for: .manageShop) ?? ShopCheck.refusal(draft) { return .failure(refusal) }
        let now = Timestamp.rounded(clock())
        let id: ShopID? = try await pool.transaction { connection in
            guard let id = try Store.insert(draft, connection, now: now) else { return nil }
            try connection.execute("INSERT INTO feed (shop_id) VALUES (\(id)::bigint)")
            try connection.execute("INSERT INTO actor (shop_id, kind, label) VALUES (\(id)::bigint, 'system', 'supportmeter')")
            for channel in [Channel.email, .sms, .video] {
                try ChannelRows.add(connection, shop: id, rule: .standard(for: channel), now: now)
            }
            try Audit.write(
                connection, shop: id, by: caller, action: "shop.add", subject: draft.slug,
                detail: ["name": draft.name, "currency": draft.currency, "time_zone": draft.timeZone, "feed": draft.feedKind.rawValue, "url": draft.url],
                now: now)
            return id
        }
        guard let id else { return .failure(.alreadyThere(what: "shop", name: draft.slug)) }
        return try await reread(id)
    }

    /// Changes settings of a shop. Never contacts it. New paying statuses also ask for every stored order to be judged again.
    public func setShop(_ id: ShopID, _ change: ShopChange, by caller: Caller) async throws -> Result<Shop, Refusal> {
        if let refusal = caller.refusal(for: .manageShop) ?? ShopCheck.refusal(change) { return .failure(refusal) }
        let now = Timestamp.rounded(clock())
        let done: Result<String?, Refusal> = try await pool.transaction { connection in
            if let refusal = try Store.zoneRefusal(id, change, connection) { return .failure(refusal) }
            guard let slug = try Store.update(id, change, connection) else { return .success(nil) }
            if change.payingStatuses != nil { try RematchRequest.write([id], connection) }
            try Audit.write(connection, shop: id, by: caller, action: "shop.set", subject: slug, detail: change.detail, now: now)
            return .success(slug)
        }
        switch done {
        case .failure(let refusal): return .failure(refusal)
        case .success(nil): return .failure(.unknown(what: "shop", name: id.description))
        case .success: return try await reread(id)
        }
    }

    /// Ends the feed of a shop. Its tickets and credits stay as they are.
    public func retireShop(_ id: ShopID, by caller: Caller) async throws -> Result<Shop, Refusal> {
        if let refusal = caller.refusal(for: .manageShop) { return .failure(refusal) }
        let now = Timestamp.rounded(clock())
        let slug: String? = try await pool.transaction { connection in
            let slug = try connection.queryOne(
                """
                UPDATE shop SET retired_at = coalesce(retired_at, \(now)::timestamptz) WHERE shop_id = \(id)::bigint RETURNING slug
                """
            ) { try $0.next(String.self) }
            guard let slug else { return nil }
            try Audit.write(connection, shop: id, by: caller, action: "shop.retire", subject: slug, now: now)
            return slug
        }
        guard slug != nil else { return .failure(.unknown(what: "shop", name: id.description)) }
        return try await reread(id)
    }

    /// Past the cache, which is thereby renewed.
    func reread(_ id: ShopID) async throws -> Result<Shop, Refusal> {
        let shop = try await allShops().first { $0.id == id }
        return shop.map(Result.success) ?? .failure(.unknown(what: "shop", name: id.description))
    }

    private static func insert(_ draft: ShopDraft, _ connection: Connection, now: Date) throws -> ShopID? {
        try connection.queryOne(
            """
            INSERT INTO shop (slug, name, currency, time_zone, feed_kind, url, consumer_key, consumer_secret, webhook_secret, ca_file, since, created_at)
            VALUES (\(draft.slug), \(draft.name), \(draft.currency), \(draft.timeZone), \(draft.feedKind.rawValue), \(draft.url),
                    \(draft.consumerKey?.value), \(draft.consumerSecret?.value), \(draft.webhookSecret?.value), \(draft.caFile),
                    \(draft.since)::timestamptz, \(now)::timestamptz)
            ON CONFLICT ON CONSTRAINT shop_slug_unique DO NOTHING RETURNING shop_id
            """
        ) { try $0.next(ShopID.self) }
    }

    /// Closed months are of days of a zone: in another they would be other months.
    private static func zoneRefusal(_ id: ShopID, _ change: ShopChange, _ connection: Connection) throws -> Refusal? {
        guard let zone = change.timeZone else { return nil }
        let kept = try connection.queryOne(
            "SELECT time_zone FROM shop WHERE shop_id = \(id)::bigint AND books_closed_until > '-infinity' AND time_zone <> \(zone) FOR UPDATE"
        ) { try $0.next(String.self) }
        return kept.map { .invalidField(field: "time-zone", expected: "\($0), as long as months are closed in it (period reopen)") }
    }

    private static func update(_ id: ShopID, _ change: ShopChange, _ connection: Connection) throws -> String? {
        try connection.queryOne(
            """
            UPDATE shop SET name = coalesce(\(change.name), name), time_zone = coalesce(\(change.timeZone), time_zone),
                            url = coalesce(\(change.url), url), consumer_key = coalesce(\(change.consumerKey?.value), consumer_key),
                            consumer_secret = coalesce(\(change.consumerSecret?.value), consumer_secret),
                            webhook_secret = coalesce(\(change.webhookSecret?.value), webhook_secret),
                            ca_file = coalesce(\(change.caFile), ca_file), since = coalesce(\(change.since)::timestamptz, since),
                            paying_statuses = coalesce(\(change.payingStatuses)::text[], paying_statuses),
                            pooling = coalesce(\(change.pooling)::boolean, pooling),
                            confirm_guests = coalesce(\(change.confirmGuests)::boolean, confirm_guests),
                            lead_cap = coalesce(\(change.leadCap)::bigint, lead_cap),
                            sweep_days = coalesce(\(change.sweepDays)::integer, sweep_days),
                            poll_seconds = coalesce(\(change.pollSeconds)::integer, poll_seconds),
                            premium_call_minor = coalesce(\(change.premiumCallMinor)::bigint, premium_call_minor),
                            export_months = coalesce(\(change.exportsMonths)::boolean, export_months),
                            export_grace_days = coalesce(\(change.exportGraceDays)::integer, export_grace_days),
                            journal_accounts = journal_accounts || coalesce(\(change.journal?.json)::jsonb, '{}')
             WHERE shop_id = \(id)::bigint RETURNING slug
            """
        ) { try $0.next(String.self) }
    }
}
