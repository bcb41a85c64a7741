/// What a customer puts in the cart: a SKU and how many of it.
public struct CartLine: Sendable, Equatable {
    public let sku: String
    public let quantity: Int

    /// `quantity` from 1.
    public init(_ sku: String, quantity: Int = 1) {
        self.sku = sku
        self.quantity = quantity
    }
}
