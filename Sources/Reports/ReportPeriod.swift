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

    /// Reads `2026-05-31`, `2026-W22` (ISO 8601), `2026-05`, `2026-Q2` or `2026`, or else the first and last day.
    public static func parse(period: String?, from: String?, through: String?) -> Result<ReportPeriod, Refusal> {
        guard let period else { return parse(from: from, through: through) }
        if from != nil || through != nil { return .failure(.invalidField(field: "period", expected: "a period, or from and through")) }
        if let whole = whole(period) { return .success(whole) }
        return .failure(.invalidField(field: "period", expected: "one such as 2026-05-31, 2026-W22, 2026-05, 2026-Q2 or 2026"))
    }

    private static func whole(_ text: String) -> ReportPeriod? {
        if let first = day(text, isLast: false), let last = day(text, isLast: true) { return ReportPeriod(from: first, through: last) }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let year = parts.first, year.utf8.count == 4, let number = Int(year), let first = CivilDay(year: number, month: 1, day: 1) else { return nil }
        if parts.count == 1 { return CivilDay(year: number, month: 12, day: 31).map { ReportPeriod(from: first, through: $0) } }
        guard parts.count == 2, let count = Int(parts[1].dropFirst()) else { return nil }
        switch parts[1].first {
        case "Q":
            guard parts[1].utf8.count == 2, (1...4).contains(count), let last = day("\(year)-\(count == 4 ? "12" : "0\(count * 3)")", isLast: true) else { return nil }
            return CivilDay(year: number, month: count * 3 - 2, day: 1).map { ReportPeriod(from: $0, through: last) }
        case "W":
            // ISO 8601: week 1 has the year's first Thursday, weeks begin on Mondays. 1970-01-01 was a Thursday.
            guard parts[1].utf8.count == 3, (1...53).contains(count), let fourth = CivilDay(year: number, month: 1, day: 4) else { return nil }
            let monday = fourth.adding(days: -((fourth.daysSince1970 + 3) % 7)).adding(days: (count - 1) * 7)
            return monday.adding(days: 3).year == number ? ReportPeriod(from: monday, through: monday.adding(days: 6)) : nil
        default: return nil
        }
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
