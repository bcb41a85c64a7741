import Domain
import Reports
import Testing

@Suite("finance's figures at a glance")
struct FinanceOverviewTests {
    @Test("money of one currency, all credits, months without a gap, and what burns down")
    func adds() throws {
        let (euro, yen) = (try #require(Currency("EUR")), try #require(Currency("JPY")))
        let months = try (3...5).map { try #require(CivilDay(year: 2026, month: $0, day: 1)) }
        func row(_ month: CivilDay, _ channel: Channel, _ currency: Currency?, used: Int64, value: Int64) -> ChannelMovements {
            ChannelMovements(
                start: month, channel: channel, currency: currency, credits: Movements(opening: 10, used: used, closing: 10 - used),
                value: Movements(opening: 1_000, sold: 5, used: value, closing: 1_005 - value))
        }
        let monthly = [row(months[0], .email, euro, used: 2, value: 20), row(months[2], .sms, euro, used: 3, value: 30), row(months[2], .sms, yen, used: 1, value: 7)]
        let goodwill = ChannelMovements(start: months[2], channel: .sms, currency: nil, credits: Movements(opening: 4, closing: 4), value: .none)
        let expiry = [
            ExpiryAhead(span: .days30, currency: euro, credits: 1, value: 100), ExpiryAhead(span: .days90, currency: euro, credits: 1, value: 50),
            ExpiryAhead(span: .never, currency: euro, credits: 1, value: 700), ExpiryAhead(span: .days30, currency: yen, credits: 9, value: 9_000),
        ]
        let overview = FinanceOverview(
            currency: euro, period: [monthly[1], monthly[2], goodwill], monthly: monthly, months: months, expiry: expiry, channels: [.email])
        #expect(overview.credits.used == 4 && overview.credits.closing == 20 && overview.value.used == 30 && overview.addsUp && !overview.isEmpty)
        #expect(overview.channels == [.email, .sms] && overview.months.map(\.usedCredits) == [[2, 0], [0, 0], [0, 4]])
        #expect(overview.months.map(\.owedValue) == [985, 0, 975] && overview.currencies.map(\.code) == ["EUR", "JPY"])
        #expect(overview.expiry.map(\.value) == [100, 0, 50, 0, 700] && overview.expiry[0].credits == 10)
        #expect(overview.burnDown.map(\.value) == [850, 750, 750, 700])
    }

    @Test("a closing figure that is off is shown as off, by how much")
    func differs() throws {
        let euro = try #require(Currency("EUR"))
        let day = try #require(CivilDay(year: 2026, month: 5, day: 1))
        let wrong = ChannelMovements(start: day, channel: .email, currency: euro, credits: Movements(opening: 5, sold: 1, adjusted: -2, closing: 3), value: .none)
        let overview = FinanceOverview(currency: euro, period: [wrong], monthly: [], months: [], expiry: [], channels: [.email])
        #expect(!overview.addsUp && overview.credits.difference == 1)
        #expect(FinanceOverview(currency: euro, period: [], monthly: [], months: [], expiry: [], channels: []).isEmpty)
    }
}
