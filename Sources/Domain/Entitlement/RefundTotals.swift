/// An order's refunds added up: by line where the lines are known, and by amount.
struct RefundTotals {
    /// The amounts reach the order's total, both gross. A total of 0 is never refunded by amount.
    let coverOrder: Bool
    private let quantities: [LineID: Quantity]
    private let totals: [LineID: Int64]
    /// The sum of the refunds that name no line, gross: they lower every line alike.
    private let unassigned: Int64
    private let orderTotal: Money

    init(_ order: ShopOrder) {
        var quantities: [LineID: Quantity] = [:]
        var totals: [LineID: Int64] = [:]
        var amount: Int128 = 0
        var unassigned: Int128 = 0
        for refund in order.refunds {
            let lines = order.refundLinesKnown ? refund.lines : []
            amount += Int128(refund.amount.minorUnits)
            if lines.isEmpty { unassigned += Int128(refund.amount.minorUnits) }
            for line in lines {
                quantities[line.orderLineID] = (quantities[line.orderLineID] ?? .zero) + line.quantity
                totals[line.orderLineID] = (totals[line.orderLineID] ?? 0) &+ line.total.minorUnits
            }
        }
        self.quantities = quantities
        self.totals = totals
        self.unassigned = Int64(clamping: unassigned)
        orderTotal = order.total
        coverOrder = order.total.minorUnits > 0 && amount >= Int128(order.total.minorUnits)
    }

    /// How many of the line were given back.
    func quantity(of line: LineID) -> Quantity { quantities[line] ?? .zero }

    /// True when the refunds' net totals reach the line's own, which must be above 0.
    func cover(_ line: OrderLine?) -> Bool {
        guard let line, line.total.minorUnits > 0 else { return false }
        return (totals[line.id] ?? 0) >= line.total.minorUnits
    }

    /// What is left of the line's net total: less what was refunded of it, and less its share of the refunds that name no line,
    /// which is their sum's share in the order's total. Never below 0.
    func netTotal(of line: OrderLine) -> Money {
        let total = max(line.total.minorUnits, 0)
        var left = total - (totals[line.id] ?? 0)
        if orderTotal.minorUnits > 0, unassigned > 0 {
            left -= CumulativeValue.rounded(total, min(unassigned, orderTotal.minorUnits), over: orderTotal.minorUnits)
        }
        return Money(minorUnits: max(left, 0), currency: line.total.currency)
    }
}
