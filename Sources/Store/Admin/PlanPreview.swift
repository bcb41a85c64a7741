import Domain
import FoundationEssentials

/// Which recent orders a plan would match if they were seen for the first time now. (A line stays with the plan that first matched it.)
public struct PlanPreview: Sendable {
    public struct Match: Sendable, Hashable {
        public let order: OrderID
        public let number: String
        public let status: String
        public let createdAt: Date
        /// As the shop names the product.
        public let product: String
        public let matchedBy: MatchKey
    }

    public let plan: Plan
    /// The newest first, `Store.previewMatchesMax` at most.
    public fileprivate(set) var matches: [Match] = []
    /// Orders with a line that it would match.
    public fileprivate(set) var orderCount = 0

    init(plan: Plan) { self.plan = plan }

    /// What the orders' lines would match, plan by plan.
    static func all(_ plans: [Plan], orders: [StoredDocument]) -> (previews: [PlanPreview], unreadable: Int) {
        let inForce = plans.filter { !$0.retired }
        var previews = Dictionary(uniqueKeysWithValues: plans.map { ($0.id, PlanPreview(plan: $0)) })
        var unreadable = 0
        for order in orders {
            guard let lines = StoredLines.read(order) else {
                unreadable += 1
                continue
            }
            var met: Set<PlanID> = []
            for line in lines {
                guard let matching = Matching.match(line, plans: inForce) else { continue }
                previews[matching.plan.id]?.add(order, line, matching, isNewOrder: met.insert(matching.plan.id).inserted)
            }
        }
        return (plans.compactMap { previews[$0.id] }, unreadable)
    }

    private mutating func add(_ order: StoredDocument, _ line: OrderLine, _ matching: Matching, isNewOrder: Bool) {
        if isNewOrder { orderCount += 1 }
        guard matches.count < Store.previewMatchesMax else { return }
        matches.append(
            Match(
                order: order.order, number: order.number, status: order.status, createdAt: order.createdAt, product: line.name,
                matchedBy: matching.matchedBy))
    }
}

/// The lines of a stored document, as far as matching needs them. Numbers may be written as texts.
private struct StoredLines: Decodable {
    struct Number: Decodable {
        let value: Int64

        init(from decoder: any Decoder) throws {
            let field = try decoder.singleValueContainer()
            value = (try? field.decode(Int64.self)) ?? (try? field.decode(String.self)).flatMap { Int64($0) } ?? 0
        }
    }
    struct Line: Decodable {
        let id: Number?
        let product_id: Number?
        let variation_id: Number?
        let sku: String?
        let name: String?
    }
    let line_items: [Line]

    /// Nil for a document that cannot be read.
    static func read(_ document: StoredDocument) -> [OrderLine]? {
        guard let stored = try? JSONDecoder().decode(StoredLines.self, from: Data(document.payload.utf8)),
            let currency = Currency(document.currency)
        else { return nil }
        return stored.line_items.map { line in
            OrderLine(
                id: LineID(line.id?.value ?? 0), productID: line.product_id?.value ?? 0, variationID: line.variation_id?.value ?? 0,
                sku: line.sku, name: line.name ?? "", quantity: .zero, total: .zero(currency), totalTax: .zero(currency))
        }
    }
}
