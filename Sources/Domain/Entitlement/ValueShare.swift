/// Shares a line's value over its plan's channels.
public enum ValueShare {
    /// The parts, which sum to the value exactly: each channel weighs price x credits, or the same as each other where no price counts;
    /// rounded cumulatively in the channels' order. A channel without credits weighs nothing, unless none has any.
    /// A negative value is shared as 0.
    public static func split(_ value: Money, plan: Plan) -> [Channel: Money] { split(value, plan: plan, credits: plan.credits) }

    /// The same for a line that grants so many credits of each channel: a part of a unit may grant none of a channel, which then weighs nothing.
    public static func split(_ value: Money, plan: Plan, credits: [Channel: CreditCount]) -> [Channel: Money] {
        let channels = plan.channels
        let weights = weights(of: plan, credits: credits)
        let whole = weights.reduce(0, +)
        let total = max(value.minorUnits, 0)
        var parts: [Channel: Money] = [:]
        var weightSoFar: Int128 = 0
        var valueSoFar: Int64 = 0
        for (channel, weight) in zip(channels, weights) {
            weightSoFar += weight
            let cumulative = CumulativeValue.rounded(total, weightSoFar, over: whole)
            parts[channel] = Money(minorUnits: cumulative - valueSoFar, currency: value.currency)
            valueSoFar = cumulative
        }
        return parts
    }

    private static func weights(of plan: Plan, credits: [Channel: CreditCount]) -> [Int128] {
        let priced = plan.channels.map { channel in
            Int128(max(plan.prices[channel] ?? 0, 0)) * Int128(credits[channel]?.value ?? 0)
        }
        if priced.contains(where: { $0 > 0 }) { return priced }
        let bearing = plan.channels.map { (credits[$0] ?? .zero) > .zero ? Int128(1) : 0 }
        return bearing.contains(1) ? bearing : plan.channels.map { _ in 1 }
    }
}
