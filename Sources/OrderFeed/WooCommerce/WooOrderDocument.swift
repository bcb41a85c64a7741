import Domain
import FoundationEssentials

/// Reads WooCommerce's order documents, of REST and of webhooks alike (`woocommerce.md`, "The order document").
/// Pure: bytes in, an order or the reason out. Both old and new versions are read without being told which it is.
public enum WooOrderDocument {
    /// One element of a list, with its bytes as they came.
    public struct Element: Sendable {
        public let raw: [UInt8]
        public let order: Result<ShopOrder, OrderDocumentError>
    }

    /// One order. Its refunds are known by amount alone: `refundLinesKnown` is false when there are any.
    /// `ShopOrder.knowing(refunds:)` puts those of `decodeRefunds` in their place.
    public static func decode(_ body: [UInt8]) throws(OrderDocumentError) -> ShopOrder {
        try order(try read(WooOrderFields.self, body, expected: "an order"))
    }

    /// A page of orders. Throws only when the page itself is not a list; an order that is not understood is a failure of its own.
    public static func decodeList(_ body: [UInt8]) throws(OrderDocumentError) -> [Element] {
        guard let parts = JSONListSplitter.split(body) else {
            throw shopError(in: body) ?? (isJSON(body) ? .wrongKind(expected: "a list of orders") : .notJSON)
        }
        return parts.map { part in
            let raw = Array(part)
            return Element(raw: raw, order: Result { () throws(OrderDocumentError) in try decode(raw) })
        }
    }

    /// The refunds of one order with their lines. They do not name their currency, so the order's is handed in.
    /// WooCommerce answers `[]` for an order that does not exist, too.
    public static func decodeRefunds(_ body: [UInt8], currency: Currency) throws(OrderDocumentError) -> [OrderRefund] {
        let documents = try read([WooRefundFields].self, body, expected: "a list of refunds")
        var refunds: [OrderRefund] = []
        for document in documents { refunds.append(try refund(document, currency)) }
        return refunds
    }

    /// The order that a document names, of which nothing else may be there: `order.deleted` carries only `{"id":326}`.
    public static func decodeID(_ body: [UInt8]) throws(OrderDocumentError) -> OrderID {
        OrderID(try read(WooIDFields.self, body, expected: "an order").id)
    }

    private static func order(_ fields: WooOrderFields) throws(OrderDocumentError) -> ShopOrder {
        guard let currency = Currency(fields.currency) else {
            throw .badField(path: "currency", expected: "a three-letter code", found: LooseNumber.quoted(fields.currency))
        }
        var lines: [OrderLine] = []
        for line in fields.lines { lines.append(try orderLine(line, currency)) }
        var refunds: [OrderRefund] = []
        for refund in fields.refunds {
            refunds.append(OrderRefund(id: refund.id, amount: try refund.total.money(currency).magnitude))
        }
        var order = ShopOrder(
            id: OrderID(fields.id), number: fields.number.isEmpty ? String(fields.id) : fields.number, status: fields.status,
            currency: currency, total: try fields.total.money(currency), createdAt: fields.createdAt ?? fields.modifiedAt ?? .distantPast,
            modifiedAt: fields.modifiedAt ?? fields.createdAt ?? .distantPast, paidAt: fields.paidAt, completedAt: fields.completedAt,
            customerID: fields.customerID, email: fields.billing?.email ?? "", billingName: fields.billing?.name ?? "",
            phone: fields.billing?.phone ?? "", lines: lines, refunds: refunds, refundLinesKnown: refunds.isEmpty)
        order.totalText = fields.total.text
        return order
    }

    private static func orderLine(_ line: WooLineFields, _ currency: Currency) throws(OrderDocumentError) -> OrderLine {
        OrderLine(
            id: LineID(line.id), productID: line.productID, variationID: line.variationID, sku: line.sku.isEmpty ? nil : line.sku,
            name: line.name, quantity: try line.quantity.quantity(), total: try line.total.money(currency),
            totalTax: try line.totalTax?.money(currency) ?? .zero(currency))
    }

    /// What the shop writes negative becomes positive: the quantity whatever its sign, the total by turning its sign.
    private static func refund(_ fields: WooRefundFields, _ currency: Currency) throws(OrderDocumentError) -> OrderRefund {
        var lines: [RefundLine] = []
        for line in fields.lines {
            let total = Money(minorUnits: -(try line.total.money(currency).minorUnits), currency: currency)
            lines.append(
                RefundLine(orderLineID: LineID(line.orderLineID), quantity: try line.quantity.quantity().magnitude, total: total))
        }
        return OrderRefund(id: fields.id, amount: try fields.amount.money(currency).magnitude, lines: lines)
    }
}
