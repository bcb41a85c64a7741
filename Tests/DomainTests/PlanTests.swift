import Domain
import Testing

@Suite struct PlanTests {
    @Test("a line matches by variation, else by product, else by SKU")
    func precedence() throws {
        let bySKU = try startPlan(id: 1, match: PlanMatch(skus: ["SUP-FLEX-10"]))
        let byProduct = try startPlan(id: 2, match: PlanMatch(productIDs: [18]))
        let byVariation = try startPlan(id: 3, match: PlanMatch(variationIDs: [19]))
        var line = try orderLine(sku: "SUP-FLEX-10")
        line.productID = 18
        line.variationID = 19
        #expect(Matching.match(line, plans: [bySKU, byProduct, byVariation])?.matchedBy == .variation(19))
        #expect(Matching.match(line, plans: [bySKU, byProduct])?.matchedBy == .product(18))
        #expect(Matching.match(line, plans: [bySKU])?.matchedBy == .sku("SUP-FLEX-10"))
        #expect(Matching.match(line, plans: []) == nil)
    }

    @Test("nothing matches a deleted product's 0 or an empty SKU, and a retired plan matches nothing")
    func nothing() throws {
        let careless = try startPlan(match: PlanMatch(skus: [""], productIDs: [0], variationIDs: [0]))
        var line = try orderLine(sku: "")
        line.productID = 0
        #expect(Matching.match(line, plans: [careless]) == nil)
        var retired = try startPlan()
        retired.retired = true
        #expect(Matching.match(try orderLine(), plans: [retired]) == nil)
    }

    @Test("two plans that claim the same SKU are named with it")
    func conflict() throws {
        let first = try startPlan(id: 1)
        var second = try startPlan(id: 2)
        #expect(PlanConflict.find(in: [first, second]) == PlanConflict(first: "Plan 1", second: "Plan 2", key: .sku("SUP-START")))
        second.retired = true
        #expect(PlanConflict.find(in: [first, second]) == nil)
        second.retired = false
        second.shop = ShopID(2)
        #expect(PlanConflict.find(in: [first, second]) == nil)
    }

    @Test("a low mark is a number or a percentage of the last purchase")
    func lowMarks() throws {
        #expect(LowMark(text: "20%") == .percent(20) && LowMark(text: "2") == .count(2))
        for bad in ["", "%", "-1", "101%", "2.5", "+2", "1000001"] { #expect(LowMark(text: bad) == nil) }
        #expect(LowMark.percent(20).isReached(remaining: 1, purchased: 5) && !LowMark.percent(20).isReached(remaining: 2, purchased: 5))
        #expect(LowMark.count(2).isReached(remaining: 2, purchased: 5) && !LowMark.count(2).isReached(remaining: 3, purchased: 5))
    }

    @Test("the highest priority is critical")
    func priorities() { #expect(Priority.allCases.shuffled().max() == .critical && Priority.low < .normal) }
}
