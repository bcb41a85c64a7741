import Foundation

/// Turns seconds since 1970 into WooCommerce's zoneless times and back: `date_*` is shop time, `date_*_gmt` is GMT.
struct ShopCalendar: Sendable {
    /// The shop's zone; Foundation's, because FoundationEssentials alone knows only GMT here.
    let zone: TimeZone

    /// Nil when the zone is unknown.
    init?(timeZone: String) {
        guard let zone = TimeZone(identifier: timeZone) else { return nil }
        self.zone = zone
    }

    func local(_ seconds: Int) -> String { ShopCalendar.gmt(seconds + offset(at: seconds)) }

    /// What `seconds` would be if the shop's wall clock were taken for GMT: the mistake that hides the last hours.
    func wallClockAsGMT(_ seconds: Int) -> Int { seconds + offset(at: seconds) }

    /// The instant of a shop time given as if it were GMT; of two in the autumn hour the earlier.
    func instant(wallClock: Int) -> Int {
        let guess = wallClock - offset(at: wallClock - 86_400)
        return offset(at: guess) == wallClock - guess ? guess : wallClock - offset(at: wallClock)
    }

    func offset(at seconds: Int) -> Int { zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))) }

    /// `2026-11-22T01:49:01`; days to civil date after Howard Hinnant's `civil_from_days`.
    static func gmt(_ seconds: Int) -> String {
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let second = seconds - day * 86_400
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let date = "\(padded(year, 4))-\(padded(month))-\(padded(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1))"
        return "\(date)T\(padded(second / 3_600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
    }

    /// Seconds since 1970 of `2026-11-22T01:49:01` taken as GMT; nil for any other shape.
    static func seconds(gmt text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 19, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[13] == 0x3A, bytes[16] == 0x3A else { return nil }
        let parts = [0..<4, 5..<7, 8..<10, 11..<13, 14..<16, 17..<19].compactMap { range in
            bytes[range].reduce(Int?.some(0)) { sum, byte in
                guard let sum, (0x30...0x39).contains(byte) else { return nil }
                return sum * 10 + Int(byte) - 0x30
            }
        }
        guard parts.count == 6, (1...12).contains(parts[1]), (1...31).contains(parts[2]), parts[3] < 24, parts[4] < 60, parts[5] < 60
        else { return nil }
        let year = parts[1] <= 2 ? parts[0] - 1 : parts[0]
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (parts[1] > 2 ? parts[1] - 3 : parts[1] + 9) + 2) / 5 + parts[2] - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146_097 + dayOfEra - 719_468) * 86_400 + parts[3] * 3_600 + parts[4] * 60 + parts[5]
    }

    private static func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
