/// Which order lines are a plan's: any of these SKUs, products or variations. SKUs are compared exactly.
public struct PlanMatch: Hashable, Codable, Sendable {
    public var skus: Set<String>
    public var productIDs: Set<Int64>
    public var variationIDs: Set<Int64>

    public init(skus: Set<String> = [], productIDs: Set<Int64> = [], variationIDs: Set<Int64> = []) {
        self.skus = skus
        self.productIDs = productIDs
        self.variationIDs = variationIDs
    }

    /// Everything the plan claims: variations, then products, then SKUs, each in order.
    public var keys: [MatchKey] {
        variationIDs.sorted().map(MatchKey.variation) + productIDs.sorted().map(MatchKey.product) + skus.sorted().map(MatchKey.sku)
    }
}

/// What a line was matched by. Remembered with the line, because the shop rewrites SKUs.
public enum MatchKey: Hashable, Codable, Sendable, CustomStringConvertible {
    case variation(Int64)
    case product(Int64)
    case sku(String)

    public var description: String {
        switch self {
        case .variation(let id): "variation \(id)"
        case .product(let id): "product \(id)"
        case .sku(let sku): "SKU \(sku)"
        }
    }
}
