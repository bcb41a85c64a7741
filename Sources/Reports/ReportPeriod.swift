import Domain
import FoundationEssentials

/// Days of a shop's zone, the first and the last one included; open where nil.
public struct ReportPeriod: Sendable, Hashable {
    public let from: CivilDay?
    public let through: CivilDay?

    public static let always = ReportPeriod(from: nil, through: nil)

    public init(from: CivilDay?, through: CivilDay?) {
        self.from = from
        self.through = through
    }

    /// Reads `2026-05-31` or, for its first or last day, `2026-05`; the refusal names the field.
    public static func parse(from: String?, through: String?) -> Result<ReportPeriod, Refusal> {
        let expected = "a day such as 2026-05-31 or a month such as 2026-05"
        let first = from.flatMap { day($0, isLast: false) }
        let last = through.flatMap { day($0, isLast: true) }
        if from != nil, first == nil { return .failure(.invalidField(field: "from", expected: expected)) }
        if through != nil, last == nil { return .failure(.invalidField(field: "through", expected: expected)) }
        if let first, let last, last < first { return .failure(.invalidField(field: "through", expected: "no day before \(first)")) }
        return .success(ReportPeriod(from: first, through: last))
    }

    private static func day(_ text: String, isLast: Bool) -> CivilDay? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }), parts.first?.utf8.count == 4,
            parts.dropFirst().allSatisfy({ $0.utf8.count == 2 })
        else { return nil }
        let numbers = parts.compactMap { Int($0) }
        if numbers.count == 3 { return CivilDay(year: numbers[0], month: numbers[1], day: numbers[2]) }
        guard numbers.count == 2, let first = CivilDay(year: numbers[0], month: numbers[1], day: 1) else { return nil }
        guard isLast else { return first }
        return CivilDay(year: first.adding(days: 31).year, month: first.adding(days: 31).month, day: 1)?.adding(days: -1)
    }

    /// The first instant of the first day.
    func since(in zone: ShopZone) -> Date? { from.map { zone.firstInstant(of: $0) } }
    /// The first instant after the last day.
    func until(in zone: ShopZone) -> Date? { through.map { zone.firstInstant(of: $0.adding(days: 1)) } }
}
