/// A page of orders, and how many there are in all as the shop's headers claim.
struct OrderPage: Sendable {
    let documents: [[UInt8]]
    let total: Int
}
