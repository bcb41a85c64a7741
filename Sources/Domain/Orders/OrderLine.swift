/// One line of an order.
public struct OrderLine: Hashable, Sendable {
    public var id: LineID
    /// 0 when the product was deleted or the line never had one.
    public var productID: Int64
    /// 0 when the product has no variations.
    public var variationID: Int64
    /// Looked up live by the shop, so it may change under an old order; nil when absent or empty.
    public var sku: String?
    public var name: String
    public var quantity: Quantity
    /// After discounts, before tax. Refunds do not lower it.
    public var total: Money
    public var totalTax: Money

    public init(
        id: LineID, productID: Int64 = 0, variationID: Int64 = 0, sku: String? = nil, name: String = "", quantity: Quantity,
        total: Money, totalTax: Money
    ) {
        self.id = id
        self.productID = productID
        self.variationID = variationID
        self.sku = sku
        self.name = name
        self.quantity = quantity
        self.total = total
        self.totalTax = totalTax
    }
}
