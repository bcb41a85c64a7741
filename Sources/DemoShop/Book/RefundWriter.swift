/// Writes refund documents as `/orders/{id}/refunds` shows them: negative quantities and totals, and the line they are of in
/// `_refunded_item_id`, a string.
struct RefundWriter {
    /// A refund's lines and what they come to.
    struct Lines {
        var documents: [JSONValue] = []
        var netCents = 0
        var taxCents = 0
        var grossCents: Int { netCents + taxCents }
    }

    let writer: OrderWriter
    private var settings: BookSettings { writer.settings }

    init(writer: OrderWriter) { self.writer = writer }

    /// The lines given back; ids are drawn from `nextID`. Throws `unknownLine`.
    func lines(
        _ refunds: [RefundRequest.LineRefund], of order: JSONValue, nextID: inout Int
    ) throws(ShopBookError) -> Lines {
        var result = Lines()
        for refund in refunds {
            guard refund.quantity >= 0, (refund.netCents ?? 0) >= 0 else { throw .outOfRange }
            guard let line = order["line_items"]?.items.first(where: { $0["id"]?.whole == refund.line }) else {
                throw .unknownLine(refund.line)
            }
            let ordered = line["quantity"]?.whole ?? 1
            let net = refund.netCents ?? ShopMoney.share(ShopMoney.cents(line["total"]?.text), refund.quantity, of: ordered)
            let tax = refund.netCents == nil ? ShopMoney.share(ShopMoney.cents(line["total_tax"]?.text), refund.quantity, of: ordered) : 0
            result.documents.append(document(of: line, refund: refund, net: net, tax: tax, id: nextID))
            result.netCents += net
            result.taxCents += tax
            nextID += 1
        }
        return result
    }

    /// The refund itself; `isFull` when nothing is left of the order.
    func document(
        id: Int, order: Int, amountCents: Int, reason: String, lines: Lines, isFull: Bool, at now: Int, metaID: Int
    ) -> JSONValue {
        let kind = JSONValue.members(["id": .int(metaID), "key": .string("_refund_type"), "value": .string(isFull ? "full" : "partial")])
        let taxLines = lines.taxCents == 0 ? [] : [writer.taxLine(id: metaID + 1, cents: -lines.taxCents)]
        return .members([
            "id": .int(id), "date_created": .string(settings.calendar.local(now)), "date_created_gmt": .string(ShopCalendar.gmt(now)),
            "amount": .string(ShopMoney.text(amountCents)), "reason": .string(reason), "refunded_by": .int(1),
            "refunded_payment": .bool(false), "meta_data": .array([kind]), "line_items": .array(lines.documents),
            "shipping_lines": .array([]), "tax_lines": .array(taxLines), "fee_lines": .array([]),
            "_links": .members([
                "self": settings.link("/\(order)/refunds/\(id)", allow: ["GET", "DELETE"]),
                "collection": settings.link("/\(order)/refunds"), "up": settings.link("/\(order)"),
            ]),
        ])
    }

    private func document(of line: JSONValue, refund: RefundRequest.LineRefund, net: Int, tax: Int, id: Int) -> JSONValue {
        var copy = line
        copy["id"] = .int(id)
        copy["quantity"] = .int(-refund.quantity)
        for field in ["subtotal", "total"] {
            copy[field] = .string(ShopMoney.text(-net))
            copy[field + "_tax"] = .string(ShopMoney.text(-tax))
        }
        copy["taxes"] = writer.taxes(ShopMoney.text(-tax))
        let item = writer.metaValue(id: id * 10 + 8, key: "_refunded_item_id", label: "_refunded_item_id", value: String(refund.line))
        copy["meta_data"] = .array((line["meta_data"]?.items ?? []) + [item])
        copy["price"] = ShopMoney.price(net, per: refund.quantity)
        return copy
    }
}
