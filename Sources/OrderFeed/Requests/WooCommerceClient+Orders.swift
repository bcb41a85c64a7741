import Domain
import FoundationEssentials

/// One order as it was read, with its bytes.
struct ReadOrder: Sendable {
    let raw: [UInt8]
    let order: Result<ShopOrder, OrderDocumentError>
    /// When the request was sent.
    let readAt: Date
}

/// One answer of the order list.
struct OrderPage: Sendable {
    let orders: [ReadOrder]
    /// How many orders fit the request, where the shop said so.
    let total: Int?
    /// More pages follow. By the shop's own count where it tells it, because orders that it cannot load are missing from a page.
    let hasMore: Bool
    /// For sentences.
    let shop: String
}

extension WooCommerceClient {
    /// WooCommerce lists no more at a time.
    static let pageMax = 100

    /// A page of `GET orders`. An answer that is no list is a failure, never an empty page.
    func orders(_ parameters: [(name: String, value: String)]) async throws -> OrderPage {
        let answer = try await get("wc/v3/orders", parameters)
        let body = try answer.checkedBody()
        let elements = try elements(body, answer)
        if let total = answer.total, total > 0, elements.isEmpty, !parameters.contains(where: { $0.name == "page" && $0.value != "1" }) {
            throw FeedFailure(.shortAnswer, "\(answer.shop) counts \(total) orders and sent none of them.")
        }
        let pages = answer.totalPages
        let page = parameters.first { $0.name == "page" }.flatMap { Int($0.value) } ?? 1
        return OrderPage(
            orders: elements.map { ReadOrder(raw: $0.raw, order: $0.order, readAt: answer.sentAt) }, total: answer.total,
            hasMore: pages.map { $0 > page && !elements.isEmpty } ?? (elements.count >= WooCommerceClient.pageMax), shop: answer.shop)
    }

    /// `GET orders/{id}`; nil when the shop says that there is no such order. Any other 404 is a failure.
    func order(_ id: OrderID) async throws -> ReadOrder? {
        let answer = try await get("wc/v3/orders/\(id)")
        if answer.status == 404, answer.error?.code == OrderDocumentError.orderGoneCode { return nil }
        let body = try answer.checkedBody()
        let order = Result { () throws(OrderDocumentError) in try WooOrderDocument.decode(body) }
        switch order {
        case .failure(.notJSON): throw WooCommerceClient.cutOff(answer, opening: "{")
        case .success(let order) where order.id != id:
            throw FeedFailure(.wrongShape, "\(answer.shop) answered with order \(order.id).")
        default: return ReadOrder(raw: body, order: order, readAt: answer.sentAt)
        }
    }

    /// `GET orders/{id}/refunds`, raw and read. `[]` is also what an order that does not exist has.
    func refunds(_ order: ShopOrder) async throws -> (raw: [UInt8], refunds: Result<[OrderRefund], OrderDocumentError>) {
        let answer = try await get("wc/v3/orders/\(order.id)/refunds", [("per_page", String(WooCommerceClient.pageMax))])
        let body = try answer.checkedBody()
        let refunds = Result { () throws(OrderDocumentError) in try WooOrderDocument.decodeRefunds(body, currency: order.currency) }
        if case .failure(.notJSON) = refunds { throw WooCommerceClient.cutOff(answer, opening: "[") }
        return (body, refunds)
    }

    private func elements(_ body: [UInt8], _ answer: ShopAnswer) throws(FeedFailure) -> [WooOrderDocument.Element] {
        do throws(OrderDocumentError) {
            return try WooOrderDocument.decodeList(body)
        } catch .notJSON {
            throw WooCommerceClient.cutOff(answer, opening: "[")
        } catch {
            throw FeedFailure(.wrongShape, "\(answer.shop) answered with JSON that is no list of orders: \(error).")
        }
    }

    /// What begins like the right answer and does not end is cut off; anything else is not JSON at all.
    private static func cutOff(_ answer: ShopAnswer, opening: Unicode.Scalar) -> FeedFailure {
        answer.body.first { $0 > 0x20 } == UInt8(ascii: opening)
            ? FeedFailure(.cutOff, "\(answer.shop) sent only a part of its answer (\(answer.body.count) bytes that end too early).")
            : FeedFailure(.notJSON, "\(answer.shop) answered with something that is not JSON.")
    }
}
