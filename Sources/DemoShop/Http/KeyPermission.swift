/// What the shop's consumer key may do.
public enum KeyPermission: Sendable {
    case read
    /// Reading is 401 "does not have read permissions".
    case writeOnly
    /// The key belongs to a customer: 403.
    case ofCustomer
}
