import Domain
import FoundationEssentials
import Store

/// An order as its `order.deleted` leaves it: the last document with status `trash`, modified when the deletion was received.
enum TrashedOrder {
    static func of(_ seen: SeenOrder, at receivedAt: Date, source: OrderSource) -> SeenOrder {
        SeenOrder(
            order: trashed(seen.order, at: receivedAt), payload: payload(seen.payload), refunds: seen.refunds, seenAt: receivedAt, source: source)
    }

    /// From what is stored. Where the document was erased with its customer only the order's frame is left, which is enough: trash
    /// entitles to nothing.
    static func of(_ stored: StoredDocument, at receivedAt: Date, source: OrderSource, shop: Shop) -> SeenOrder {
        guard var order = try? WooOrderDocument.decode(Array(stored.payload.utf8)) else {
            return SeenOrder(
                order: frame(stored, at: receivedAt, shop: shop), payload: #"{"id":\#(stored.order),"status":"trash"}"#, refunds: nil, seenAt: receivedAt,
                source: source)
        }
        if let raw = stored.refunds, let refunds = try? WooOrderDocument.decodeRefunds(Array(raw.utf8), currency: order.currency) {
            order = order.knowing(refunds: refunds)
        }
        return SeenOrder(
            order: trashed(order, at: receivedAt), payload: payload(stored.payload), refunds: stored.refunds, seenAt: receivedAt, source: source)
    }

    private static func trashed(_ order: ShopOrder, at receivedAt: Date) -> ShopOrder {
        var order = order.storable
        order.status = "trash"
        order.modifiedAt = Timestamp.rounded(receivedAt)
        return order
    }

    /// The document word for word but for its status, so that reading it again says the same.
    private static func payload(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard let status = JSONObjectMembers.split(bytes)?.first(where: { $0.name == "status" }) else { return text }
        return String(decoding: bytes[..<status.value.lowerBound] + Array(#""trash""#.utf8) + bytes[status.value.upperBound...], as: UTF8.self)
    }

    private static func frame(_ stored: StoredDocument, at receivedAt: Date, shop: Shop) -> ShopOrder {
        let currency = Currency(stored.currency) ?? shop.currency
        return ShopOrder(
            id: stored.order, number: stored.number, status: "trash", currency: currency,
            total: Money(minorUnits: stored.totalMinor, currency: currency), createdAt: stored.createdAt,
            modifiedAt: Timestamp.rounded(receivedAt))
    }
}
