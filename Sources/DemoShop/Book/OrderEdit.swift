/// Changes an order document in place, also a recorded one, leaving every member it does not concern as it was.
struct OrderEdit {
    var document: JSONValue
    let writer: OrderWriter

    var status: String { document["status"]?.text ?? "" }
    var totalCents: Int { ShopMoney.cents(document["total"]?.text) }
    /// A positive amount: what refunds have given back so far.
    var refundedCents: Int {
        (document["refunds"]?.items ?? []).reduce(0) { $0 + abs(ShopMoney.cents($1["total"]?.text)) }
    }

    private var settings: BookSettings { writer.settings }

    /// Sets the status and what WooCommerce sets with it: `date_paid` once, `date_completed` each time.
    mutating func setStatus(_ status: String, at now: Int) {
        if OrderStatus.isPaid(status), (document["date_paid_gmt"] ?? .null) == .null { setDate("date_paid", now) }
        if status == "completed", self.status != status { setDate("date_completed", now) }
        document["status"] = .string(status)
        document["is_editable"] = .bool(OrderStatus.isEditable(status))
        document["needs_payment"] = .bool(OrderStatus.needsPayment(status) && totalCents > 0)
    }

    mutating func setModified(_ now: Int) { setDate("date_modified", now) }

    /// Remembers in the order's meta what it was before the trash, as WordPress does.
    mutating func rememberTrashing(of status: String, at now: Int, metaID: Int) {
        let kept = (document["meta_data"]?.items ?? []).filter { $0["key"]?.text?.hasPrefix("_wp_trash") != true }
        let trashing: [JSONValue] = [
            .members(["id": .int(metaID), "key": .string("_wp_trash_meta_status"), "value": .string("wc-" + status)]),
            .members(["id": .int(metaID + 1), "key": .string("_wp_trash_meta_time"), "value": .string(String(now))]),
        ]
        document["meta_data"] = .array(trashing + kept)
    }

    /// The status before the trash, and forgets it.
    mutating func takeStatusBeforeTrash() -> String? {
        let meta = document["meta_data"]?.items ?? []
        let status = meta.first { $0["key"]?.text == "_wp_trash_meta_status" }?["value"]?.text
        document["meta_data"] = .array(meta.filter { $0["key"]?.text?.hasPrefix("_wp_trash") != true })
        return status.map { $0.hasPrefix("wc-") ? String($0.dropFirst(3)) : $0 }
    }

    /// Gives a line another quantity at its unit price, 0 takes it out, and sums up the order again. False when there is no such line.
    mutating func setQuantity(line id: Int, to quantity: Int) -> Bool {
        var lines = document["line_items"]?.items ?? []
        guard let place = lines.firstIndex(where: { $0["id"]?.whole == id }) else { return false }
        if quantity == 0 {
            lines.remove(at: place)
        } else {
            let ordered = max(1, lines[place]["quantity"]?.whole ?? 1)
            for field in ["subtotal", "total"] {
                let net = ShopMoney.share(ShopMoney.cents(lines[place][field]?.text), quantity, of: ordered)
                lines[place][field] = .string(ShopMoney.text(net))
                lines[place][field + "_tax"] = .string(ShopMoney.text(ShopMoney.tax(net)))
            }
            lines[place]["quantity"] = .int(quantity)
            lines[place]["taxes"] = writer.taxes(lines[place]["total_tax"]?.text ?? "0.00")
        }
        document["line_items"] = .array(lines)
        sumUp(lines)
        return true
    }

    mutating func addRefund(_ refund: JSONValue, taxCents: Int) {
        var entry = JSONValue.members([
            "id": refund["id"] ?? .int(0), "reason": refund["reason"] ?? .string(""),
            "total": .string(ShopMoney.negative(ShopMoney.cents(refund["amount"]?.text))),
        ])
        if !settings.olderVersion { entry["total_tax"] = .string(taxCents == 0 ? "0.00" : ShopMoney.negative(taxCents)) }
        document["refunds"] = .array((document["refunds"]?.items ?? []) + [entry])
    }

    mutating func removeRefund(_ id: Int) {
        document["refunds"] = .array((document["refunds"]?.items ?? []).filter { $0["id"]?.whole != id })
    }

    /// Rewrites the SKU of every line of that product or variation, as the live look-up does; true when a line changed.
    static func renameSKU(in document: inout JSONValue, product: Int, variation: Int, to sku: String) -> Bool {
        var renamed = false
        let lines = (document["line_items"]?.items ?? []).map { line in
            guard line["product_id"]?.whole == product, line["variation_id"]?.whole == variation else { return line }
            var line = line
            line["sku"] = .string(sku)
            renamed = true
            return line
        }
        if renamed { document["line_items"] = .array(lines) }
        return renamed
    }

    private mutating func setDate(_ name: String, _ now: Int) {
        document[name] = .string(settings.calendar.local(now))
        document[name + "_gmt"] = .string(ShopCalendar.gmt(now))
    }

    private mutating func sumUp(_ lines: [JSONValue]) {
        let net = lines.reduce(0) { $0 + ShopMoney.cents($1["total"]?.text) }
        let tax = lines.reduce(0) { $0 + ShopMoney.cents($1["total_tax"]?.text) }
        document["cart_tax"] = .string(ShopMoney.text(tax))
        document["total"] = .string(ShopMoney.text(net + tax))
        document["total_tax"] = .string(ShopMoney.text(tax))
        guard var taxLine = document["tax_lines"]?.items.first else { return }
        taxLine["tax_total"] = .string(ShopMoney.text(tax))
        document["tax_lines"] = .array([taxLine])
    }
}
