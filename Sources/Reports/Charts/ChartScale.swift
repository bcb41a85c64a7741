/// The vertical axis: round steps of 1, 2 or 5 times a power of ten that hold all figures, and always zero.
struct ChartScale: Sendable, Hashable {
    private static let stepsWanted: Int64 = 5

    let ticks: [Int64]
    var low: Int64 { ticks.first ?? 0 }
    var high: Int64 { ticks.last ?? 1 }

    init(lowest: Int64, highest: Int64) {
        let (lowest, highest) = (min(0, lowest), max(0, highest))
        let step = ChartScale.step(for: highest / ChartScale.stepsWanted - lowest / ChartScale.stepsWanted)
        let below = (lowest.magnitude + step.magnitude - 1) / step.magnitude
        let above = max((highest.magnitude + step.magnitude - 1) / step.magnitude, below == 0 ? 1 : 0)
        ticks = (-Int64(below)...Int64(above)).map { $0 * step }
    }

    /// The smallest round number that is not below the given one; 1 at least, since figures are whole.
    private static func step(for least: Int64) -> Int64 {
        var power: Int64 = 1
        while power < Int64.max / 100 {
            for factor: Int64 in [1, 2, 5] where power * factor >= least { return power * factor }
            power *= 10
        }
        return power
    }
}
