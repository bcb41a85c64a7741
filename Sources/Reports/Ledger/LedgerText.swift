import Domain
import FoundationEssentials

/// Writes the instants of the ledger as text. Millions of rows go through here, nearly all in the order of time: a day's text is made once.
struct LedgerText {
    private static let microsecondsOfSecond: Int64 = 1_000_000
    private static let microsecondsOfDay: Int64 = 86_400_000_000
    /// Clocks of zones differ by whole quarters of an hour, so midnight never falls within one.
    private static let microsecondsOfQuarter: Int64 = 900_000_000

    private let zone: ShopZone
    private var utcDay = Int64.min
    private var lastInstant = Int64.min
    private var instantText: [UInt8] = []
    private var quarter = Int64.min
    private var localText: [UInt8] = []

    init(_ zone: ShopZone) { self.zone = zone }

    /// RFC 3339 in UTC with microseconds, from microseconds since 1970: `2026-05-31T12:00:00.000000Z`.
    mutating func append(instant: Int64, to bytes: inout OutputSpan<UInt8>) {
        // Most of what takes effect is recorded at the same instant.
        if instant != lastInstant { write(instant) }
        bytes.append(text: instantText.span)
    }

    private mutating func write(_ instant: Int64) {
        let day = LedgerText.floor(instant, LedgerText.microsecondsOfDay)
        if day != utcDay { (utcDay, instantText) = (day, Array("\(CivilDay(daysSince1970: Int(day)))T00:00:00.000000Z".utf8)) }
        lastInstant = instant
        let micros = UInt64(instant - day * LedgerText.microsecondsOfDay)
        let (seconds, fraction) = micros.quotientAndRemainder(dividingBy: UInt64(LedgerText.microsecondsOfSecond))
        put(seconds / 3600, 16)
        put(seconds / 60 % 60, 13)
        put(seconds % 60, 10)
        put(fraction / 10_000, 7)
        put(fraction / 100 % 100, 5)
        put(fraction % 100, 3)
    }

    /// Two digits, so many bytes before the end: years may have more than four.
    private mutating func put(_ pair: UInt64, _ bytesToEnd: Int) {
        let place = instantText.count - bytesToEnd
        instantText[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: pair / 10)
        instantText[place + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: pair % 10)
    }

    /// The day of the shop's zone: `2026-05-31`.
    mutating func append(dayOf instant: Int64, to bytes: inout OutputSpan<UInt8>) {
        let now = LedgerText.floor(instant, LedgerText.microsecondsOfQuarter)
        if now != quarter { (quarter, localText) = (now, Array(zone.day(of: LedgerText.date(instant)).description.utf8)) }
        bytes.append(text: localText.span)
    }

    static func date(_ microseconds: Int64) -> Date { Date(timeIntervalSince1970: Double(microseconds) / Double(microsecondsOfSecond)) }

    private static func floor(_ instant: Int64, _ unit: Int64) -> Int64 {
        let (whole, rest) = instant.quotientAndRemainder(dividingBy: unit)
        return rest < 0 ? whole - 1 : whole
    }
}

extension OutputSpan<UInt8> {
    mutating func append(text: borrowing Span<UInt8>) {
        for place in text.indices { append(text[place]) }
    }

    mutating func append(text: [UInt8]) { append(text: text.span) }

    mutating func append(decimal number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        append(digitsOf: number.magnitude)
    }

    /// Two digits of a number below 100.
    mutating func append(pair: UInt64) {
        append(UInt8(ascii: "0") + UInt8(pair / 10))
        append(UInt8(ascii: "0") + UInt8(pair % 10))
    }

    private mutating func append(digitsOf number: UInt64) {
        if number >= 100 { append(digitsOf: number / 100) }
        if number >= 10 { append(pair: number % 100) } else { append(UInt8(ascii: "0") + UInt8(number)) }
    }
}
