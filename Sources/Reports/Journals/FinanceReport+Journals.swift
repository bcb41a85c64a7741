import Domain
import Store

extension FinanceReport {
    /// A journal for each month and currency of the period: what was sold is owed, what was used or expired is revenue, what went back is owed no longer.
    ///
    /// On the shop's accounts, those of a closed month being what they were when it was closed; what `instead` names is taken instead.
    public static func journals(
        _ store: Store, shop: Shop, words: FinanceReportWords, instead: JournalSettings = JournalSettings()
    ) async throws -> Result<[Journal], Refusal> {
        guard case .success(let period) = ReportPeriod.parse(period: words.period, from: words.from, through: words.through) else {
            return ReportPeriod.parse(period: words.period, from: words.from, through: words.through).map { _ in [] }
        }
        try await store.settleForReport()
        let filter = ReportFilter(since: period.since(in: shop.zone), until: period.until(in: shop.zone), plan: words.plan)
        let closings = try await store.periods(of: shop.id)
        return .success(
            try await store.revenue(of: shop, filter).map { row in
                let own = closings.closing(of: row.month)?.journal ?? shop.journal
                return journal(row, JournalAccounts(instead.over(own)))
            })
    }

    /// The journals of a period in one currency, the shop's unless the words name another, as one file; nil when there is nothing to book. Refused where the
    /// accounting program would need several, since it takes only so many lines a file.
    public static func journalFile(
        _ store: Store, shop: Shop, words: FinanceReportWords, as format: JournalFormat
    ) async throws -> Result<(file: JournalFiles.File, currency: Currency)?, Refusal> {
        guard let currency = words.currency.map({ Currency($0) }) ?? .some(shop.currency) else {
            return .failure(.invalidField(field: "currency", expected: "three capital letters of ISO 4217 such as EUR"))
        }
        switch try await journals(store, shop: shop, words: words) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let journals):
            let files = try JournalFiles.files(journals.filter { $0.currency == currency }, as: format)
            guard files.count <= 1 else {
                return .failure(.invalidField(field: "through", expected: "a shorter period: the journal needs \(files.count) files"))
            }
            return .success(files.first.map { ($0, currency) })
        }
    }

    static func journal(_ row: RevenueRow, _ accounts: JournalAccounts) -> Journal {
        let month = row.month.description.prefix(7)
        let next = row.month.adding(days: 31)
        let last = CivilDay(year: next.year, month: next.month, day: 1)?.adding(days: -1) ?? row.month
        func pair(_ debit: String, _ credit: String, _ amount: Int64, _ memo: String) -> [JournalLine] {
            [JournalLine(account: debit, .debit, minorUnits: amount, memo: memo), JournalLine(account: credit, .credit, minorUnits: amount, memo: memo)]
        }
        let lines =
            pair(accounts.clearing, accounts.contractLiability, row.sold, "Credits sold \(month)")
            + pair(accounts.contractLiability, accounts.usageRevenue, row.usage, "Credits used \(month)")
            + pair(accounts.contractLiability, accounts.breakageRevenue, row.breakage, "Credits expired \(month)")
            + pair(accounts.contractLiability, accounts.otherRevenue, row.withdrawn + row.corrected, "Corrections and refunds beyond unused credits \(month)")
            + pair(accounts.contractLiability, accounts.clearing, row.refunded, "Refunded \(month)")
        return Journal(number: "SM-\(month)-\(row.currency)", day: last, currency: row.currency, narration: "Support credits \(month)", lines: lines, taxRate: accounts.taxRate)
    }
}
