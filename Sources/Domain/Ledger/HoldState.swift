/// Where a hold stands. `held` is left exactly once, for one of the three others.
public enum HoldState: String, Hashable, Codable, Sendable, CaseIterable {
    case held, captured, released, lapsed

    public var isEnded: Bool { self != .held }
}
