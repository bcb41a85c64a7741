/// Two plans of one shop that claim the same lines, so that nobody could say which one was bought.
public struct PlanConflict: Error, Hashable, Sendable, CustomStringConvertible {
    public let first: String
    public let second: String
    public let key: MatchKey

    public init(first: String, second: String, key: MatchKey) {
        self.first = first
        self.second = second
        self.key = key
    }

    public var description: String { "the plans \"\(first)\" and \"\(second)\" both match \(key); a line can be bound to one plan only" }

    /// The first conflict among the plans that are not retired, in the order given; nil when there is none.
    public static func find(in plans: [Plan]) -> PlanConflict? {
        var owners: [ShopID: [MatchKey: Plan]] = [:]
        for plan in plans where !plan.retired {
            for key in plan.match.keys {
                if let owner = owners[plan.shop]?[key], owner.id != plan.id {
                    return PlanConflict(first: owner.name, second: plan.name, key: key)
                }
                owners[plan.shop, default: [:]][key] = plan
            }
        }
        return nil
    }
}
