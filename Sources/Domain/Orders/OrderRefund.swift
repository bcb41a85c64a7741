/// One refund of an order. Amounts and quantities are positive here; the shop writes them negative.
public struct OrderRefund: Hashable, Sendable {
    /// The shop's id of the refund.
    public var id: Int64
    /// All that was given back, taxes included.
    public var amount: Money
    /// Empty for a refund by amount alone, and when the lines are not known.
    public var lines: [RefundLine]

    public init(id: Int64, amount: Money, lines: [RefundLine] = []) {
        self.id = id
        self.amount = amount
        self.lines = lines
    }
}

/// What a refund gave back of one order line.
public struct RefundLine: Hashable, Sendable {
    public var orderLineID: LineID
    /// 0 when the line was refunded by amount.
    public var quantity: Quantity
    /// Before tax.
    public var total: Money

    public init(orderLineID: LineID, quantity: Quantity, total: Money) {
        self.orderLineID = orderLineID
        self.quantity = quantity
        self.total = total
    }
}
