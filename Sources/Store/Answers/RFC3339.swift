import FoundationEssentials

/// Reads one RFC 3339 timestamp, such as `2026-03-01T09:30:00.5+01:00`.
struct RFC3339 {
    private var rest: Substring.UTF8View
    private(set) var date: Date?

    init(_ text: String) {
        rest = text[...].utf8
        date = read()
    }

    private mutating func read() -> Date? {
        guard let year = digits(4), year > 0, take("-"), let month = digits(2), (1...12).contains(month), take("-"), let day = digits(2),
            (1...RFC3339.days(year, month)).contains(day), take("T") || take("t") || take(" "),
            let hour = digits(2), hour < 24, take(":"), let minute = digits(2), minute < 60, take(":"), let second = digits(2), second <= 60,
            let micros = fraction(), let offset = offset(), rest.isEmpty
        else { return nil }
        let days = RFC3339.daysSinceEpoch(year, month, day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Date(timeIntervalSince1970: Double(seconds * 1_000_000 + micros) / 1_000_000)
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard let byte = rest.first, byte == UInt8(ascii: mark) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func digits(_ count: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    private mutating func digit() -> Int64? {
        guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        rest.removeFirst()
        return Int64(byte - UInt8(ascii: "0"))
    }

    /// Microseconds; what is finer is cut off. Nil for a point without digits.
    private mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        var (micros, unit): (Int64, Int64) = (0, 100_000)
        guard let first = digit() else { return nil }
        micros = first * unit
        while let next = digit() {
            unit /= 10
            micros += next * unit
        }
        return micros
    }

    /// Seconds east of UTC.
    private mutating func offset() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let sign: Int64
        if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
        guard let hours = digits(2), hours < 24, take(":"), let minutes = digits(2), minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }

    private static func days(_ year: Int64, _ month: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        default: 31
        }
    }

    /// Howard Hinnant's `days_from_civil` (https://howardhinnant.github.io/date_algorithms.html), for years from 1 on.
    private static func daysSinceEpoch(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
