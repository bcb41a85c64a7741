import FoundationEssentials

/// Adjustments and transfers. Who may make them, and how far, is decided before (`Role`).
extension LedgerModel {
    /// A positive quantity is a grant that answers to no order; a negative one takes unused credits of the ticket in burn order.
    @discardableResult
    public mutating func adjust(
        _ ticket: TicketID, _ channel: Channel, by quantity: Int64, expiresAt: Date? = nil, now time: Date
    ) -> Outcome {
        attempt(at: time) { model throws(Refusal) in
            _ = try QuantityCheck.signed(quantity).get()
            if quantity < 0 {
                model.book(.adjustmentOut, try model.drawOwn(-quantity, ticket, channel))
            } else {
                guard model.tickets[ticket] != nil else { throw .unknownTicket(ticket) }
                let grant = model.open(.adjustment, ticket, channel, expiresAt: expiresAt)
                model.book(.adjustmentIn, [.init(grant: grant, quantity: quantity)])
            }
        }
    }

    /// Moves unused credits to another ticket of the customer: each slice becomes a grant there that keeps its expiry and its order line.
    @discardableResult
    public mutating func transfer(
        _ channel: Channel, _ quantity: Int64, from ticket: TicketID, to other: TicketID, now time: Date
    ) -> Outcome {
        attempt(at: time) { model throws(Refusal) in
            guard ticket != other else { throw .sameTicket(ticket) }
            guard model.tickets[other] != nil else { throw .unknownTicket(other) }
            let slices = try model.drawOwn(quantity, ticket, channel)
            model.book(.transferOut, slices)
            let worths = model.entries.last?.values ?? []
            for (slice, worth) in zip(slices, worths) {
                let source = model.grants[slice.grant]
                let grant = model.open(.transfer, other, channel, line: source?.line, startsAt: source?.startsAt, expiresAt: source?.expiresAt)
                model.book(.transferIn, [.init(grant: grant, quantity: slice.quantity)], values: [grant: worth])
                model.grants[grant]?.share = slice.quantity
                model.grants[slice.grant]?.share -= slice.quantity
            }
        }
    }

    /// Takes from the ticket's own grants alone, pooling or not.
    private func drawOwn(_ quantity: Int64, _ ticket: TicketID, _ channel: Channel) throws(Refusal) -> [BurnOrder.Slice] {
        var alone = self
        alone.pooling = false
        return try alone.draw(quantity, ticket, channel)
    }
}
