import Domain
import FoundationEssentials

/// Days and times by the shop's clock, as each language writes them.
extension Localizer {
    /// `22 Nov 2026`
    func day(_ day: CivilDay) -> String {
        text("format.day", ["day": String(day.day), "month": text(family: "month", "m\(day.month)"), "year": String(day.year)])
    }

    func day(_ instant: Date) -> String { day(zone.day(of: instant)) }

    /// `08:15`
    func time(_ instant: Date) -> String {
        let minutes = zone.secondOfDay(of: instant) / 60
        return Localizer.two(minutes / 60) + ":" + Localizer.two(minutes % 60)
    }

    /// `22 Nov 2026, 08:15`
    func dayAndTime(_ instant: Date) -> String { text("format.day_and_time", ["day": day(instant), "time": time(instant)]) }

    /// `5 min ago`; the day after a week.
    func ago(_ instant: Date) -> String {
        let minutes = Int(max(0, now.timeIntervalSince(instant)) / 60)
        switch minutes {
        case 0: return text("ago.now")
        case 1..<60: return text("ago.minutes", ["count": minutes])
        case 60..<(24 * 60): return text("ago.hours", ["count": minutes / 60])
        case (24 * 60)..<(7 * 24 * 60): return text("ago.days", ["count": minutes / (24 * 60)])
        default: return day(instant)
        }
    }

    /// A length of time that somebody waits: `40 seconds`, `5 minutes`.
    func wait(seconds: Int) -> String {
        seconds < 120 ? text("wait.seconds", ["count": seconds]) : text("wait.minutes", ["count": (seconds + 59) / 60])
    }

    /// For the `datetime` of a `<time>`.
    func machine(_ instant: Date) -> String { instant.ISO8601Format() }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
