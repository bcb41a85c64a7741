import Domain
import Foundation
import Testing

@Suite struct ValidityTests {
    private func zone(_ identifier: String) throws -> ShopZone { try unwrap(ShopZone(identifier: identifier)) }

    private func expiry(_ start: String, _ days: Int?, _ zone: String = "Europe/Ljubljana") throws -> Date? {
        Validity.expiry(start: try instant(start), validDays: days, zone: try self.zone(zone))
    }

    @Test("90 days, paid on 1 March, are usable through 30 May and expire at the first instant of 31 May")
    func example() throws {
        #expect(try expiry("2026-03-01T09:00:00Z", 90) == instant("2026-05-30T22:00:00Z"))
        #expect(try expiry("2026-03-01T09:00:00Z", 90, "UTC") == instant("2026-05-31T00:00:00Z"))
        #expect(try expiry("2026-03-01T09:00:00Z", nil) == nil)
    }

    @Test("the day of payment is the shop's, not Greenwich's")
    func newYear() throws {
        #expect(try expiry("2025-12-31T23:30:00Z", 1) == instant("2026-01-02T23:00:00Z"))
        #expect(try expiry("2025-12-31T22:30:00Z", 1) == instant("2026-01-01T23:00:00Z"))
        #expect(try expiry("2025-12-31T22:59:59Z", 0) == instant("2025-12-31T23:00:00Z"))
    }

    @Test("the days on which the clocks change are days like others")
    func clockChanges() throws {
        #expect(try expiry("2026-03-27T12:00:00Z", 1) == instant("2026-03-28T23:00:00Z"))
        #expect(try expiry("2026-03-28T12:00:00Z", 1) == instant("2026-03-29T22:00:00Z"))
        #expect(try expiry("2025-10-26T00:30:00Z", 0) == instant("2025-10-26T23:00:00Z"))
        #expect(try expiry("2025-10-26T01:30:00Z", 0) == instant("2025-10-26T23:00:00Z"))
    }

    @Test("where the clocks jump over midnight the day begins with the jump")
    func noMidnight() throws {
        // Sao Paulo went from 2018-11-03 23:59:59 (-03) to 2018-11-04 01:00:00 (-02); Beirut springs forward at midnight.
        #expect(try expiry("2018-11-02T15:00:00Z", 1, "America/Sao_Paulo") == instant("2018-11-04T03:00:00Z"))
        #expect(try expiry("2021-03-26T12:00:00Z", 1, "Asia/Beirut") == instant("2021-03-27T22:00:00Z"))
        // Havana falls back from 01:00 to 00:00: the first of the two midnights begins the day.
        #expect(try expiry("2025-10-31T12:00:00Z", 1, "America/Havana") == instant("2025-11-02T04:00:00Z"))
        // Samoa had no 30 December 2011 at all.
        #expect(try expiry("2011-12-29T12:00:00Z", 1, "Pacific/Apia") == instant("2011-12-30T10:00:00Z"))
    }

    @Test(
        "every day of four years begins at an instant of that day, right after one of the day before",
        arguments: [
            "Europe/Ljubljana", "America/Sao_Paulo", "Asia/Beirut", "America/Havana", "Pacific/Kiritimati", "Asia/Kathmandu",
            "Africa/Casablanca",
        ])
    func everyDay(identifier: String) throws {
        let zone = try zone(identifier)
        var day = try unwrap(CivilDay(year: 2016, month: 1, day: 1))
        while day.year < 2020 {
            let first = zone.firstInstant(of: day)
            #expect(zone.day(of: first) == day)
            #expect(zone.day(of: first.addingTimeInterval(-1)) == day.adding(days: -1))
            day = day.adding(days: 1)
        }
    }

    @Test("validity starts with the payment, else the completion, else the order")
    func start() throws {
        var order = try order(lines: [])
        order.paidAt = nil
        #expect(Validity.start(order) == order.createdAt)
        order.completedAt = try instant("2026-03-02T00:00:00Z")
        #expect(Validity.start(order) == order.completedAt)
        order.paidAt = try instant("2026-03-03T00:00:00Z")
        #expect(Validity.start(order) == order.paidAt)
    }

    @Test("the calendar knows its leap days")
    func calendar() {
        #expect(CivilDay(year: 2026, month: 2, day: 29) == nil && CivilDay(year: 2024, month: 2, day: 29)?.description == "2024-02-29")
        #expect(
            CivilDay(year: 1970, month: 1, day: 1)?.daysSince1970 == 0 && CivilDay(year: 2000, month: 3, day: 1)?.daysSince1970 == 11_017)
        #expect(CivilDay(daysSince1970: -1).description == "1969-12-31" && CivilDay(year: 2026, month: 13, day: 1) == nil)
    }
}
