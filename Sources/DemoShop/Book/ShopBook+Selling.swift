extension ShopBook {
    /// A new order, paid and completed as its status says; answers its id. Throws `unknownSKU`, `outOfRange`, `full`.
    @discardableResult
    public func sell(
        _ cart: [CartLine], to person: ShopPerson = .guest, status: String = "processing", note: String = ""
    ) throws -> Int {
        guard (1...ShopBook.cartLinesMax).contains(cart.count), cart.allSatisfy({ (1...ShopBook.quantityMax).contains($0.quantity) })
        else { throw ShopBookError.outOfRange }
        return try state.withLock { state in
            guard state.orders.count < ShopBook.ordersMax else { throw ShopBookError.full }
            var lines: [OrderDraft.Line] = []
            for line in cart {
                guard let product = state.products.first(where: { $0.sku == line.sku }) else { throw ShopBookError.unknownSKU(line.sku) }
                lines.append(.init(id: state.nextItemIDs(1), product: product, quantity: line.quantity))
            }
            let draft = OrderDraft(
                id: state.nextPostID(), lines: lines, taxLineID: state.nextItemIDs(1), person: person, status: status, note: note,
                created: settings.now, modified: settings.now, key: OrderDraft.key(&state.random))
            let body = StoredOrder.Body.document(JSONWriter.bytes(writer.document(draft)))
            state.store(
                StoredOrder(id: draft.id, status: status, modified: draft.modified, created: draft.created, body: body),
                settings: settings)
            state.announce([.created, .updated], draft.id)
            return draft.id
        }
    }

    /// The payment arrived: an unpaid order goes to `processing`; any other is only saved again.
    public func pay(_ order: Int) throws {
        let payable: Set = ["pending", "on-hold", "failed", "cancelled", "checkout-draft"]
        try state.withLock { state in
            guard let status = state.orders[order]?.status else { throw ShopBookError.unknownOrder(order) }
            try setStatus(order, payable.contains(status) ? "processing" : status, &state)
        }
    }

    /// Sets any status, a plugin's too. By hand `refunded` makes a refund of all that is left, with no lines. The status the order
    /// already has is an empty save. Sending a trashed order to another status revives it, and tells no webhook, as by REST.
    public func setStatus(_ order: Int, _ status: String) throws {
        try state.withLock { state in try setStatus(order, status, &state) }
    }

    private func setStatus(_ order: Int, _ status: String, _ state: inout BookState) throws {
        guard let former = state.orders[order] else { throw ShopBookError.unknownOrder(order) }
        let isEmptySave = former.status == status
        if status == "trash", !isEmptySave { return try trash(order, &state) }
        if status == "refunded", !isEmptySave, try leftCents(of: former, state) > 0 {
            _ = try refund(order, .rest, reason: "Order fully refunded.", &state)
            return
        }
        let topics: [HookTopic] = former.status == "trash" ? [] : [.updated]
        try edit(order, &state, moves: !isEmptySave || !settings.olderVersion, topics: topics) { edit, _, _ in
            if !isEmptySave { edit.setStatus(status, at: settings.now) }
        }
    }

    /// Another quantity of a line, 0 to take it out. Moves the modification time on 11.0 and not on 7.9; with `savingOrder` false,
    /// as when only the line is saved, on neither, and no webhook tells.
    public func editQuantity(_ order: Int, line: Int, to quantity: Int, savingOrder: Bool = true) throws {
        guard (0...ShopBook.quantityMax).contains(quantity) else { throw ShopBookError.outOfRange }
        try state.withLock { state in
            try edit(order, &state, moves: savingOrder && !settings.olderVersion, topics: savingOrder ? [.updated] : []) { edit, _, _ in
                guard edit.setQuantity(line: line, to: quantity) else { throw ShopBookError.unknownLine(line) }
            }
        }
    }

    /// Another billing e-mail, kept as typed. Moves the modification time on 11.0 and not on 7.9.
    public func editEmail(_ order: Int, to email: String) throws {
        try state.withLock { state in
            try edit(order, &state, moves: !settings.olderVersion) { edit, _, _ in
                var billing = edit.document["billing"] ?? .object([])
                billing["email"] = .string(email)
                edit.document["billing"] = billing
            }
        }
    }

    /// Another SKU for a product or variation: old orders and refunds show it at once, and no date moves.
    public func renameSKU(_ sku: String, to newSKU: String) throws {
        try state.withLock { state in
            guard let place = state.products.firstIndex(where: { $0.sku == sku }) else { throw ShopBookError.unknownSKU(sku) }
            state.products[place].sku = newSKU
            let product = state.products[place]
            for var order in state.orders.values {
                guard case .document(let bytes) = order.body else { continue }
                var document = try JSONReader.value(bytes)
                guard OrderEdit.renameSKU(in: &document, product: product.productID, variation: product.variationID, to: newSKU)
                else { continue }
                order.body = .document(JSONWriter.bytes(document))
                order.refunds = order.refunds.map { refund in
                    var refund = refund
                    _ = OrderEdit.renameSKU(in: &refund, product: product.productID, variation: product.variationID, to: newSKU)
                    return refund
                }
                state.store(order, settings: settings)
            }
        }
    }
}
