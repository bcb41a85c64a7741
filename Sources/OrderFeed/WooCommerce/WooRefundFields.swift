import FoundationEssentials

/// The fields of one refund of `/orders/{id}/refunds` that are read. `amount` is positive, lines are negative.
struct WooRefundFields: Decodable {
    let id: Int64
    let amount: LooseNumber
    let lines: [WooRefundLineFields]

    enum CodingKeys: String, CodingKey {
        case id, amount
        case lines = "line_items"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.looseInteger(.id)
        amount = try fields.numberText(.amount)
        guard fields.contains(.lines) else { throw fields.wrong(.lines, expected: "a list") }
        lines = try fields.looseList(WooRefundLineFields.self, .lines)
    }
}

/// One line of a refund. Its own id is the refund's; the order line is named in `meta_data` as `_refunded_item_id`, a string.
struct WooRefundLineFields: Decodable {
    let orderLineID: Int64
    let quantity: LooseNumber
    let total: LooseNumber

    enum CodingKeys: String, CodingKey {
        case quantity, total
        case meta = "meta_data"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        guard let line = try fields.looseList(WooRefundedItemMeta.self, .meta).compactMap(\.orderLineID).first else {
            throw fields.wrong(.meta, expected: "a \(WooRefundedItemMeta.key) among its values")
        }
        orderLineID = line
        quantity = try fields.integerText(.quantity)
        total = try fields.numberText(.total)
    }
}

/// A row of `meta_data`. The value of any other key may be any JSON and is not looked at.
struct WooRefundedItemMeta: Decodable {
    static let key = "_refunded_item_id"

    let orderLineID: Int64?

    enum CodingKeys: String, CodingKey { case key, value }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        orderLineID = try fields.looseText(.key) == WooRefundedItemMeta.key ? try fields.looseInteger(.value) : nil
    }
}
