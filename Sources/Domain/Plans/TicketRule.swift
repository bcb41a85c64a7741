/// Where the credits of an order line go.
public enum TicketRule: String, Hashable, Codable, Sendable, CaseIterable {
    /// All such lines of one order share one new ticket.
    case new
    /// The customer's most recently opened ticket of the plan that is not closed, else a new one.
    case topUp = "top-up"
}
