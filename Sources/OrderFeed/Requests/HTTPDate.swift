import Domain
import FoundationEssentials

/// `Sun, 22 Nov 2026 02:06:51 GMT`, the one form of dates in HTTP that is still written (RFC 9110, 5.6.7).
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func parse(_ text: String) -> Date? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let month = months.firstIndex(of: String(parts[2])),
            let year = Int(parts[3])
        else { return nil }
        let time = parts[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3, let civil = CivilDay(year: year, month: month + 1, day: day) else { return nil }
        return Date(timeIntervalSince1970: Double(civil.daysSince1970 * 86_400 + time[0] * 3600 + time[1] * 60 + time[2]))
    }
}
