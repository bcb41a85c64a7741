/// Which plan an order line buys.
public struct Matching: Hashable, Sendable {
    public let plan: Plan
    /// What the line was matched by.
    public let matchedBy: MatchKey

    /// The plan that claims the line by variation id, else by product id, else by SKU; nil when none does. Retired plans do not match.
    /// The caller hands in the plans of one shop, of which no two may claim the same (`PlanConflict`); else the lowest plan id wins.
    public static func match(_ line: OrderLine, plans: [Plan]) -> Matching? {
        let claiming = plans.filter { !$0.retired }.sorted { $0.id < $1.id }
        for key in keys(of: line) {
            if let plan = claiming.first(where: { $0.match.claims(key) }) { return Matching(plan: plan, matchedBy: key) }
        }
        return nil
    }

    /// A product or variation of 0 is none: every line of a deleted product has it.
    private static func keys(of line: OrderLine) -> [MatchKey] {
        var keys: [MatchKey] = []
        if line.variationID != 0 { keys.append(.variation(line.variationID)) }
        if line.productID != 0 { keys.append(.product(line.productID)) }
        if let sku = line.sku, !sku.isEmpty { keys.append(.sku(sku)) }
        return keys
    }
}

extension PlanMatch {
    /// True when the plan is for such lines.
    public func claims(_ key: MatchKey) -> Bool {
        switch key {
        case .variation(let id): variationIDs.contains(id)
        case .product(let id): productIDs.contains(id)
        case .sku(let sku): skus.contains(sku)
        }
    }
}
