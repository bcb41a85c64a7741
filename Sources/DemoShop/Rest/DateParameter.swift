/// A date of a query: `2026-11-22T01:49:03`, with an optional fraction (cut off) and an optional zone.
struct DateParameter: Sendable, Equatable {
    /// The time as written, taken for GMT, in seconds since 1970.
    let written: Int
    /// Seconds east of GMT; nil without a zone.
    let zoneSeconds: Int?

    /// Nil for date-only, words, epochs and the empty string.
    init?(_ text: String) {
        let text = text.uppercased().replacing(" ", with: "T")
        guard let seconds = ShopCalendar.seconds(gmt: String(text.prefix(19))) else { return nil }
        var rest = text.dropFirst(19)
        if rest.hasPrefix(".") {
            let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(1 + digits.count)
        }
        guard rest.isEmpty || DateParameter.zone(rest) != nil else { return nil }
        written = seconds
        zoneSeconds = DateParameter.zone(rest)
    }

    /// The bound the shop compares the GMT column with.
    ///
    /// A bare time is GMT under `dates_are_gmt`, else shop time. With a zone the shop converts to its own wall clock; under
    /// `dates_are_gmt` it then compares that with the GMT column, and so hides the last hours of a shop east of Greenwich.
    func bound(areGMT: Bool, calendar: ShopCalendar) -> Int {
        guard let zoneSeconds else { return areGMT ? written : calendar.instant(wallClock: written) }
        let instant = written - zoneSeconds
        return areGMT ? calendar.wallClockAsGMT(instant) : instant
    }

    private static func zone(_ text: Substring) -> Int? {
        if text == "Z" { return 0 }
        // A plus that nobody encoded arrives as a space, which was read as a T above.
        guard let sign = text.first, "+-T".contains(sign) else { return nil }
        let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ $0.utf8.count == 2 }), let hours = Int(parts[0]),
            let minutes = parts.count > 1 ? Int(parts[1]) : 0
        else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }
}
