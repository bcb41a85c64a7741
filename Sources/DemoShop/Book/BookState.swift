/// All that the shop knows, in memory; `ShopBook` guards it.
struct BookState: Sendable {
    private(set) var orders: [Int: StoredOrder] = [:]
    private(set) var shelves: [String: OrderShelf] = [:]
    var products: [ShopProduct] = ShopProduct.all
    /// The parent order of each refund.
    var refundParents: [Int: Int] = [:]
    var hooks: [PendingHook] = []
    var random: SeededRandom

    private var postID = 100
    private var itemID = 1_000
    private var metaID = 10_000

    init(random: SeededRandom) { self.random = random }

    /// Orders and refunds share their ids, as posts do.
    mutating func nextPostID() -> Int {
        postID += 1
        return postID
    }

    /// The first of `count` ids for lines.
    mutating func nextItemIDs(_ count: Int) -> Int {
        defer { itemID += count }
        return itemID + 1
    }

    /// The first of two ids for meta data.
    mutating func nextMetaID() -> Int {
        defer { metaID += 2 }
        return metaID + 1
    }

    /// Stores the order in the place of its former self.
    mutating func store(_ order: StoredOrder, settings: BookSettings) {
        remove(order.id, settings: settings)
        orders[order.id] = order
        for shelf in shelfNames(order.status, settings) { shelves[shelf, default: OrderShelf()].insert(order) }
    }

    mutating func remove(_ id: Int, settings: BookSettings) {
        guard let former = orders.removeValue(forKey: id) else { return }
        for shelf in shelfNames(former.status, settings) { shelves[shelf, default: OrderShelf()].remove(former) }
    }

    /// Keeps new ids above those of a recorded document.
    mutating func reserve(posts: Int, items: Int) {
        postID = max(postID, posts)
        itemID = max(itemID, items)
    }

    /// Remembers a delivery once until it is sent, and at most `ShopBook.hooksPendingMax` of them, the oldest leaving first.
    mutating func announce(_ topics: [HookTopic], _ order: Int) {
        for topic in topics {
            let hook = PendingHook(topic: topic, order: order)
            guard !hooks.suffix(ShopBook.hooksComparedMax).contains(hook) else { continue }
            if hooks.count >= ShopBook.hooksPendingMax { hooks.removeFirst(ShopBook.hooksPendingMax / 10) }
            hooks.append(hook)
        }
    }

    private func shelfNames(_ status: String, _ settings: BookSettings) -> [String] {
        settings.lists(status) ? ["any", status] : [status]
    }
}
