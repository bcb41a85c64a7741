extension ShopBook {
    /// Loads a recorded order and its refunds, in the place of any of that id, keeping every value as it is; answers the id.
    /// The texts may be spaced or escaped in any way. Throws `unreadableDocument`, `full`.
    @discardableResult
    public func put(rawOrderJSON: String, refunds: String = "[]") throws -> Int {
        guard let document = try? JSONReader.value(Array(rawOrderJSON.utf8)), let id = document["id"]?.whole,
            let status = document["status"]?.text, let refundList = try? JSONReader.value(Array(refunds.utf8)), case .array = refundList,
            let modified = document["date_modified_gmt"]?.text.flatMap({ ShopCalendar.seconds(gmt: $0) }),
            let created = document["date_created_gmt"]?.text.flatMap({ ShopCalendar.seconds(gmt: $0) })
        else { throw ShopBookError.unreadableDocument }
        let documents = refundList.items.sorted { ($0["id"]?.whole ?? 0) < ($1["id"]?.whole ?? 0) }
        let refundIDs = documents.compactMap { $0["id"]?.whole }
        let lineIDs = ([document] + documents).flatMap { $0["line_items"]?.items ?? [] }.compactMap { $0["id"]?.whole }
        let order = StoredOrder(
            id: id, status: status, modified: modified, created: created, body: .document(JSONWriter.bytes(document)), refunds: documents)
        return try state.withLock { state in
            let former = state.orders[id]
            guard former != nil || state.orders.count < ShopBook.ordersMax else { throw ShopBookError.full }
            for refund in (former?.refunds ?? []).compactMap({ $0["id"]?.whole }) { state.refundParents[refund] = nil }
            for refund in refundIDs { state.refundParents[refund] = id }
            state.store(order, settings: settings)
            state.reserve(posts: max(id, refundIDs.max() ?? 0), items: lineIDs.max() ?? 0)
            state.announce(former == nil ? [.created, .updated] : [.updated], id)
            return id
        }
    }

    /// Many plausible orders at once, for load tests: `stepSeconds` apart (0: all in one second), the last one now, about one in
    /// eight not paid. Their documents are made when somebody asks. No webhook tells. Answers their ids; throws `full`.
    @discardableResult
    public func seedOrders(count: Int, stepSeconds: Int = 30) throws -> ClosedRange<Int>? {
        guard count > 0 else { return nil }
        return try state.withLock { state in
            guard state.orders.count + count <= ShopBook.ordersMax else { throw ShopBookError.full }
            let start = settings.now - (count - 1) * stepSeconds
            let firstLineID = state.nextItemIDs(count * SeededOrder.itemsMax)
            var ids: [Int] = []
            for place in 0..<count {
                let id = state.nextPostID()
                let time = start + place * stepSeconds
                state.store(
                    StoredOrder(
                        id: id, status: SeededOrder.status(id), modified: time, created: time,
                        body: .seeded(firstLineID: firstLineID + place * SeededOrder.itemsMax)),
                    settings: settings)
                if place == 0 || place == count - 1 { ids.append(id) }
            }
            return (ids.first ?? 0)...(ids.last ?? 0)
        }
    }
}
