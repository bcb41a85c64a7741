/// Something that happened in a living shop; the numbers are order ids, for a refund its own.
public enum ShopHappening: Sendable, Equatable {
    case sold(Int)
    case ordered(Int)
    case paid(Int)
    case lineRefunded(Int)
    case amountRefunded(Int)
    case refundDeleted(Int)
    case cancelled(Int)
    case revived(Int)
    case trashed(Int)
}
