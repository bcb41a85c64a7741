import Domain
import Foundation
import Postgres

/// The ways to reach a customer, their language and the search words that an order's document tells. Words are added to the tickets that the
/// order's credits lie on.
enum CustomerContacts {
    /// Of orders of paid support whose document is new. Under the locks of the customers' keys, after the counters.
    static func write(_ cases: [OrderCase], shop: ShopID, now: Date, _ connection: Connection) throws {
        for order in cases where order.isMatched && !order.isErased && (order.isNewDocument || !order.newlyBound.isEmpty) {
            guard let customer = order.customer else { continue }
            let document = ContactDocument.read(order.sight.payload)
            try add(connection, shop: shop, customer: customer, contacts(order.order, document), now: now)
            if let language = document?.language {
                try connection.execute(
                    "UPDATE customer SET language = \(language) WHERE shop_id = \(shop)::bigint AND customer_id = \(customer)::bigint AND language IS DISTINCT FROM \(language)"
                )
            }
            let text = ([order.order.number, order.order.billingName] + order.order.lines.map(\.name)).joined(separator: " ")
            for ticket in Set(order.ticketOfLine.values).sorted() {
                try connection.execute("SELECT add_words(\(shop)::bigint, \(ticket)::bigint, search_words(\(text)))")
            }
        }
    }

    /// Remembers addresses, and lets the customer's tickets be found by them. What is there already only becomes the last seen.
    static func add(
        _ connection: Connection, shop: ShopID, customer: CustomerID, _ contacts: [(kind: CustomerAddress.Kind, value: String)], now: Date
    ) throws {
        let known = Set(try CustomerAddresses.load(connection, shop: shop, customer: customer).map { "\($0.kind) \($0.value)" })
        let fresh = contacts.filter { !known.contains("\($0.kind) \($0.value)") }
        guard known.count + fresh.count <= CustomerAddresses.addressesMax * 3 else { return }
        for contact in contacts {
            try connection.execute(
                """
                INSERT INTO customer_address AS a (shop_id, customer_id, kind, value, seen_at)
                VALUES (\(shop)::bigint, \(customer)::bigint, \(contact.kind), \(contact.value), \(now)::timestamptz)
                ON CONFLICT ON CONSTRAINT customer_address_pkey DO UPDATE SET seen_at = excluded.seen_at WHERE a.seen_at < excluded.seen_at
                """)
        }
        guard !fresh.isEmpty else { return }
        try connection.execute(
            """
            SELECT add_words(t.shop_id, t.ticket_id, customer_words(t.shop_id, t.customer_id))
              FROM (SELECT * FROM ticket WHERE shop_id = \(shop)::bigint AND customer_id = \(customer)::bigint
                     ORDER BY ticket_id DESC LIMIT \(ticketsMax)::bigint) t
            """)
    }

    /// Of a customer's tickets those that are found by a new address.
    private static let ticketsMax = 200

    private static func contacts(_ order: ShopOrder, _ document: ContactDocument?) -> [(kind: CustomerAddress.Kind, value: String)] {
        var contacts: [(kind: CustomerAddress.Kind, value: String)] = [(.email, StaffCheck.folded(order.email)), (.phone, order.phone)]
        for place in [document?.billing, document?.shipping] {
            if let phone = place?.phone { contacts.append((.phone, phone)) }
            if let postal = place?.postal { contacts.append((.postal, postal)) }
        }
        var seen: Set<String> = []
        return contacts.filter { !$0.value.isEmpty && $0.value.count <= lengthMax && !$0.value.utf8.contains(0) && seen.insert("\($0.kind) \($0.value)").inserted }
    }

    private static let lengthMax = 500
}

/// What of an order's document says where its customer lives and what they speak; anything that is not as expected is left out.
private struct ContactDocument: Decodable {
    struct Place: Decodable {
        let first_name, last_name, company, address_1, address_2, postcode, city, country, phone: String?

        var postal: String? {
            guard let address_1, !address_1.isEmpty else { return nil }
            let name = [first_name, last_name].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ")
            let town = [postcode, city].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ")
            return [name, company, address_1, address_2, town, country].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")
        }
    }
    private struct Meta: Decodable {
        let key: String?
        let value: String?

        private enum CodingKeys: CodingKey { case key, value }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            key = try? fields.decode(String.self, forKey: .key)
            value = try? fields.decode(String.self, forKey: .value)
        }
    }
    private enum CodingKeys: CodingKey { case billing, shipping, lang, meta_data }

    let billing: Place?
    let shipping: Place?
    /// Two letters. WooCommerce has no language of its own: WPML, Polylang and TranslatePress write it into the order's meta data or `lang`.
    let language: String?

    private static let languageKeys: Set<String> = ["wpml_language", "_wpml_language", "pll_language", "_pll_language", "trp_language", "lang"]

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        billing = try? fields.decode(Place.self, forKey: .billing)
        shipping = try? fields.decode(Place.self, forKey: .shipping)
        let told = (try? fields.decode([Meta].self, forKey: .meta_data))?.first { ContactDocument.languageKeys.contains($0.key ?? "") }?.value
        let text = (told ?? (try? fields.decode(String.self, forKey: .lang)) ?? "").lowercased().prefix(2)
        language = text.utf8.count == 2 && text.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } ? String(text) : nil
    }

    static func read(_ payload: String) -> ContactDocument? { try? JSONDecoder().decode(ContactDocument.self, from: Data(payload.utf8)) }
}
