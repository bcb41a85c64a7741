import Domain

/// A plan as a file describes it. Checked for its shape; the store checks it against the shop.
public struct PlanDraft: Sendable {
    /// The slug of its shop.
    public var shop: String
    /// Where it stands in the file (`plans[0]`): refusals name it.
    public var path: String
    /// Its ids and version do not count.
    public var plan: Plan

    public init(shop: String, path: String, plan: Plan) {
        self.shop = shop
        self.path = path
        self.plan = plan
    }
}

/// What an import did with one plan.
public struct PlanOutcome: Sendable, Hashable {
    public enum Change: String, Sendable { case added, changed, unchanged, revived }

    public let shop: String
    public let plan: Plan
    public let change: Change
}

/// Why a plan file was refused as a whole: where, and what would be right.
public struct PlanRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    public let path: String
    public let expected: String

    public init(path: String, expected: String) {
        self.path = path
        self.expected = expected
    }

    public var description: String { "\(path): \(expected)" }
}

/// The bounds of a plan, in one place.
public enum PlanCheck {
    public static let nameMax = 200
    public static let keysMax = 1000
    public static let validDaysMax = 36_500
    public static let priceMax: Int64 = 1_000_000_000
    public static let urlMax = 2000

    static func refusal(_ draft: PlanDraft, in shop: Shop) -> PlanRefusal? {
        let plan = draft.plan
        func wrong(_ field: String, _ expected: String) -> PlanRefusal { PlanRefusal(path: "\(draft.path).\(field)", expected: expected) }
        guard Texts.refusal(plan.name, field: "name", max: nameMax) == nil else { return wrong("name", "expected 1 to \(nameMax) characters") }
        guard (1...keysMax).contains(plan.match.keys.count) else {
            return wrong("match", "expected 1 to \(keysMax) of sku, product_id and variation_id")
        }
        guard plan.credits.values.contains(where: { $0 > .zero }) else { return wrong("credits", "expected at least one credit") }
        let known = shop.channels.map(\.rawValue).joined(separator: ", ")
        for (field, channels) in named(plan) {
            for channel in channels where shop.rules[channel] == nil {
                return wrong("\(field).\(channel)", "expected one of \(known), found \"\(channel)\"; a channel is added with `supportmeter channel add`")
            }
        }
        for channel in plan.prices.keys.sorted() where plan.credits[channel] == nil {
            return wrong("prices.\(channel)", "expected a channel that the plan's credits name")
        }
        return nil
    }

    private static func named(_ plan: Plan) -> [(String, [Channel])] {
        var named = [("credits", plan.channels), ("prices", plan.prices.keys.sorted())]
        if case .byChannel(let marks) = plan.low { named.append(("low", marks.keys.sorted())) }
        return named
    }
}
