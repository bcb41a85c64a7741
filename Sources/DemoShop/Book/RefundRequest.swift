/// What a refund gives back.
public enum RefundRequest: Sendable, Equatable {
    /// By line; an empty list is refused.
    case lines([LineRefund])
    /// An amount in cents, tax included, that names no line.
    case amount(cents: Int)
    /// All that is left, by amount, as setting the status `refunded` by hand does.
    case rest

    /// One line's part of a refund.
    public struct LineRefund: Sendable, Equatable {
        public let line: Int
        /// From 0: a refund of money on a line may leave its quantity alone.
        public let quantity: Int
        /// Net cents; nil is the quantity's share of the line, with its tax. 0 gives back credits but no money.
        public let netCents: Int?

        public init(line: Int, quantity: Int, netCents: Int? = nil) {
            self.line = line
            self.quantity = quantity
            self.netCents = netCents
        }
    }
}
