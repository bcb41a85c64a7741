import Domain
import FoundationEssentials
import Postgres

/// Everything that the page of one ticket shows, of one moment.
public struct TicketPage: Sendable {
    /// Counters, pool and orders as every other surface shows them (P10).
    public let ticket: TicketView
    public let desk: TicketDesk
    /// The newest part; `Store.conversation(before:)` gives what was earlier.
    public let conversation: ConversationPage
    /// What is left grant by grant, in burn order.
    public let grants: [GrantCard]
    public let customer: CustomerCard
    /// The customer's other tickets, newest first, up to `TicketPage.othersMax`.
    public let others: [TicketListRow]
    /// All orders of the customer, newest first, up to `TicketPage.ordersMax`.
    public let orders: [OrderCard]
    /// The ledger of this ticket, newest first; `Store.entries(before:)` gives what was earlier.
    public let entries: [EntryView]
    /// Hand it back as `before`; nil when these are all.
    public let earlierEntries: EntryID?
    /// The call that runs on it.
    public let call: CallView?
    /// The asker's own.
    public let drafts: [DraftView]
    /// Who has it open now, the asker too.
    public let presence: [PresenceView]
    public let at: Date

    public static let othersMax = 20
    public static let ordersMax = 50
    public static let entriesMax = 50
    public static let grantsMax = 100
}

/// What is left of one grant.
public struct GrantCard: Sendable, Hashable {
    public let id: GrantID
    public let channel: Channel
    public let kind: String
    public let remaining: Int64
    /// The first instant at which it no longer counts; nil: never.
    public let expiresAt: Date?
    public let order: OrderID?
}

/// A customer beside their ticket.
public struct CustomerCard: Sendable, Hashable {
    public let customer: CustomerView
    /// All that orders and messages named, the last seen first within each kind.
    public let addresses: [CustomerAddress]
    /// ISO 639-1, when an order told it.
    public let language: String?
    /// The shop's own number of them; nil for a guest.
    public let shopCustomer: Int64?
    public let since: Date
    public let isErased: Bool
    /// What orders that pay come to, by currency, in minor units, refunds not taken off; never summed over currencies.
    public let spend: [(currency: String, minor: Int64, orders: Int)]
    public let ticketCount: Int

    public static func == (left: CustomerCard, right: CustomerCard) -> Bool {
        left.customer == right.customer && left.addresses == right.addresses && left.language == right.language && left.ticketCount == right.ticketCount
            && left.spend.map(\.minor) == right.spend.map(\.minor)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(customer) }
}

/// An order beside the ticket.
public struct OrderCard: Sendable, Hashable {
    public let id: OrderID
    public let number: String
    public let status: String
    /// `entitled`, `not-usable-yet`, `ended` or `unknown-status`.
    public let usability: String
    public let currency: String
    /// Minor units.
    public let total: Int64
    public let createdAt: Date
    public let paidAt: Date?
    public let flags: [String]
    public let isOfThisTicket: Bool
}
