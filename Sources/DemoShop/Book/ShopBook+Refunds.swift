extension ShopBook {
    /// Gives back lines, an amount or all that is left; answers the refund's id. When nothing is left of the total the order becomes
    /// `refunded`. Throws `refundTooHigh`, `unknownLine`, `outOfRange`, `unknownOrder`.
    @discardableResult
    public func refund(_ order: Int, _ request: RefundRequest, reason: String = "") throws -> Int {
        if case .lines(let lines) = request, lines.isEmpty { throw ShopBookError.outOfRange }
        return try state.withLock { state in try refund(order, request, reason: reason, &state) }
    }

    func refund(_ order: Int, _ request: RefundRequest, reason: String, _ state: inout BookState) throws -> Int {
        try edit(order, &state, moves: true) { edit, stored, state in
            let left = max(0, edit.totalCents - edit.refundedCents)
            let refunds = RefundWriter(writer: writer)
            var lines = RefundWriter.Lines()
            if case .lines(let parts) = request {
                var itemID = state.nextItemIDs(parts.count)
                lines = try refunds.lines(parts, of: edit.document, nextID: &itemID)
            }
            let amount =
                switch request {
                case .lines: lines.grossCents
                case .amount(let cents): cents
                case .rest: left
                }
            guard amount >= 0 else { throw ShopBookError.outOfRange }
            guard amount <= left else { throw ShopBookError.refundTooHigh(leftCents: left) }
            let isFull = amount == left
            let document = refunds.document(
                id: state.nextPostID(), order: order, amountCents: amount, reason: reason, lines: lines, isFull: isFull,
                at: settings.now, metaID: state.nextMetaID())
            let id = document["id"]?.whole ?? 0
            stored.refunds.append(document)
            state.refundParents[id] = order
            edit.addRefund(document, taxCents: lines.taxCents)
            if isFull { edit.setStatus("refunded", at: settings.now) }
            return id
        }
    }

    /// What refunds have not given back of the order's total.
    public func leftCents(of order: Int) throws -> Int {
        try state.withLock { state in
            guard let stored = state.orders[order] else { throw ShopBookError.unknownOrder(order) }
            return try leftCents(of: stored, state)
        }
    }

    func leftCents(of order: StoredOrder, _ state: BookState) throws -> Int {
        let edit = OrderEdit(document: try JSONReader.value(bytes(of: order, state.products)), writer: writer)
        return max(0, edit.totalCents - edit.refundedCents)
    }

    /// Gives back units of a line and no money: the refund's amount is `0.00`.
    @discardableResult
    public func refundQuantityOnly(_ order: Int, line: Int, quantity: Int, reason: String = "") throws -> Int {
        try refund(order, .lines([.init(line: line, quantity: quantity, netCents: 0)]), reason: reason)
    }

    /// Takes a refund out of the order without moving any date, and no webhook tells. The status stays as it is.
    public func deleteRefund(_ refund: Int) throws {
        try state.withLock { state in
            guard let order = state.refundParents[refund] else { throw ShopBookError.unknownRefund(refund) }
            try edit(order, &state, moves: false, topics: []) { edit, stored, state in
                edit.removeRefund(refund)
                stored.refunds.removeAll { $0["id"]?.whole == refund }
                state.refundParents[refund] = nil
            }
        }
    }
}
