import FoundationEssentials

/// When an order's credits begin and end.
public enum Validity {
    /// The longest validity that a plan may have, in days (100 years).
    public static let daysMax = 36_525

    /// The payment, else the completion, else the creation of the order.
    public static func start(_ order: ShopOrder) -> Date { order.paidAt ?? order.completedAt ?? order.createdAt }

    /// The instant at which credits stop counting; nil for never. They are usable through the day that lies `validDays` after the day of
    /// the start, in the shop's zone, and expire at the first instant of the next: 90 days from 1 March last through 30 May.
    public static func expiry(start: Date, validDays: Int?, zone: ShopZone) -> Date? {
        guard let validDays else { return nil }
        return zone.firstInstant(of: zone.day(of: start).adding(days: min(max(validDays, 0), daysMax) + 1))
    }
}
