/// Works out what an order entitles to (`design.md`, "Entitlement").
public enum Entitlement {
    /// What the order entitles to under the plan version each line is bound to. Never throws; a line beyond bounds is refused by itself.
    public static func evaluate(order: ShopOrder, bindings: [LineID: Plan], statuses: StatusRules = .standard) -> OrderEntitlement {
        let refunds = RefundTotals(order)
        let usability = statuses.usability(of: order.status)
        let pays = usability == .entitled && !refunds.coverOrder
        let lines = Dictionary(order.lines.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let bound = bindings.sorted { $0.key < $1.key }.map { id, plan in
            evaluate(line: lines[id], id: id, plan: plan, pays: pays, refunds: refunds, order: order)
        }
        return OrderEntitlement(
            order: order.id, usability: usability, refundLinesUnknown: !order.refundLinesKnown && !order.refunds.isEmpty,
            refundedInFull: refunds.coverOrder, lines: bound)
    }

    private static func evaluate(
        line: OrderLine?, id: LineID, plan: Plan, pays: Bool, refunds: RefundTotals, order: ShopOrder
    ) -> LineEntitlement {
        let none = Money.zero(order.currency)
        let ordered = max(line?.quantity ?? .zero, .zero)
        let net = max(ordered - refunds.quantity(of: id), .zero)
        let isPaid = pays && !refunds.cover(line)
        let kept = isPaid ? line.map(refunds.netTotal(of:)) ?? none : none

        var found: [(channel: Channel, ordered: CreditCount, net: CreditCount)] = []
        for channel in plan.channels {
            let perUnit = plan.credits[channel] ?? .zero
            guard let orderedCredits = credits(ordered, perUnit), let netCredits = credits(net, perUnit) else {
                let refusal = EntitlementRefusal(order: order.id, line: id, channel: channel)
                return LineEntitlement(
                    line: id, plan: plan, isInOrder: line != nil, netQuantity: net, net: kept, channels: [], refused: refusal)
            }
            found.append((channel, orderedCredits, netCredits))
        }
        let bearing = Dictionary(uniqueKeysWithValues: found.map { ($0.channel, $0.ordered) })
        let orderedValues = ValueShare.split(line?.total ?? none, plan: plan, credits: bearing)
        let values = ValueShare.split(kept, plan: plan, credits: bearing)
        let channels = found.map { channel, orderedCredits, netCredits in
            let entitled = isPaid ? netCredits : .zero
            return ChannelEntitlement(
                channel: channel, credits: entitled, value: entitled > .zero ? values[channel] ?? none : none,
                orderedCredits: orderedCredits, orderedValue: orderedValues[channel] ?? none)
        }
        return LineEntitlement(line: id, plan: plan, isInOrder: line != nil, netQuantity: net, net: kept, channels: channels, refused: nil)
    }

    /// floor(quantity x credits of one unit), exactly; nil beyond what a counter bears.
    private static func credits(_ quantity: Quantity, _ perUnit: CreditCount) -> CreditCount? {
        let credits = Int128(quantity.millionths) * Int128(perUnit.value) / Int128(Quantity.unit)
        return Int64(exactly: credits).flatMap { CreditCount($0) }
    }
}
