import FoundationEssentials

/// RFC 3339 in UTC with microseconds, as every surface writes times: `2026-11-22T05:10:42.123456Z`.
public enum Timestamp {
    public static func text(_ date: Date) -> String {
        let micros = microseconds(date)
        var (seconds, fraction) = micros.quotientAndRemainder(dividingBy: 1_000_000)
        if fraction < 0 { (seconds, fraction) = (seconds - 1, fraction + 1_000_000) }
        var secondsOfDay = seconds % 86_400
        if secondsOfDay < 0 { secondsOfDay += 86_400 }
        let (year, month, day) = civil(days: (seconds - secondsOfDay) / 86_400)
        var text = ""
        text.reserveCapacity(27)
        pad(&text, year, 4, "-")
        pad(&text, month, 2, "-")
        pad(&text, day, 2, "T")
        pad(&text, secondsOfDay / 3600, 2, ":")
        pad(&text, secondsOfDay / 60 % 60, 2, ":")
        pad(&text, secondsOfDay % 60, 2, ".")
        pad(&text, fraction, 6, "Z")
        return text
    }

    /// The instant as PostgreSQL keeps it, and to the last bit as it is read back: the two may be compared.
    public static func rounded(_ date: Date) -> Date {
        let micros = (date.timeIntervalSinceReferenceDate * 1_000_000).rounded()
        let seconds = (micros / 1_000_000).rounded(.down)
        return Date(timeIntervalSinceReferenceDate: seconds + (micros - seconds * 1_000_000) / 1_000_000)
    }

    /// Reads RFC 3339 with a zone (`Z` or an offset), years 1 to 9999, to the microsecond; nil for anything else.
    ///
    /// Our own because Foundation's style counts days before 1582 by the Julian calendar and is lenient about what it reads.
    public static func parse(_ text: String) -> Date? { RFC3339(text).date }

    private static func microseconds(_ date: Date) -> Int64 { Int64((date.timeIntervalSince1970 * 1_000_000).rounded()) }

    private static func pad(_ text: inout String, _ number: Int64, _ width: Int, _ end: String) {
        let digits = String(number)
        for _ in 0..<max(0, width - digits.utf8.count) { text += "0" }
        text += digits
        text += end
    }

    /// Howard Hinnant's `civil_from_days` (https://howardhinnant.github.io/date_algorithms.html), for days since 1970-01-01.
    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
