import Domain
import FoundationEssentials
import Postgres

/// The ways to reach a customer.
enum CustomerAddresses {
    /// Addresses kept of one customer and kind; what is more is not kept.
    static let addressesMax = 50

    /// Where a message goes: to an address of this customer and to nobody else.
    static func recipient(
        _ connection: Connection, shop: ShopID, _ customer: CustomerID, _ outgoing: Outgoing
    ) throws -> Result<String, Refusal> {
        let kind = outgoing.channel == .sms ? "phone" : "email"
        let known = try load(connection, shop: shop, customer: customer).filter { $0.kind.rawValue == kind }.map(\.value)
        let usual = try connection.queryOne(
            "SELECT email, phone FROM customer WHERE shop_id = \(shop)::bigint AND customer_id = \(customer)::bigint"
        ) { row in (email: try row.next(String?.self), phone: try row.next(String?.self)) }
        let first = outgoing.channel == .sms ? usual?.phone : usual?.email
        guard let to = outgoing.to else {
            if let address = first ?? known.first { return .success(address) }
            return .failure(.missingField(field: "to", expected: "an address of the customer; none is known"))
        }
        guard known.contains(to) || to == first else { return .failure(.invalidField(field: "to", expected: "one of the customer's addresses")) }
        return .success(to)
    }

    /// By kind, the last seen first.
    static func load(_ connection: Connection, shop: ShopID, customer: CustomerID) throws -> [CustomerAddress] {
        try connection.query(
            """
            SELECT kind, value, seen_at FROM customer_address WHERE shop_id = \(shop)::bigint AND customer_id = \(customer)::bigint
             ORDER BY kind, seen_at DESC, value LIMIT \(addressesMax * 3)::bigint
            """
        ) { row in CustomerAddress(kind: try row.next(), value: try row.next(), seenAt: try row.next()) }
    }
}

/// A way to reach a customer that an order or a message named.
public struct CustomerAddress: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, PostgresValue { case email, phone, postal }
    public let kind: Kind
    public let value: String
    /// When it was last named.
    public let seenAt: Date
}
