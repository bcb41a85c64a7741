import Domain
import Testing

@Suite struct EntitlementTests {
    /// E-mail credits and the value of the whole line, for one line under the plan with 5 e-mails, 5 SMS and 1 call.
    private func evaluate(_ order: ShopOrder, _ statuses: StatusRules = .standard) throws -> (credits: [Int64], value: Int64) {
        let entitlement = Entitlement.evaluate(order: order, bindings: [LineID(1): try startPlan()], statuses: statuses)
        let channels = try unwrap(entitlement.lines.first).channels
        return (channels.map(\.credits.value), channels.reduce(0) { $0 + $1.value.minorUnits })
    }

    @Test(
        "a paying line entitles to quantity times the plan, rounded down",
        arguments: [
            ("1", [5, 5, 1]), ("3", [15, 15, 3]), ("1.5", [7, 7, 1]), ("0.199999", [0, 0, 0]), ("0.2", [1, 1, 0]), ("0", [0, 0, 0]),
            ("-1", [0, 0, 0]),
        ])
    func quantity(text: String, credits: [Int64]) throws {
        #expect(try evaluate(order(lines: [orderLine(quantity: text)])).credits == credits)
    }

    @Test("only paying statuses entitle, and refunded and trash never do")
    func statuses() throws {
        let all = StatusRules(paying: ["processing", "completed", "refunded", "trash", "delivered"], named: ["shipped"])
        let expected: [(String, OrderUsability)] = [
            ("processing", .entitled), ("completed", .entitled), ("delivered", .entitled), ("pending", .notUsableYet),
            ("on-hold", .notUsableYet),
            ("checkout-draft", .notUsableYet), ("cancelled", .ended), ("failed", .ended), ("refunded", .ended), ("trash", .ended),
            ("shipped", .ended), ("odd", .unknownStatus("odd")),
        ]
        for (status, usability) in expected {
            let order = try order(status: status, lines: [orderLine()])
            #expect(all.usability(of: status) == usability)
            #expect(try evaluate(order, all).credits.contains { $0 > 0 } == (usability == .entitled))
        }
    }

    @Test("a refund of the line's quantity takes its credits, whatever amount went with it")
    func byQuantity() throws {
        let line = try orderLine(quantity: "3", cents: 14700)
        #expect(try evaluate(order(lines: [line], refunds: [refund(5978, line: 1, quantity: "1", net: 4900)])).credits == [10, 10, 2])
        #expect(try evaluate(order(lines: [line], refunds: [refund(0, line: 1, quantity: "1", net: 0)])).credits == [10, 10, 2])
        #expect(try evaluate(order(lines: [line], refunds: [refund(0, line: 1, quantity: "9", net: 0)])).credits == [0, 0, 0])
    }

    @Test("a refund by amount lowers the value, not the credits, until all of it is refunded")
    func byAmount() throws {
        let line = try orderLine(quantity: "2", cents: 9800)
        let part = try evaluate(order(lines: [line], total: 11956, refunds: [refund(500, line: 1, net: 500)]))
        #expect(part.credits == [10, 10, 2] && part.value == 9300)
        #expect(try evaluate(order(lines: [line], total: 11956, refunds: [refund(9799, line: 1, net: 9799)])).credits == [10, 10, 2])
        #expect(try evaluate(order(lines: [line], total: 11956, refunds: [refund(9800, line: 1, net: 9800)])).credits == [0, 0, 0])
        let whole = try evaluate(order(lines: [line], total: 11956, refunds: [refund(5978)]))
        #expect(whole.credits == [10, 10, 2] && whole.value == 4900)
        #expect(try evaluate(order(lines: [line], total: 11956, refunds: [refund(5978), refund(5978)])).credits == [0, 0, 0])
        #expect(try evaluate(order(lines: [line], total: 11956, refunds: [refund(11955)])).credits == [10, 10, 2])
    }

    @Test("a total of 0 is never refunded by amount")
    func freeOrders() throws {
        let free = try orderLine(cents: 0)
        #expect(try evaluate(order(lines: [free], refunds: [refund(0), refund(0, line: 1, net: 0)])).credits == [5, 5, 1])
    }

    @Test("refunds whose lines are not known count by amount alone, and say so")
    func unknownLines() throws {
        let line = try orderLine(quantity: "2", cents: 9800)
        let order = try order(lines: [line], total: 9800, refunds: [refund(4900, line: 1, quantity: "2", net: 9800)], known: false)
        let entitlement = Entitlement.evaluate(order: order, bindings: [LineID(1): try startPlan()])
        #expect(entitlement.refundLinesUnknown && !entitlement.refundedInFull)
        #expect(try evaluate(order).credits == [10, 10, 2])
    }

    @Test("a bound line that left the order entitles to nothing; a line that is not bound is not spoken of")
    func goneLines() throws {
        let order = try order(lines: [orderLine(2)])
        let entitlement = Entitlement.evaluate(order: order, bindings: [LineID(1): try startPlan()])
        #expect(entitlement.lines.map(\.line) == [LineID(1)] && !entitlement.entitlesToAnything)
        #expect(entitlement.lines.first?.isInOrder == false && entitlement.lines.first?.channels.count == 3)
    }

    @Test("a line beyond a million credits is refused by name, and the others still count")
    func tooMany() throws {
        let order = try order(lines: [orderLine(1, quantity: "200001"), orderLine(2)])
        let plan = try startPlan()
        let entitlement = Entitlement.evaluate(order: order, bindings: [LineID(1): plan, LineID(2): plan])
        #expect(entitlement.refusals.map(\.line) == [LineID(1)])
        #expect(entitlement.refusals.first?.description.contains("line 1") == true)
        #expect(entitlement.lines.last?.channels.map(\.credits.value) == [5, 5, 1])
    }
}
