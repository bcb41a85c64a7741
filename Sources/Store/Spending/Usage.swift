import Crypto
import Domain
import FoundationEssentials

/// A piece of work to be charged.
public struct Usage: Sendable, Hashable {
    /// References and agent names at most, in characters.
    public static let textMax = 200

    public var ticket: TicketID
    /// As the caller wrote it; checked against the shop's channels.
    public var channel: String
    /// Credits; or nil when they follow from `text` or `seconds` by the channel's unit rule.
    public var quantity: Int64?
    /// The text that was sent.
    public var text: String?
    /// How long the call lasted.
    public var seconds: Int?
    public var agent: String?
    public var reference: String?
    public var occurredAt: Date?

    public init(
        ticket: TicketID, channel: String, quantity: Int64?, text: String? = nil, seconds: Int? = nil, agent: String? = nil,
        reference: String? = nil, occurredAt: Date? = nil
    ) {
        self.ticket = ticket
        self.channel = channel
        self.quantity = quantity
        self.text = text
        self.seconds = seconds
        self.agent = agent
        self.reference = reference
        self.occurredAt = occurredAt
    }

    /// The same for the same request, over HTTP and CLI alike.
    var fingerprint: [UInt8] {
        Fingerprint("usage") { print in
            print.add(ticket.rawValue)
            print.add(channel)
            print.add(quantity)
            print.add(text)
            print.add(seconds.map(Int64.init))
            print.add(agent)
            print.add(reference)
            print.add(occurredAt.map(Timestamp.text))
        }.bytes
    }
}

/// A SHA-256 over a route and its fields: what makes two requests under one key the same request (P5).
struct Fingerprint {
    private var hash = SHA256()
    private(set) var bytes: [UInt8] = []

    init(_ route: String, _ fields: (inout Fingerprint) -> Void) {
        add(route)
        fields(&self)
        bytes = Array(hash.finalize())
    }

    mutating func add(_ text: String?) {
        guard let text else { return hash.update(data: [UInt8(0)]) }
        hash.update(data: Array("\(text.utf8.count):".utf8))
        hash.update(data: Array(text.utf8))
    }

    mutating func add(_ number: Int64?) { add(number.map(String.init)) }
}
