import Domain
import Foundation
import TestSupport

/// What all histories share: the plans of the shop, its zone, and when they begin.
enum HistoryWorld {
    /// START may be held against a deadline, VIDEO owes up to two credits, FLEX tops up.
    static let plans = [TestShop.startPlan, TestShop.proPlan, TestShop.videoPlan, TestShop.flexPlan]
    static let channels: [Channel] = [.email, .sms, .video]
    static let timeZone = "Europe/Ljubljana"
    /// Before the turn of the clocks in spring, so that histories cross both.
    static let start = Date(timeIntervalSince1970: 1_773_000_000)

    /// The plans as the shop of that id has them in `TestShop`.
    static func plans(of shop: ShopID) -> [Plan] {
        plans.enumerated().map { index, plan in
            var plan = plan
            plan.id = PlanID(Int64(index + 1) + shop.rawValue * 100)
            plan.shop = shop
            return plan
        }
    }

    static func model(shop: ShopID, pooling: Bool) -> LedgerModel {
        let zone = ShopZone(identifier: timeZone) ?? .utc
        return LedgerModel(now: start, zone: zone, plans: plans(of: shop), pooling: pooling)
    }
}

/// One history: everything follows from its seed and number.
struct History: Sendable {
    let seed: UInt64
    /// Names the customer and the orders, so that histories share a database.
    let number: Int
    let pooling: Bool
    var steps: [TimedStep]

    var email: String { History.email(number) }
    /// The shop's ids of its orders, at most nine.
    var firstOrder: Int64 { Int64(number) * 10 + 1 }
}
