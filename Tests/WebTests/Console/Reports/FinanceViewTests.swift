import Domain
import Foundation
import Testing

@testable import Reports
@testable import Store
@testable import Web

@Suite("finance's figures on a page")
struct FinanceViewTests {
    static func overview(isOff: Bool = false, isEmpty: Bool = false) throws -> FinanceOverview {
        let (euro, yen) = (try #require(Currency("EUR")), try #require(Currency("JPY")))
        let months = FinanceOverview.months(through: try #require(CivilDay(year: 2026, month: 5, day: 31)))
        let channels: [Channel] = [.email, .sms, .video]
        if isEmpty { return FinanceOverview(currency: euro, channels: channels, rollForward: [], months: months, revenue: [], usage: [], expiry: [:]) }
        var (usage, revenue) = ([UsedCredits](), [RevenueRow]())
        for (index, month) in months.enumerated() {
            for (place, channel) in channels.enumerated() {
                usage.append(UsedCredits(month: month, channel: channel, currency: euro, credits: Int64((index + 1) * (7 - 2 * place))))
            }
            let used = Int64(index + 1) * 15_000
            revenue.append(
                RevenueRow(month: month, currency: euro, sold: used + 21_000, usage: used, breakage: 700, withdrawn: 0, corrected: 0, refunded: 50))
        }
        var figures = RollForwardFigures()
        (figures.opening, figures.sold, figures.used, figures.expired, figures.closing) = (150, 195, 180, 3, isOff ? 161 : 162)
        var money = RollForwardFigures()
        (money.opening, money.sold, money.used, money.expired, money.refunded) = (250_000, 201_000, 180_000, 700, 50)
        money.closing = isOff ? 269_045 : 270_250
        let rows = [
            RollForwardRow(currency: euro, plan: "START", channel: .email, credits: figures, money: money),
            RollForwardRow(currency: yen, plan: "START", channel: .email, credits: .init(), money: .init()),
        ]
        let expiry = ExpiryAhead.Span.allCases.enumerated().map { index, span in
            var ahead = ExpiryAhead(span: span)
            (ahead.credits, ahead.value) = (4, [12_000, 30_500, 9_950, 140_300, 77_500][index])
            return (span, ahead)
        }
        return FinanceOverview(
            currency: euro, channels: channels, rollForward: rows, months: months, revenue: revenue, usage: usage,
            expiry: Dictionary(expiry, uniquingKeysWith: { $1 }))
    }

    static func html(_ language: Language, _ overview: FinanceOverview) throws -> String {
        let catalogue = try Catalogue(language, yaml: ConsoleFiles.text("languages/\(language.rawValue).yaml"))
        let localizer = Localizer(catalogue: catalogue, zone: .utc, now: Date(timeIntervalSince1970: 1_780_000_000))
        let today = try #require(CivilDay(year: 2026, month: 5, day: 30))
        let filter = try ReportPageFilter(.none, today: today)
        let data = FinanceView.frame(filter, today: today, localizer).merging(FinanceView(overview: overview, localizer: localizer).data)
        let frame: PageData = ["t": .texts(TextNode(localizer: localizer)), "lang": .text(language.rawValue), "title": .text("Reports")]
        return try Templates().render("reports", frame.merging(data))
    }

    @Test("four charts, each with its description and its table; the sum has its tick", arguments: Language.allCases)
    func figures(_ language: Language) throws {
        let page = try Self.html(language, Self.overview())
        #expect(page.components(separatedBy: "<svg ").count == 5 && page.components(separatedBy: "<details class=\"more\">").count == 5)
        #expect(!page.contains("&lt;svg") && !page.contains("style=\"") && !page.contains("reports.") && !page.contains("expiry_span."))
        #expect(page.contains("id=\"footing\"") && page.contains("notice good"))
        if let folder = ProcessInfo.processInfo.environment["SUPPORTMETER_SCREENSHOTS"] {
            try page.write(toFile: "\(folder)/reports-\(language.rawValue).html", atomically: true, encoding: .utf8)
        }
    }

    @Test("a sum that is off is red, and says by how much")
    func off() throws {
        let page = try Self.html(.en, Self.overview(isOff: true))
        #expect(page.contains("notice bad") && page.contains("It does not add up. The difference: 1 credits and €12.05."))
    }

    @Test("amounts are of one currency, and the page says so; nothing at all is a page that says what to do")
    func currencies() throws {
        let page = try Self.html(.en, Self.overview())
        #expect(page.contains("Amounts of one currency only:") && page.contains("<option value=\"JPY\">") && page.contains("<option value=\"EUR\" selected>"))
        let empty = try Self.html(.sl, Self.overview(isEmpty: true))
        #expect(empty.contains("V tem obdobju ni ničesar") && !empty.contains("<svg "))
    }

    @Test("a filter is its address and back; without one it is this month; months, quarters and years end where they end")
    func filter() throws {
        let today = try #require(CivilDay(year: 2028, month: 2, day: 10))
        let month = try ReportPageFilter(.none, today: today)
        #expect(month.query == "from=2028-02-01&through=2028-02-29")
        let query = "from=2026-01-15&through=2026-03-31&plan=Podpora%20START&channel=sms&currency=JPY"
        #expect(try ReportPageFilter(try #require(Form(query[...])), today: today).query == query)
        #expect(try ReportPageFilter(try #require(Form("from=2026-04")), today: today).query == "from=2026-04-01&through=2026-04-30")
        #expect(try ReportPageFilter(try #require(Form("through=2026-04-09")), today: today).query == "from=2026-04-01&through=2026-04-09")
        for wrong in ["from=x", "channel=E+mail", "currency=euro", "from=2026-05-02&through=2026-05-01"] {
            #expect(throws: Refusal.self) { try ReportPageFilter(try #require(Form(wrong[...])), today: today) }
        }
        let quarter = ReportPageFilter.quarter(of: try #require(CivilDay(year: 2026, month: 11, day: 30)))
        #expect("\(quarter.from) \(quarter.through)" == "2026-10-01 2026-12-31")
        #expect("\(ReportPageFilter.year(of: today).through)" == "2028-12-31")
    }
}
