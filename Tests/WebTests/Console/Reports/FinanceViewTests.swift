import Domain
import Foundation
import Reports
import Testing

@testable import Web

@Suite("finance's figures on a page")
struct FinanceViewTests {
    static func overview(isOff: Bool = false, isEmpty: Bool = false) throws -> FinanceOverview {
        let (euro, yen) = (try #require(Currency("EUR")), try #require(Currency("JPY")))
        let months = ReportFilter.months(through: try #require(CivilDay(year: 2026, month: 5, day: 31)), count: 12)
        if isEmpty { return FinanceOverview(currency: euro, period: [], monthly: [], months: months, expiry: [], channels: [.email, .sms, .video]) }
        var monthly: [ChannelMovements] = []
        for (index, month) in months.enumerated() {
            for (place, channel) in [Channel.email, .sms, .video].enumerated() {
                let used = Int64((index + 1) * (7 - 2 * place))
                monthly.append(
                    ChannelMovements(
                        start: month, channel: channel, currency: euro, credits: Movements(opening: 50, sold: used + 5, used: used, expired: 1, closing: 54),
                        value: Movements(opening: 50_000, sold: used * 1_000 + 5_000, used: used * 1_000, expired: 700, refunded: 50, closing: 54_250)))
            }
        }
        let last = months[months.count - 1]
        let wrong = ChannelMovements(start: last, channel: .sms, currency: euro, credits: Movements(opening: 3, closing: 2), value: Movements(sold: 1_205))
        let japan = ChannelMovements(start: last, channel: .sms, currency: yen, credits: .none, value: Movements(sold: 500, closing: 500))
        let spans: [(ExpiryAhead.Span, Int64)] = [(.days30, 12_000), (.days60, 30_500), (.days90, 9_950), (.later, 80_300), (.never, 30_000)]
        let expiry = spans.map { ExpiryAhead(span: $0.0, currency: euro, credits: 4, value: $0.1) }
        return FinanceOverview(
            currency: euro, period: monthly.filter { $0.start == last } + [japan] + (isOff ? [wrong] : []), monthly: monthly, months: months, expiry: expiry,
            channels: [.email, .sms, .video])
    }

    static func html(_ language: Language, _ overview: FinanceOverview) throws -> String {
        let catalogue = try Catalogue(language, yaml: ConsoleFiles.text("languages/\(language.rawValue).yaml"))
        let localizer = Localizer(catalogue: catalogue, zone: .utc, now: Date(timeIntervalSince1970: 1_780_000_000))
        let today = try #require(CivilDay(year: 2026, month: 5, day: 30))
        let filter = try ReportFilter(.none, today: today)
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
        let month = try ReportFilter(.none, today: today)
        #expect(month.query == "from=2028-02-01&through=2028-02-29")
        let query = "from=2026-01-15&through=2026-03-31&plan=7&channel=sms&currency=JPY"
        #expect(try ReportFilter(try #require(Form(query[...])), today: today).query == query)
        #expect(try ReportFilter(try #require(Form("from=2026-04")), today: today).query == "from=2026-04-01&through=2026-04-30")
        #expect(try ReportFilter(try #require(Form("through=2026-04-09")), today: today).query == "from=2026-04-01&through=2026-04-09")
        for wrong in ["from=x", "plan=x", "channel=E+mail", "currency=euro", "from=2026-05-02&through=2026-05-01"] {
            #expect(throws: Refusal.self) { try ReportFilter(try #require(Form(wrong[...])), today: today) }
        }
        let quarter = ReportFilter.quarter(of: try #require(CivilDay(year: 2026, month: 11, day: 30)))
        #expect("\(quarter.from) \(quarter.through)" == "2026-10-01 2026-12-31")
        #expect("\(ReportFilter.year(of: today).through)" == "2028-12-31")
        #expect(ReportFilter.months(through: today, count: 3).map(\.description) == ["2027-12-01", "2028-01-01", "2028-02-01"])
    }
}
