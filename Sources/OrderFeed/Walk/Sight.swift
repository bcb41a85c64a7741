import Domain
import FoundationEssentials
import Store

/// What came of looking at one document.
enum Sight: Sendable {
    case seen(SeenOrder)
    case rejected(RejectedDocument)
}

extension FeedPage {
    mutating func add(_ sight: Sight) {
        switch sight {
        case .seen(let order): orders.append(order)
        case .rejected(let document): rejected.append(document)
        }
    }
}

extension ShopOrder {
    /// Without NUL in its texts, which JSON can hold and PostgreSQL cannot.
    var storable: ShopOrder {
        var order = self
        order.number = RawText.storable(number)
        order.status = RawText.storable(status)
        order.email = RawText.storable(email)
        order.billingName = RawText.storable(billingName)
        order.phone = RawText.storable(phone)
        for index in order.lines.indices {
            order.lines[index].name = RawText.storable(lines[index].name)
            order.lines[index].sku = lines[index].sku.map(RawText.storable)
        }
        return order
    }
}

extension SeenOrder {
    /// From a document's bytes.
    init(_ order: ShopOrder, raw: [UInt8], refunds: [UInt8]?, seenAt: Date, source: OrderSource) {
        self.init(
            order: order.storable, payload: RawText.storable(raw), refunds: refunds.map { RawText.storable($0) }, seenAt: seenAt, source: source)
    }
}

/// The little that is read of a document that could not be understood.
enum DocumentGlimpse {
    private struct Fields: Decodable {
        let modified: String?

        enum CodingKeys: String, CodingKey { case modified = "date_modified_gmt" }

        init(from decoder: any Decoder) throws {
            modified = try? decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .modified)
        }
    }

    static func order(_ raw: [UInt8]) -> OrderID? { try? WooOrderDocument.decodeID(raw) }

    static func modifiedAt(_ raw: [UInt8]) -> Date? {
        guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(raw)) else { return nil }
        return fields.modified.flatMap(WooDate.parse)
    }
}

extension ReadOrder {
    /// Also of an order that was not understood, so that it does not hold up the walk.
    var modifiedAt: Date? {
        switch order {
        case .success(let order): order.modifiedAt
        case .failure: DocumentGlimpse.modifiedAt(raw)
        }
    }

    var id: OrderID? {
        switch order {
        case .success(let order): order.id
        case .failure: DocumentGlimpse.order(raw)
        }
    }
}
