import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// A claimed message of which nothing more is heard counts as not sent after so long, and is sent again under the same id.
    public static let sendClaimSeconds = 60.0

    /// Tells when there may be something to send: at once, whenever something was put down, and after each lost connection.
    public func sendSignals() -> AsyncStream<Void> { signals(on: Store.sendChannel) }

    /// Claims messages that are due, oldest first, skipping what another daemon is at.
    public func claimMessages(limit: Int) async throws -> [SendClaim] {
        let now = Timestamp.rounded(clock())
        let lapses = now.addingTimeInterval(Store.sendClaimSeconds)
        return try await pool.transaction { connection in
            try connection.query(
                """
                UPDATE message m SET attempts = m.attempts + 1, next_at = \(lapses)::timestamptz
                  FROM (SELECT shop_id, message_id FROM message WHERE state = 'sending' AND next_at <= \(now)::timestamptz
                         ORDER BY next_at LIMIT \(limit)::bigint FOR UPDATE SKIP LOCKED) due
                 WHERE m.shop_id = due.shop_id AND m.message_id = due.message_id
                RETURNING m.shop_id, m.message_id, m.ticket_id, m.attempts, m.created_at
                """
            ) { row in
                SendClaim(
                    shop: try row.next(), message: try row.next(), ticket: try row.next(), attempt: try row.next(), createdAt: try row.next())
            }
        }
    }

    /// Sees to it that the message's credits are held while it is tried, and reads it. Nil when there is nothing to send any more: the claim
    /// was lost, or its hold had lapsed and nothing is left, which fails it.
    public func prepareMessage(_ claim: SendClaim) async throws -> SendingMessage? {
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { connection in
            guard let own = try SendCase.lock(connection, claim) else { return nil }
            if try own.hold(connection, until: now.addingTimeInterval(Store.sendHoldSeconds), now: now) == nil {
                try own.fail(connection, "the credits held for it had lapsed before it could be sent, and none are left", now: now)
                return nil
            }
            return try own.message(connection)
        }
    }

    /// Writes what the provider said, in one transaction with what follows: an accepted message's hold is captured, a refused one's released
    /// and the ticket is ours again. Does nothing when the claim was lost.
    public func finishMessage(_ claim: SendClaim, _ result: SendResult) async throws {
        let now = Timestamp.rounded(clock())
        try await pool.transaction { connection in
            guard let own = try SendCase.lock(connection, claim) else { return }
            switch result {
            case .accepted(let providerID):
                let entry = try own.charge(connection, now: now)
                try own.write(
                    connection,
                    """
                    state = 'sent', sent_at = \(now)::timestamptz, provider_id = \(providerID), entry_id = \(entry)::bigint,
                    error = \(entry == nil ? "sent, but nothing was left to charge it to: its hold had lapsed" : nil)
                    """)
            case .refused(let reason): try own.fail(connection, reason, now: now)
            case .later(let reason, let at):
                try own.write(connection, "next_at = \(at)::timestamptz, error = \(String(reason.prefix(SendCase.reasonMax)))")
            }
            try DeskTell.conversation(connection, shop: claim.shop, ticket: claim.ticket)
        }
    }

    /// When the next message is due; nil when none waits.
    public func nextMessage() async throws -> Date? {
        try await pool.read { connection in
            try connection.queryOne("SELECT min(next_at) FROM message WHERE state = 'sending'") { try $0.next(Date?.self) } ?? nil
        }
    }

    /// Says who delivers a channel's messages from now on.
    public func setProvider(channel: String, kind: String, place: String) async throws {
        let now = Timestamp.rounded(clock())
        _ = try await pool.transaction { connection in
            try connection.execute(
                """
                INSERT INTO provider AS p (channel, kind, place, since) VALUES (\(channel), \(kind), \(place), \(now)::timestamptz)
                ON CONFLICT ON CONSTRAINT provider_pkey DO UPDATE SET kind = excluded.kind, place = excluded.place, since = excluded.since
                 WHERE (p.kind, p.place) <> (excluded.kind, excluded.place)
                """)
        }
    }

    /// Who delivers messages at present, by channel.
    public func providers() async throws -> [ProviderView] {
        try await pool.read { connection in
            try connection.query("SELECT channel, kind, place, since FROM provider ORDER BY channel") { row in
                ProviderView(channel: try row.next(), kind: try row.next(), place: try row.next(), since: try row.next())
            }
        }
    }
}
