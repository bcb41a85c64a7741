import FoundationEssentials

/// A shop's time zone: how far its clocks are from UTC at an instant, and what follows from that.
///
/// The caller brings the zone, because FoundationEssentials alone knows none: without Foundation in the process, even
/// `TimeZone(identifier: "UTC")` is nil (measured with Swift 6.3.1 on Linux).
public struct ShopZone: Sendable {
    /// No zone's clock is further from UTC than this (Kiritimati is at +14 h).
    private static let offsetSecondsMax = 15 * 3600
    private static let daySeconds = 86_400

    public static let utc = ShopZone { _ in 0 }

    private let secondsFromUTC: @Sendable (Date) -> Int

    /// `secondsFromUTC` answers how far local clocks are ahead of UTC at an instant; it must answer the same for ever.
    public init(secondsFromUTC: @escaping @Sendable (Date) -> Int) { self.secondsFromUTC = secondsFromUTC }

    public init(_ zone: TimeZone) { self.init { zone.secondsFromGMT(for: $0) } }

    /// Nil for an unknown zone, and for every zone in a process that has not loaded Foundation.
    public init?(identifier: String) {
        guard let zone = TimeZone(identifier: identifier) else { return nil }
        self.init(zone)
    }

    /// The day that the shop's calendar shows at the instant.
    public func day(of instant: Date) -> CivilDay {
        let local = ShopZone.seconds(instant) + secondsFromUTC(instant)
        return CivilDay(daysSince1970: Int((Double(local) / Double(ShopZone.daySeconds)).rounded(.down)))
    }

    /// Seconds that the shop's clock shows past midnight at the instant.
    public func secondOfDay(of instant: Date) -> Int {
        let local = ShopZone.seconds(instant) + secondsFromUTC(instant)
        return local - day(of: instant).daysSince1970 * ShopZone.daySeconds
    }

    /// The first instant of the day: midnight, or the moment the clocks jump over it where there is no midnight.
    public func firstInstant(of day: CivilDay) -> Date {
        let midnight = day.daysSince1970 * ShopZone.daySeconds
        var early = midnight - ShopZone.offsetSecondsMax
        var late = midnight + ShopZone.offsetSecondsMax
        let (before, after) = (offset(at: early), offset(at: late))
        guard before != after else { return ShopZone.date(midnight - before) }

        while late - early > 1 {
            let middle = early + (late - early) / 2
            if offset(at: middle) == before { early = middle } else { late = middle }
        }
        // The clocks change at `late`. Midnight comes by the old clock before it, by the new clock after it, or is jumped over.
        if midnight - before < late { return ShopZone.date(midnight - before) }
        return ShopZone.date(max(midnight - after, late))
    }

    private func offset(at seconds: Int) -> Int { secondsFromUTC(ShopZone.date(seconds)) }
    private static func date(_ seconds: Int) -> Date { Date(timeIntervalSince1970: Double(seconds)) }
    private static func seconds(_ instant: Date) -> Int { Int(instant.timeIntervalSince1970.rounded(.down)) }
}
