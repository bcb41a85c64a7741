import Domain
import FoundationEssentials

/// An order as a ticket names it.
public struct OrderName: Sendable, Hashable {
    public let id: OrderID
    public let number: String
    public let status: String

    public func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("id", id.rawValue)
            json.field("number", number)
            json.field("status", status)
        }
    }
}

/// A customer as a ticket names them; everything personal is nil once they were erased.
public struct CustomerView: Sendable, Hashable {
    public let id: CustomerID
    public let name: String?
    public let email: String?
    public let phone: String?

    public func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("id", id.rawValue)
            json.field("name", name)
            json.field("email", email)
            json.field("phone", phone)
        }
    }
}

/// A ticket as every surface shows it.
public struct TicketView: Sendable, Hashable {
    public let number: TicketID
    public let status: String
    public let subject: String
    public let priority: String
    public let customer: CustomerView
    /// The order that opened it.
    public let order: OrderName?
    public var orders: [OrderName]
    public let topUpURL: String?
    public let openedAt: Date
    public let updatedAt: Date
    public var counters: [Channel: Counter]
    /// Credits that the customer's other tickets would lend, by channel; empty unless the shop pools.
    public var pool: [Channel: Int64]

    public func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("number", number.rawValue)
            json.field("status", status)
            json.field("subject", subject)
            json.field("priority", priority)
            json.field("customer") { customer.write(&$0) }
            json.field("order") { json in if let order { order.write(&json) } else { json.null() } }
            json.field("orders") { $0.array(orders) { $1.write(&$0) } }
            json.field("counters") { $0.counters(counters) }
            json.field("pool") { json in
                json.object { json in
                    for (channel, credits) in pool.sorted(by: { $0.key < $1.key }) { json.field(channel.rawValue, credits) }
                }
            }
            json.field("top_up_url", topUpURL)
            json.field("opened_at", Timestamp.text(openedAt))
            json.field("updated_at", Timestamp.text(updatedAt))
        }
    }
}

/// Part of a list, and where to go on; nil at its end.
public struct ListPage<Item: Sendable>: Sendable {
    public let items: [Item]
    /// Hand it back as `after`.
    public let next: Int64?

    /// What a query for one more than `limit` rows returned.
    init(_ rows: [Item], limit: Int, key: (Item) -> Int64) {
        items = Array(rows.prefix(limit))
        next = rows.count > limit ? items.last.map(key) : nil
    }
}
