import FoundationEssentials

/// An instant, as `timestamptz`, to the microsecond: `2026-11-22 04:45:00.123456+00`.
///
/// `infinity` and `-infinity` are `Date.distantFuture` and `Date.distantPast`. A plain `date` or `timestamp` is read as UTC.
extension Date: PostgresValue {
    public var postgresText: String? {
        if self >= .distantFuture { return "infinity" }
        if self <= .distantPast { return "-infinity" }
        let micros = Int64((timeIntervalSinceReferenceDate * 1e6).rounded())
        let (days, microsOfDay) = micros.flooredDivision(by: Self.microsPerDay)
        let day = CivilDay(daysSinceReferenceDate: days)
        let seconds = microsOfDay / 1_000_000
        return "\(Self.padded(day.year, 4))-\(Self.padded(day.month, 2))-\(Self.padded(day.day, 2)) "
            + "\(Self.padded(seconds / 3600, 2)):\(Self.padded(seconds / 60 % 60, 2)):\(Self.padded(seconds % 60, 2))"
            + ".\(Self.padded(microsOfDay % 1_000_000, 6))+00"
    }

    public static func decode(postgresText: Span<UInt8>) -> Date? {
        var reader = DateReader(position: 0)
        return reader.read(postgresText)
    }

    private static let microsPerDay: Int64 = 86_400_000_000

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return digits.utf8.count >= width ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
    }
}

/// A day of the proleptic Gregorian calendar and its number, which is 0 on 1 January 2001.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"; 400 years are 146,097 days.
struct CivilDay {
    var year: Int64
    var month: Int64
    var day: Int64

    private static let daysFromMarchOfYearZero: Int64 = 730_791

    init(year: Int64, month: Int64, day: Int64) {
        (self.year, self.month, self.day) = (year, month, day)
    }

    init(daysSinceReferenceDate: Int64) {
        let (era, dayOfEra) = (daysSinceReferenceDate + Self.daysFromMarchOfYearZero).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSinceReferenceDate: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = shiftedYear.flooredDivision(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - Self.daysFromMarchOfYearZero
    }
}

extension Int64 {
    /// Quotient and remainder with the remainder never negative, as calendars need before their epoch.
    func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
