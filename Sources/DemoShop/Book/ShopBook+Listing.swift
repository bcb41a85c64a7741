extension ShopBook {
    /// The page asked for. A page of one status (or of all) bounded by the time it is sorted by costs a binary search and the page;
    /// everything else looks at each order within the modification bounds.
    func page(_ query: OrderQuery) -> OrderPage {
        let (orders, total, products) = state.withLock { state in
            let keys = matching(query, state)
            let start = (query.page - 1).multipliedReportingOverflow(by: query.perPage)
            guard !start.overflow, start.partialValue < keys.count else {
                // Past the last page 11.0 claims there is nothing at all, 7.9 tells the truth.
                return ([StoredOrder](), settings.olderVersion ? keys.count : 0, state.products)
            }
            let window = start.partialValue..<min(keys.count, start.partialValue + query.perPage)
            let ids = ids(in: window, of: keys, query)
            return (ids.compactMap { state.orders[$0] }, keys.count, state.products)
        }
        return OrderPage(documents: orders.map { bytes(of: $0, products) }, total: total)
    }

    private func matching(_ query: OrderQuery, _ state: BookState) -> ArraySlice<OrderIndex.Key> {
        let shelves = query.statuses.contains("any") ? ["any"] : Array(Set(query.statuses))
        let boundsModified = query.modifiedAfter != nil || query.modifiedBefore != nil
        let boundsCreated = query.createdAfter != nil || query.createdBefore != nil
        if shelves.count == 1, query.include.isEmpty {
            guard let shelf = state.shelves[shelves[0]] else { return [] }
            switch query.sorting {
            case .modified where !boundsCreated: return shelf.byModified.between(after: query.modifiedAfter, before: query.modifiedBefore)
            case .id where !boundsModified && !boundsCreated: return shelf.byID.keys[...]
            case .date where !boundsModified: return shelf.byCreated.between(after: query.createdAfter, before: query.createdBefore)
            default: break
            }
        }
        let found = shelves.compactMap { state.shelves[$0] }.flatMap { shelf in
            shelf.byModified.between(after: query.modifiedAfter, before: query.modifiedBefore)
        }
        return found.compactMap { key -> OrderIndex.Key? in
            guard query.include.isEmpty || query.include.contains(key.id), let order = state.orders[key.id] else { return nil }
            if let after = query.createdAfter, order.created <= after { return nil }
            if let before = query.createdBefore, order.created >= before { return nil }
            switch query.sorting {
            case .modified: return key
            case .date, .title, .slug: return .init(time: order.created, id: key.id)
            case .id, .include: return .init(time: key.id, id: key.id)
            }
        }.sorted()[...]
    }

    /// The ids of a window of the sorted keys. On 7.9 ties of `orderby=modified` come in another order on every page, so that walking
    /// the pages shows some orders twice and others never.
    private func ids(in window: Range<Int>, of keys: ArraySlice<OrderIndex.Key>, _ query: OrderQuery) -> [Int] {
        func key(_ place: Int) -> OrderIndex.Key {
            query.isDescending ? keys[keys.endIndex - 1 - place] : keys[keys.startIndex + place]
        }
        guard settings.olderVersion, query.sorting == .modified else { return window.map { key($0).id } }
        var start = window.lowerBound
        while start > 0, key(start - 1).time == key(window.lowerBound).time { start -= 1 }
        var end = window.upperBound
        while end < keys.count, key(end).time == key(window.upperBound - 1).time { end += 1 }
        let shuffled = (start..<end).map(key).sorted { left, right in
            if left.time != right.time { return (left.time < right.time) != query.isDescending }
            return disorder(left.id, query.page) < disorder(right.id, query.page)
        }
        return shuffled[(window.lowerBound - start)..<(window.upperBound - start)].map(\.id)
    }

    private func disorder(_ id: Int, _ page: Int) -> UInt64 {
        var random = SeededRandom(seed: UInt64(bitPattern: Int64(id)) &* 31 &+ UInt64(bitPattern: Int64(page)))
        return random.next()
    }

    /// The refunds of an order, newest first as the shop lists them; empty also when there is no such order.
    func refundDocuments(of order: Int) -> [JSONValue] {
        state.withLock { ($0.orders[order]?.refunds ?? []).reversed() }
    }

    /// One refund and the order it belongs to; nil when there is none.
    func refund(_ id: Int) -> (order: Int, document: JSONValue)? {
        state.withLock { state in
            guard let order = state.refundParents[id] else { return nil }
            return state.orders[order]?.refunds.first { $0["id"]?.whole == id }.map { (order, $0) }
        }
    }

    /// All refunds of the shop with their `parent_id`, newest first.
    func allRefundDocuments() -> [JSONValue] {
        let parents = state.withLock { $0.refundParents }
        return parents.keys.sorted(by: >).compactMap { id in
            guard let refund = refund(id), case .object(var members) = refund.document else { return nil }
            members.insert(JSONMember(name: "parent_id", value: .int(refund.order)), at: min(1, members.count))
            return .object(members)
        }
    }
}
