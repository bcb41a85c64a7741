/// How urgent a ticket is. The highest of an order's lines wins.
public enum Priority: String, Hashable, Comparable, Codable, Sendable, CaseIterable {
    case low, normal, high, critical

    public static func < (left: Priority, right: Priority) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .low: 0
        case .normal: 1
        case .high: 2
        case .critical: 3
        }
    }
}
