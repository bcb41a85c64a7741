/// One version of a plan: which products are paid support, and what one unit of them grants.
/// A line keeps the version it was first bound to, so a version never changes; an edit makes the next.
public struct Plan: Hashable, Codable, Sendable {
    public var id: PlanID
    public var shop: ShopID
    /// Unique within the shop.
    public var name: String
    /// Counts from 1.
    public var version: Int
    public var match: PlanMatch
    /// Credits that one unit of the product grants.
    public var credits: [Channel: CreditCount]
    /// Stand-alone prices of one credit, in minor units, to share a line's value by; empty: each channel weighs the same.
    public var prices: [Channel: Int64]
    /// Days that the credits are usable after the day of payment; nil: for ever.
    public var validDays: Int?
    public var ticketRule: TicketRule
    public var priority: Priority
    public var low: LowMarks
    /// Credits a ticket may owe per channel through captures that exceed their hold.
    public var overdraft: Int64
    public var topUpURL: String?
    /// A retired plan stops matching; what it granted stays.
    public var retired: Bool

    public init(
        id: PlanID, shop: ShopID, name: String, version: Int = 1, match: PlanMatch, credits: [Channel: CreditCount],
        prices: [Channel: Int64] = [:], validDays: Int? = nil, ticketRule: TicketRule = .new, priority: Priority = .normal,
        low: LowMarks = .none, overdraft: Int64 = 0, topUpURL: String? = nil, retired: Bool = false
    ) {
        self.id = id
        self.shop = shop
        self.name = name
        self.version = version
        self.match = match
        self.credits = credits
        self.prices = prices
        self.validDays = validDays
        self.ticketRule = ticketRule
        self.priority = priority
        self.low = low
        self.overdraft = overdraft
        self.topUpURL = topUpURL
        self.retired = retired
    }

    /// The plan's channels in their one order: by name.
    public var channels: [Channel] { credits.keys.sorted() }
}
