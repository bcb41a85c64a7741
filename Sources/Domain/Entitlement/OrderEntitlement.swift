/// What an order entitles to as it is now: a function of the order and of the plans its lines are bound to, and of nothing else.
public struct OrderEntitlement: Hashable, Sendable {
    public let order: OrderID
    public let usability: OrderUsability
    /// Refunds exist whose lines are not known; they counted by amount alone.
    public let refundLinesUnknown: Bool
    /// The refunds' amounts reach the order's total.
    public let refundedInFull: Bool
    /// Every bound line, by line id; also bindings whose line is no longer in the order.
    public let lines: [LineEntitlement]

    /// True when any line entitles to any credit: the order opens tickets.
    public var entitlesToAnything: Bool { lines.contains { $0.entitlesToAnything } }
    /// The lines that could not be worked out. None of their grants may be changed, and the order is listed.
    public var refusals: [EntitlementRefusal] { lines.compactMap(\.refused) }
}

/// What one line of an order entitles to.
public struct LineEntitlement: Hashable, Sendable {
    public let line: LineID
    public let plan: Plan
    /// False when the binding's line is no longer in the order.
    public let isInOrder: Bool
    /// Ordered less refunded by line, never below zero; whether the order pays is not in it.
    public let netQuantity: Quantity
    /// What of the line's total, before tax, the shop keeps: after refunds, and 0 unless the order pays.
    public let net: Money
    /// One for each of the plan's channels, by name. Empty when refused.
    public let channels: [ChannelEntitlement]
    /// Set when the line's credits are beyond what a counter can bear.
    public let refused: EntitlementRefusal?

    public var entitlesToAnything: Bool { channels.contains { $0.credits > .zero } }
}

/// What one line entitles to in one channel.
public struct ChannelEntitlement: Hashable, Sendable {
    public let channel: Channel
    /// Entitled now: what the line's grant answers for. 0 unless the order pays.
    public let credits: CreditCount
    /// What `credits` are worth now, after refunds and before tax; 0 when they are 0.
    public let value: Money
    /// What the line as ordered would grant, before refunds and whatever the status.
    public let orderedCredits: CreditCount
    /// What `orderedCredits` cost, before refunds. The channels of one line sum to the line's total (0 when that is negative).
    public let orderedValue: Money
}

/// Why a line's entitlement was not worked out.
public struct EntitlementRefusal: Hashable, Sendable, CustomStringConvertible {
    public let order: OrderID
    public let line: LineID
    public let channel: Channel

    public var description: String {
        "order \(order), line \(line): more than \(CreditCount.valueMax) \(channel) credits; check the quantity of the line or the plan"
    }
}
