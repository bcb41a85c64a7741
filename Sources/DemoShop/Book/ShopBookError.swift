/// What the shop refuses to do.
public enum ShopBookError: Error, Sendable, Equatable {
    case unknownOrder(Int)
    case unknownLine(Int)
    case unknownRefund(Int)
    case unknownSKU(String)
    /// Quantities start at 1 and amounts at 0.
    case outOfRange
    /// More than what is left of the order (WooCommerce answers 500 "Invalid refund amount").
    case refundTooHigh(leftCents: Int)
    /// The order is not in the trash.
    case notTrashed(Int)
    /// A document without a usable `id`, `status` or dates, or not JSON.
    case unreadableDocument
    /// The shop holds `ShopBook.ordersMax` orders.
    case full
}
