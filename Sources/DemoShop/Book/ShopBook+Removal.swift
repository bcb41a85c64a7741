extension ShopBook {
    /// Puts an order in the trash: it leaves the lists, still answers by its id, and webhooks say `deleted`.
    public func trash(_ order: Int) throws {
        try state.withLock { state in try trash(order, &state) }
    }

    func trash(_ order: Int, _ state: inout BookState) throws {
        guard state.orders[order]?.status != "trash" else { return }
        try edit(order, &state, moves: true, topics: [.deleted]) { edit, _, state in
            edit.rememberTrashing(of: edit.status, at: settings.now, metaID: state.nextMetaID())
            edit.setStatus("trash", at: settings.now)
        }
    }

    /// Takes an order out of the trash with the status it had, as the shop's own screen does; webhooks say `restored`.
    /// (Reviving by REST is `setStatus`, and no webhook tells.) Throws `notTrashed`.
    public func revive(_ order: Int) throws {
        try state.withLock { state in
            try edit(order, &state, moves: true, topics: [.restored]) { edit, _, _ in
                guard edit.status == "trash" else { throw ShopBookError.notTrashed(order) }
                edit.setStatus(edit.takeStatusBeforeTrash() ?? "pending", at: settings.now)
            }
        }
    }

    /// Deletes an order for ever: it answers 404, leaves no trace, and no webhook tells (one that was due sends an error document).
    public func forceDelete(_ order: Int) throws {
        try state.withLock { state in
            guard let gone = state.orders[order] else { throw ShopBookError.unknownOrder(order) }
            for refund in gone.refunds.compactMap({ $0["id"]?.whole }) { state.refundParents[refund] = nil }
            state.remove(order, settings: settings)
        }
    }
}
