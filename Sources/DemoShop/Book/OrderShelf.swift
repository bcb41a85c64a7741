/// The orders of one status (or all that a list shows), sorted in each of the ways a list may ask for.
struct OrderShelf: Sendable {
    private(set) var byModified = OrderIndex()
    private(set) var byCreated = OrderIndex()
    private(set) var byID = OrderIndex()

    mutating func insert(_ order: StoredOrder) {
        byModified.insert(.init(time: order.modified, id: order.id))
        byCreated.insert(.init(time: order.created, id: order.id))
        byID.insert(.init(time: order.id, id: order.id))
    }

    mutating func remove(_ order: StoredOrder) {
        byModified.remove(.init(time: order.modified, id: order.id))
        byCreated.remove(.init(time: order.created, id: order.id))
        byID.remove(.init(time: order.id, id: order.id))
    }
}
