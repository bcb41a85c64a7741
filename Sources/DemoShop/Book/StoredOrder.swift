/// An order as the shop keeps it: the finished document, and beside it what lists sort and filter by.
struct StoredOrder: Sendable {
    /// The document, or what a seeded order's document is made from when somebody asks.
    enum Body: Sendable {
        case document([UInt8])
        case seeded(firstLineID: Int)
    }

    let id: Int
    var status: String
    /// Seconds since 1970.
    var modified: Int
    /// Seconds since 1970.
    var created: Int
    var body: Body
    /// Refund documents, oldest first.
    var refunds: [JSONValue] = []
}
