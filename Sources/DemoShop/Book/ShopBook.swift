import Synchronization

/// The shop's orders, and what may happen to them. Every call is one change, whole or not at all, and may come from any thread.
///
/// The document is the state: a sale writes it as WooCommerce would, a change edits it, and `put` takes a recorded one as it is.
/// Nothing is kept on disk. Calls throw `ShopBookError`.
public final class ShopBook: Sendable {
    /// More orders than this are refused.
    public static let ordersMax = 200_000
    /// Deliveries kept for a sender; the oldest go when it is full.
    public static let hooksPendingMax = 10_000
    /// How far back a due delivery is looked for, so that it is not made due twice.
    static let hooksComparedMax = 100
    /// Lines in one cart.
    public static let cartLinesMax = 200
    /// Of one line.
    public static let quantityMax = 100_000

    let settings: BookSettings
    let state: Mutex<BookState>

    var writer: OrderWriter { OrderWriter(settings: settings) }

    init(settings: BookSettings, seed: UInt64) {
        self.settings = settings
        state = Mutex(BookState(random: SeededRandom(seed: seed)))
    }

    /// How many orders there are, trashed ones included.
    public var count: Int { state.withLock { $0.orders.count } }

    /// The ids of all orders, trashed ones included, ascending.
    public var orderIDs: [Int] { state.withLock { $0.orders.keys.sorted() } }

    /// The order's status; nil when there is none.
    public func status(of order: Int) -> String? { state.withLock { $0.orders[order]?.status } }

    /// The order as `GET /orders/{id}` answers it; nil when there is none.
    public func document(of order: Int) -> [UInt8]? {
        let (stored, products) = state.withLock { ($0.orders[order], $0.products) }
        return stored.map { bytes(of: $0, products) }
    }

    /// The ids of the order's lines, in order.
    public func lines(of order: Int) -> [Int] {
        guard let bytes = document(of: order), let document = try? JSONReader.value(bytes) else { return [] }
        return (document["line_items"]?.items ?? []).compactMap { $0["id"]?.whole }
    }

    /// The ids of the order's refunds, oldest first.
    public func refunds(of order: Int) -> [Int] {
        state.withLock { ($0.orders[order]?.refunds ?? []).compactMap { $0["id"]?.whole } }
    }

    /// What is due to be pushed, oldest first, and no longer due afterwards.
    public func takeDueHooks() -> [PendingHook] {
        state.withLock { state in
            defer { state.hooks = [] }
            return state.hooks
        }
    }

    /// The products as they are now.
    public var products: [ShopProduct] { state.withLock { $0.products } }

    /// The document; that of a seeded order is made here, with the products as they are now.
    func bytes(of order: StoredOrder, _ products: [ShopProduct]) -> [UInt8] {
        switch order.body {
        case .document(let bytes): bytes
        case .seeded(let firstLineID): JSONWriter.bytes(SeededOrder(order: order, firstLineID: firstLineID).document(writer, products))
        }
    }

    /// Reads an order's document, lets `change` edit it, and stores and announces the result. `moves` sets the modification time.
    func edit<Value>(
        _ id: Int, _ state: inout BookState, moves: Bool, topics: [HookTopic] = [.updated],
        _ change: (inout OrderEdit, inout StoredOrder, inout BookState) throws -> Value
    ) throws -> Value {
        guard var order = state.orders[id] else { throw ShopBookError.unknownOrder(id) }
        let document = try JSONReader.value(bytes(of: order, state.products))
        var edit = OrderEdit(document: document, writer: writer)
        let value = try change(&edit, &order, &state)
        if moves {
            order.modified = settings.now
            edit.setModified(order.modified)
        }
        order.status = edit.status
        order.body = .document(JSONWriter.bytes(edit.document))
        state.store(order, settings: settings)
        state.announce(topics, id)
        return value
    }
}
