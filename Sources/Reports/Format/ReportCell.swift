import Domain
import FoundationEssentials

/// What one cell of a report holds. Nothing is ever shown as zero that is `empty`.
public enum ReportCell: Sendable, Hashable {
    case empty
    case text(String)
    case integer(Int64)
    case money(Money)
    case currency(Currency)
    case day(CivilDay)
    case instant(Date)
    case flag(Bool)

    public static func text(_ text: String?) -> ReportCell { text.map(ReportCell.text) ?? .empty }
    public static func integer(_ number: Int64?) -> ReportCell { number.map(ReportCell.integer) ?? .empty }
    public static func integer(_ number: Int) -> ReportCell { .integer(Int64(number)) }
    public static func money(_ minorUnits: Int64, _ currency: Currency) -> ReportCell {
        .money(Money(minorUnits: minorUnits, currency: currency))
    }
    public static func day(_ day: CivilDay?) -> ReportCell { day.map(ReportCell.day) ?? .empty }
    public static func instant(_ instant: Date?) -> ReportCell { instant.map(ReportCell.instant) ?? .empty }

    /// Whether a column of the kind may hold it.
    func fits(_ kind: ReportColumn.Kind) -> Bool {
        switch (self, kind) {
        case (.empty, _), (.text, .text), (.integer, .integer), (.money, .money), (.currency, .currency), (.day, .day), (.instant, .instant),
            (.flag, .flag):
            true
        default: false
        }
    }

    /// Whether it is a figure and nothing: a difference that is none.
    var isZero: Bool {
        switch self {
        case .integer(let number): number == 0
        case .money(let money): money.minorUnits == 0
        default: false
        }
    }
}
