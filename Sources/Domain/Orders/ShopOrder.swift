import FoundationEssentials

/// An order as the shop tells it now: only what entitlement, customer and ticket need; the raw document is kept beside it.
public struct ShopOrder: Hashable, Sendable {
    public var id: OrderID
    /// What people call the order; need not be a number (`SM-2026/00336`) and is no key.
    public var number: String
    public var status: String
    public var currency: Currency
    /// What was to be paid, taxes and shipping included. Refunds do not lower it.
    public var total: Money
    /// The same as the shop wrote it, with decimals that the currency may not have; nil where no shop did.
    public var totalText: String?
    public var createdAt: Date
    public var modifiedAt: Date
    public var paidAt: Date?
    public var completedAt: Date?
    /// The shop's customer number; 0 for a guest, also after an account was deleted.
    public var customerID: Int64
    /// As typed at the checkout.
    public var email: String
    public var billingName: String
    public var phone: String
    public var lines: [OrderLine]
    public var refunds: [OrderRefund]
    /// False when the refunds are only known by their amounts.
    public var refundLinesKnown: Bool

    public init(
        id: OrderID, number: String, status: String, currency: Currency, total: Money, createdAt: Date, modifiedAt: Date,
        paidAt: Date? = nil, completedAt: Date? = nil, customerID: Int64 = 0, email: String = "", billingName: String = "",
        phone: String = "", lines: [OrderLine] = [], refunds: [OrderRefund] = [], refundLinesKnown: Bool = true
    ) {
        self.id = id
        self.number = number
        self.status = status
        self.currency = currency
        self.total = total
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
        self.paidAt = paidAt
        self.completedAt = completedAt
        self.customerID = customerID
        self.email = email
        self.billingName = billingName
        self.phone = phone
        self.lines = lines
        self.refunds = refunds
        self.refundLinesKnown = refundLinesKnown
    }
}

extension ShopOrder {
    /// The same order with its refunds as read with their lines.
    public func knowing(refunds: [OrderRefund]) -> ShopOrder {
        var order = self
        order.refunds = refunds
        order.refundLinesKnown = true
        return order
    }
}
