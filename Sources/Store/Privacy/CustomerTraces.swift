import Domain
import Foundation
import Postgres

/// Where a customer's personal text may lie: their orders, their tickets, and the addresses that documents about them name.
struct CustomerTraces {
    let shop: ShopID
    let customer: CustomerID
    let orders: [OrderID]
    let tickets: [TicketID]
    /// The e-mail addresses of the customer and of the orders' billing, in lower case.
    let emails: [String]

    /// Takes the locks of the intake first, so that no order of theirs is being written meanwhile. Nil when the shop has no such customer.
    static func lockAndLoad(_ connection: Connection, shop: ShopID, customer: CustomerID) throws -> CustomerTraces? {
        guard let before = try load(connection, shop: shop, customer: customer) else { return nil }
        let account = try connection.queryOne(
            "SELECT shop_customer_id FROM customer WHERE shop_id = \(shop)::bigint AND customer_id = \(customer)::bigint"
        ) { try $0.next(Int64?.self) } ?? nil
        let keys = before.orders.map { "order \($0)" } + before.emails.map { "customer \($0)" } + (account.map { ["customer \($0)"] } ?? [])
        try connection.execute("SELECT lock_keys(\([ShopID](repeating: shop, count: keys.count))::bigint[], \(keys)::text[])")
        return try load(connection, shop: shop, customer: customer)
    }

    static func load(_ connection: Connection, shop: ShopID, customer: CustomerID) throws -> CustomerTraces? {
        let person = try connection.queryOne(
            "SELECT email FROM customer WHERE shop_id = \(shop)::bigint AND customer_id = \(customer)::bigint"
        ) { (email: try $0.next(String?.self), found: true) }
        guard let person else { return nil }
        let orders = try connection.query(
            "SELECT order_id, payload FROM shop_order WHERE shop_id = \(shop)::bigint AND customer_id = \(customer)::bigint ORDER BY order_id"
        ) { (id: try $0.next(OrderID.self), email: BillingAddress.email(in: try $0.next(String.self))) }
        let tickets = try connection.query(
            "SELECT ticket_id FROM ticket WHERE shop_id = \(shop)::bigint AND customer_id = \(customer)::bigint ORDER BY ticket_id"
        ) { try $0.next(TicketID.self) }
        let emails = Set(([person.email] + orders.map(\.email)).compactMap { $0?.lowercased() }.filter { !$0.isEmpty })
        return CustomerTraces(shop: shop, customer: customer, orders: orders.map(\.id), tickets: tickets, emails: emails.sorted())
    }

    /// Whether a document kept as text is about them: it is of one of their orders (WooCommerce writes the id first), or names an address.
    func concerns(_ column: String) -> SQL {
        let text = SQL(raw: column)
        return """
            (substring(\(sql: text) from '^\\s*\\{\\s*"id"\\s*:\\s*([0-9]{1,18})\\s*[,}]')::bigint = ANY (\(orders)::bigint[])
             OR EXISTS (SELECT FROM unnest(\(emails)::text[]) AS a (email) WHERE position(a.email in lower(\(sql: text))) > 0))
            """
    }
}

/// The billing address of an order's document, as far as it can be read.
private struct BillingAddress: Decodable {
    struct Billing: Decodable { let email: String? }
    let billing: Billing?

    static func email(in document: String) -> String? {
        (try? JSONDecoder().decode(BillingAddress.self, from: Data(document.utf8)))?.billing?.email
    }
}
