/// Writes order documents field for field as the recorded shop does (`woocommerce/rest/scenario`).
struct OrderWriter: Sendable {
    let settings: BookSettings

    func document(_ draft: OrderDraft) -> JSONValue {
        let nets = draft.lines.map { $0.product.priceCents * $0.quantity }
        let tax = nets.map(ShopMoney.tax).reduce(0, +)
        let total = nets.reduce(0, +) + tax
        var fields = head(draft, total: total, tax: tax)
        fields += people(draft.person)
        fields += details(draft)
        fields += [
            JSONMember(name: "line_items", value: .array(draft.lines.map(line))),
            JSONMember(name: "tax_lines", value: .array(tax == 0 ? [] : [taxLine(id: draft.taxLineID, cents: tax)])),
        ]
        fields += ["shipping_lines", "fee_lines", "coupon_lines", "refunds"].map { JSONMember(name: $0, value: .array([])) }
        fields += tail(draft, total: total)
        return .object(fields)
    }

    func line(_ line: OrderDraft.Line) -> JSONValue {
        let product = line.product
        let net = product.priceCents * line.quantity
        var meta: [JSONValue] = []
        if let option = product.parent?.option {
            meta = [metaValue(id: line.id * 10 + 7, key: "paket", label: "Paket", value: option)]
        }
        return lineDocument(
            id: line.id, product: product, quantity: line.quantity, net: ShopMoney.text(net), tax: ShopMoney.text(ShopMoney.tax(net)),
            meta: meta, price: ShopMoney.price(product.priceCents, per: 1))
    }

    func metaValue(id: Int, key: String, label: String, value: String) -> JSONValue {
        .members([
            "id": .int(id), "key": .string(key), "value": .string(value), "display_key": .string(label), "display_value": .string(value),
        ])
    }

    func taxLine(id: Int, cents: Int) -> JSONValue {
        .members([
            "id": .int(id), "rate_code": .string("SI-DDV-1"), "rate_id": .int(1), "label": .string("DDV"), "compound": .bool(false),
            "tax_total": .string(ShopMoney.text(cents)), "shipping_tax_total": .string("0.00"),
            "rate_percent": .int(ShopMoney.taxPercent), "meta_data": .array([]),
        ])
    }

    func taxes(_ tax: String) -> JSONValue {
        .array(ShopMoney.cents(tax) == 0 ? [] : [.members(["id": .int(1), "total": .string(tax), "subtotal": .string(tax)])])
    }

    private func lineDocument(
        id: Int, product: ShopProduct, quantity: Int, net: String, tax: String, meta: [JSONValue], price: JSONValue
    ) -> JSONValue {
        var line = JSONValue.members([
            "id": .int(id), "name": .string(product.lineName), "product_id": .int(product.productID),
            "variation_id": .int(product.variationID), "quantity": .int(quantity), "tax_class": .string(""),
            "subtotal": .string(net), "subtotal_tax": .string(tax), "total": .string(net), "total_tax": .string(tax),
            "taxes": taxes(tax), "meta_data": .array(meta), "sku": .string(product.sku),
        ])
        if !settings.olderVersion { line["global_unique_id"] = .string("") }
        line["price"] = price
        line["image"] = .members(["id": product.parent == nil ? .string("") : .int(0), "src": .string("")])
        line["parent_name"] = product.parent.map { .string($0.name) } ?? .null
        return line
    }

    private func head(_ draft: OrderDraft, total: Int, tax: Int) -> [JSONMember] {
        let zero = JSONValue.string("0.00")
        return members([
            "id": .int(draft.id), "parent_id": .int(0), "status": .string(draft.status), "currency": .string(settings.currency),
            "version": .string(settings.version), "prices_include_tax": .bool(false),
            "date_created": .string(settings.calendar.local(draft.created)),
            "date_modified": .string(settings.calendar.local(draft.modified)),
            "discount_total": zero, "discount_tax": zero, "shipping_total": zero, "shipping_tax": zero,
            "cart_tax": .string(ShopMoney.text(tax)), "total": .string(ShopMoney.text(total)), "total_tax": .string(ShopMoney.text(tax)),
            "customer_id": .int(draft.person.customerID), "order_key": .string(draft.key),
        ])
    }

    private func people(_ person: ShopPerson) -> [JSONMember] {
        var shipping = JSONValue.members([
            "first_name": .string(person.firstName), "last_name": .string(person.lastName), "company": .string(person.company),
            "address_1": .string(person.street), "address_2": .string(""), "city": .string(person.city), "state": .string(""),
            "postcode": .string(person.postcode), "country": .string(person.country),
        ])
        var billing = shipping
        billing["email"] = .string(person.email)
        billing["phone"] = .string(person.phone)
        shipping["phone"] = .string(person.phone)
        return members(["billing": billing, "shipping": shipping])
    }

    private func details(_ draft: OrderDraft) -> [JSONMember] {
        members([
            "payment_method": .string("bacs"), "payment_method_title": .string("Direct bank transfer"), "transaction_id": .string(""),
            "customer_ip_address": .string("127.0.0.1"), "customer_user_agent": .string("Mozilla/5.0 (demo)"),
            "created_via": .string("checkout"), "customer_note": .string(draft.note),
            "date_completed": local(draft.completed), "date_paid": local(draft.paid), "cart_hash": .string(""),
            "number": .string(String(draft.id)), "meta_data": .array([]),
        ])
    }

    private func tail(_ draft: OrderDraft, total: Int) -> [JSONMember] {
        let payment = "\(settings.siteURL)/checkout/order-pay/\(draft.id)/?pay_for_order=true&key=\(draft.key)"
        return members([
            "payment_url": .string(payment), "is_editable": .bool(OrderStatus.isEditable(draft.status)),
            "needs_payment": .bool(OrderStatus.needsPayment(draft.status) && total > 0), "needs_processing": .bool(true),
            "date_created_gmt": .string(ShopCalendar.gmt(draft.created)), "date_modified_gmt": .string(ShopCalendar.gmt(draft.modified)),
            "date_completed_gmt": gmt(draft.completed), "date_paid_gmt": gmt(draft.paid),
            "currency_symbol": .string(settings.currency == "EUR" ? "€" : settings.currency), "_links": links(draft),
        ])
    }

    private func links(_ draft: OrderDraft) -> JSONValue {
        var links = JSONValue.members([
            "self": settings.link("/\(draft.id)", allow: ["GET", "POST", "PUT", "PATCH", "DELETE"]), "collection": settings.link(""),
        ])
        if !settings.olderVersion {
            let href = "\(settings.ordersURL)/\(draft.id)/actions/email_templates"
            links["email_templates"] = .array([.members(["embeddable": .bool(true), "href": .string(href)])])
        }
        if draft.person.customerID > 0 {
            let href = "\(settings.siteURL)/wp-json/wc/v3/customers/\(draft.person.customerID)"
            links["customer"] = .array([.members(["href": .string(href)])])
        }
        return links
    }

    private func local(_ seconds: Int?) -> JSONValue { seconds.map { .string(settings.calendar.local($0)) } ?? .null }
    private func gmt(_ seconds: Int?) -> JSONValue { seconds.map { .string(ShopCalendar.gmt($0)) } ?? .null }

    private func members(_ pairs: KeyValuePairs<String, JSONValue>) -> [JSONMember] {
        pairs.map { JSONMember(name: $0.key, value: $0.value) }
    }
}
