import Domain
import Testing

@testable import Reports
@testable import Store

@Suite("finance's figures at a glance")
struct FinanceOverviewTests {
    private static func figures(opening: Int64 = 0, sold: Int64 = 0, used: Int64 = 0, closing: Int64 = 0) -> RollForwardFigures {
        var figures = RollForwardFigures()
        (figures.opening, figures.sold, figures.used, figures.closing) = (opening, sold, used, closing)
        return figures
    }

    @Test("one currency alone, months without a gap, what was owed at the end of each, and what burns down")
    func adds() throws {
        let (euro, yen) = (try #require(Currency("EUR")), try #require(Currency("JPY")))
        let may = try #require(CivilDay(year: 2026, month: 5, day: 31))
        let months = Array(FinanceOverview.months(through: may).suffix(3))
        #expect(months.map(\.description) == ["2026-03-01", "2026-04-01", "2026-05-01"])
        let rows = [
            RollForwardRow(
                currency: euro, plan: "START", channel: .email, credits: Self.figures(opening: 5, used: 2, closing: 3),
                money: Self.figures(opening: 900, sold: 100, used: 300, closing: 700)),
            RollForwardRow(currency: yen, plan: "START", channel: .email, credits: Self.figures(sold: 9, closing: 9), money: Self.figures(sold: 7, closing: 7)),
        ]
        func revenue(_ month: CivilDay, _ currency: Currency, sold: Int64, usage: Int64) -> RevenueRow {
            RevenueRow(month: month, currency: currency, sold: sold, usage: usage, breakage: 0, withdrawn: 0, corrected: 0, refunded: 0)
        }
        func used(_ month: CivilDay, _ channel: Channel, _ credits: Int64) -> UsedCredits {
            UsedCredits(month: month, channel: channel, currency: euro, credits: credits)
        }
        var (soon, never) = (ExpiryAhead(span: .days30), ExpiryAhead(span: .never))
        (soon.credits, soon.value, never.value) = (2, 150, 550)
        let overview = FinanceOverview(
            currency: euro, channels: [.email, .sms], rollForward: rows, months: months,
            revenue: [revenue(months[0], euro, sold: 500, usage: 20), revenue(months[2], euro, sold: 100, usage: 300), revenue(months[2], yen, sold: 7, usage: 0)],
            usage: [used(months[0], .sms, 4), used(months[2], .email, 2)], expiry: [.days30: soon, .never: never])
        #expect(overview.credits.closing == 3 && overview.value.closing == 700 && overview.addsUp && !overview.isEmpty)
        #expect(overview.currencies.map(\.code) == ["EUR", "JPY"] && overview.months.map(\.usedCredits) == [[0, 4], [0, 0], [2, 0]])
        #expect(overview.months.map(\.owedValue) == [900, 900, 700] && overview.months.map(\.soldValue) == [500, 0, 100])
        #expect(overview.expiry.map(\.value) == [150, 0, 0, 0, 550] && overview.burnDown.map(\.value) == [700, 550, 550, 550])
    }

    @Test("two lines that are off the other way round do not make it right")
    func differs() throws {
        let euro = try #require(Currency("EUR"))
        let rows = [1, -1].map { (off: Int64) in
            RollForwardRow(currency: euro, plan: nil, channel: .email, credits: Self.figures(opening: 5, closing: 5 + off), money: Self.figures())
        }
        let overview = FinanceOverview(currency: euro, channels: [.email], rollForward: rows, months: [], revenue: [], usage: [], expiry: [:])
        #expect(!overview.addsUp && overview.creditsDifference == 2 && overview.credits.difference == 0)
        #expect(FinanceOverview(currency: euro, channels: [], rollForward: [], months: [], revenue: [], usage: [], expiry: [:]).isEmpty)
    }

    @Test("what expires on the last day of a span is in it")
    func spans() {
        let spans = [nil, 0, 30, 31, 60, 61, 90, 91].map { ExpiryAhead.Span(days: $0) }
        #expect(spans == [.never, .days30, .days30, .days60, .days60, .days90, .days90, .later])
    }
}
