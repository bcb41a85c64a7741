/// Where a grant's credits came from.
public enum GrantKind: String, Hashable, Codable, Sendable, CaseIterable {
    /// An order line; answers to the order's entitlement.
    case order
    /// A positive adjustment; entitled to all of it, for ever.
    case adjustment
    /// Credits of another ticket; answers to the order line they came from, when they came from one.
    case transfer
    /// The excess of a capture under a plan that allows overdraft; value 0, used at once, owed until settled.
    case overdraft

    /// The kind of entry that opens such a grant.
    public var openedBy: EntryKind {
        switch self {
        case .order: .grant
        case .adjustment: .adjustmentIn
        case .transfer: .transferIn
        case .overdraft: .overdraft
        }
    }
}
