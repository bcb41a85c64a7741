import Domain
import FoundationEssentials
import Postgres

/// A message that this daemon has claimed and is about to hand to a provider.
public struct SendClaim: Sendable, Hashable {
    public let shop: ShopID
    public let message: MessageID
    public let ticket: TicketID
    /// From 1. Also tells this claim from a later one.
    public let attempt: Int
    /// When it was first to be sent.
    public let createdAt: Date
}

/// What a provider is given.
public struct SendingMessage: Sendable, Hashable {
    public let claim: SendClaim
    /// The same at each attempt and no other message's: a provider that sees it again does nothing new.
    public var messageID: String { "m\(claim.shop)-\(claim.message)" }
    public let channel: Channel
    public let to: String
    public let toName: String?
    public let shopSlug: String
    public let shopName: String
    public let agentName: String?
    public let subject: String
    public let body: String
    public let segments: Int?
    /// The id of the customer's e-mail that it answers.
    public let inReplyTo: String?
}

/// What a provider said.
public enum SendResult: Sendable, Hashable {
    /// It took the message, and calls it so.
    case accepted(providerID: String?)
    /// It will never take it; one line for people.
    case refused(reason: String)
    /// It could not now; to be tried again then.
    case later(reason: String, at: Date)
}

/// Who delivers messages at present, for pages to say so.
public struct ProviderView: Sendable, Hashable {
    public let channel: String
    /// `spool`: each message is a file in the folder `place`. `none`: nothing can be sent.
    public let kind: String
    public let place: String
    public let since: Date
}
