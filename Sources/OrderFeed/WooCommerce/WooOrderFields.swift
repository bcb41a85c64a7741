import FoundationEssentials

/// The fields of WooCommerce's order document that are read; everything else in it is kept raw and ignored here.
/// Fields that only newer versions have are not asked for.
struct WooOrderFields: Decodable {
    let id: Int64
    let number: String
    let status: String
    let currency: String
    let total: LooseNumber
    let createdAt: Date?
    let modifiedAt: Date?
    let paidAt: Date?
    let completedAt: Date?
    let customerID: Int64
    let billing: WooBillingFields?
    let lines: [WooLineFields]
    let refunds: [WooRefundSummaryFields]

    enum CodingKeys: String, CodingKey {
        case id, number, status, currency, total, billing, refunds
        case createdAt = "date_created_gmt"
        case modifiedAt = "date_modified_gmt"
        case paidAt = "date_paid_gmt"
        case completedAt = "date_completed_gmt"
        case customerID = "customer_id"
        case lines = "line_items"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.looseInteger(.id)
        number = try fields.looseText(.number)
        status = try fields.looseText(.status)
        guard !status.isEmpty else { throw fields.wrong(.status, expected: "a status") }
        currency = try fields.looseText(.currency)
        total = try fields.numberText(.total)
        createdAt = try fields.gmt(.createdAt)
        modifiedAt = try fields.gmt(.modifiedAt)
        guard createdAt != nil || modifiedAt != nil else { throw fields.wrong(.createdAt, expected: "a GMT time") }
        paidAt = try fields.gmt(.paidAt)
        completedAt = try fields.gmt(.completedAt)
        customerID = try fields.looseIntegerOrZero(.customerID)
        billing = try? fields.decodeIfPresent(WooBillingFields.self, forKey: .billing)
        guard fields.contains(.lines) else { throw fields.wrong(.lines, expected: "a list") }
        lines = try fields.looseList(WooLineFields.self, .lines)
        refunds = try fields.looseList(WooRefundSummaryFields.self, .refunds)
    }
}

/// Who ordered, as typed.
struct WooBillingFields: Decodable {
    let name: String
    let email: String
    let phone: String

    enum CodingKeys: String, CodingKey {
        case firstName = "first_name"
        case lastName = "last_name"
        case email, phone
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        name = [try fields.looseText(.firstName), try fields.looseText(.lastName)].filter { !$0.isEmpty }.joined(separator: " ")
        email = try fields.looseText(.email)
        phone = try fields.looseText(.phone)
    }
}

struct WooLineFields: Decodable {
    let id: Int64
    let productID: Int64
    let variationID: Int64
    let sku: String
    let name: String
    let quantity: LooseNumber
    let total: LooseNumber
    let totalTax: LooseNumber?

    enum CodingKeys: String, CodingKey {
        case id, sku, name, quantity, total
        case productID = "product_id"
        case variationID = "variation_id"
        case totalTax = "total_tax"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.looseInteger(.id)
        productID = try fields.looseIntegerOrZero(.productID)
        variationID = try fields.looseIntegerOrZero(.variationID)
        sku = try fields.looseText(.sku)
        name = try fields.looseText(.name)
        quantity = try fields.integerText(.quantity)
        total = try fields.numberText(.total)
        totalTax = try fields.looseText(.totalTax).isEmpty ? nil : fields.numberText(.totalTax)
    }
}

/// A refund as the order itself tells it: `total` is negative, possibly `"-0.00"`, and there are no lines.
struct WooRefundSummaryFields: Decodable {
    let id: Int64
    let total: LooseNumber

    enum CodingKeys: String, CodingKey { case id, total }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.looseInteger(.id)
        total = try fields.numberText(.total)
    }
}
