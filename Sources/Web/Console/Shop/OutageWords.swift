import Store

/// An outage in words.
enum OutageWords {
    /// `The shop could not be read 22 Nov 2026, 03:10-05:40; 2 orders recovered since.` Nil while it lasts: that is told by itself.
    static func text(_ outage: FeedOutage, _ localizer: Localizer) -> String? {
        guard let ended = outage.endedAt else { return nil }
        let isOneDay = localizer.day(outage.beganAt) == localizer.day(ended)
        let orders = outage.isCounted ? localizer.text("feed.recovered", ["count": outage.recovered]) : localizer.text("feed.recovering")
        return localizer.text(
            "feed.outage",
            ["from": localizer.dayAndTime(outage.beganAt), "to": isOneDay ? localizer.time(ended) : localizer.dayAndTime(ended), "orders": orders])
    }
}
