import Domain
import FoundationEssentials
import Postgres

/// A message that a customer sent.
public struct Incoming: Sendable, Hashable {
    /// Characters at most; what is longer is cut off and says so.
    public static let textMax = 100_000

    public var ticket: TicketID
    public var channel: Channel
    public var text: String
    public var subject: String?
    /// The address that it came from, as its channel writes it.
    public var from: String?
    /// The message's own id: one that was seen before is kept once.
    public var externalID: String?

    public init(ticket: TicketID, channel: Channel, text: String, subject: String? = nil, from: String? = nil, externalID: String? = nil) {
        self.ticket = ticket
        self.channel = channel
        self.text = text
        self.subject = subject
        self.from = from
        self.externalID = externalID
    }
}

extension Store {
    /// Puts a customer's message into the conversation: costs nothing and works at zero. The ticket waits for us, and is open again if it was
    /// settled. The address that it came from becomes one of the customer's.
    public func receive(_ incoming: Incoming, in shop: ShopID) async throws -> Result<MessageView, Refusal> {
        guard let settings = try await self.shop(shop) else { return .failure(.unknown(what: "shop", name: shop.description)) }
        guard settings.rules[incoming.channel] != nil else { return .failure(settings.unknownChannel(incoming.channel.rawValue)) }
        if let refusal = Texts.refusal(incoming.subject, field: "subject", max: 1_000) ?? Texts.refusal(incoming.from, field: "from", max: 320)
            ?? Texts.refusal(incoming.externalID, field: "external_id", max: 1_000)
        {
            return .failure(refusal)
        }
        let text = Self.kept(incoming.text)
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { connection in
            try ConversationRows.lock(connection, shop: shop, ticket: incoming.ticket)
            guard let found = try DeskCase.load(connection, shop: shop, ticket: incoming.ticket) else {
                return .failure(.unknownTicket(incoming.ticket))
            }
            if let id = incoming.externalID {
                let known = try MessageView.load(connection, shop: shop, where: "m.channel = \(incoming.channel) AND m.external_id = \(id)")
                if let known = known.first { return .success(known) }
            }
            let message = try ConversationRows.add(
                connection, shop: shop, ticket: incoming.ticket,
                NewMessage(
                    kind: .message, channel: incoming.channel, direction: .incoming, state: .received, from: incoming.from, subject: incoming.subject,
                    body: text, externalID: incoming.externalID),
                now: now)
            try TicketTurn.received(connection, shop: shop, found, now: now)
            if let from = incoming.from, incoming.channel == .email || incoming.channel == .sms {
                try CustomerContacts.add(
                    connection, shop: shop, customer: found.customer, [(incoming.channel == .sms ? .phone : .email, from)], now: now)
            }
            return .success(message)
        }
    }

    /// Without NUL, which PostgreSQL's text cannot hold, and not longer than may be.
    private static func kept(_ text: String) -> String {
        let clean = text.utf8.contains(0) ? String(text.unicodeScalars.filter { $0.value != 0 }.map(Character.init)) : text
        return clean.count > Incoming.textMax ? clean.prefix(Incoming.textMax) + "\n[…]" : clean
    }
}
