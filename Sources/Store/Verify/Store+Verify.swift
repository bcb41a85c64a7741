import Domain
import Postgres

extension Store {
    /// Tickets proven in one snapshot. A thousand are enough to make the round trips cheap and few enough to finish in a moment.
    public static let verifyTicketsMax = 1_000

    /// Proves P4 and P9 over the whole database and stops at the first row that does not hold.
    ///
    /// Memory is flat: at most `verifyTicketsMax` tickets at a time, and PostgreSQL sends back one row a check. Each range is proven in one
    /// snapshot of its own. A counter, its grants and its entries change in one transaction, so a writer beside it is seen wholly or not at
    /// all and is never taken for an error; but what is written to a range after its turn is not looked at. For a proof of one moment run it
    /// while nothing writes. What is due but not yet recorded is no error.
    public func verify(progress: @Sendable (VerifyFigures) -> Void = { _ in }) async throws -> VerifyReport {
        var report = VerifyReport()
        report.problem = try await pool.transaction(readOnly: true) { try VerifyGuards.firstProblem($0) }
        if report.problem != nil { return report }
        let shops = try await verifiedShops()
        report.figures.shops = shops.count
        for shop in shops {
            try await verifyTickets(of: shop, &report, progress)
            if report.problem == nil {
                report.problem = try await pool.transaction(readOnly: true) { try VerifyTotals.firstProblem($0, shop: shop) }
            }
            if report.problem == nil { try await verifyEntryIDs(of: shop, &report) }
            if report.problem == nil { try await verifyKeys(of: shop, &report, progress) }
            if report.problem != nil { break }
        }
        progress(report.figures)
        return report
    }

    /// Every shop that has tickets, counters or entries, also one that is not in `shop` (any more). Found by skipping through the indexes.
    private func verifiedShops() async throws -> [ShopID] {
        try await pool.transaction(readOnly: true) { connection in
            var shops = Set(try connection.query("SELECT shop_id FROM shop") { try $0.next(ShopID.self) })
            for table in ["counter", "entry", "credit_grant"] {
                let found = try connection.query(
                    """
                    WITH RECURSIVE s AS (
                        SELECT min(shop_id) AS id FROM \(raw: table)
                        UNION ALL SELECT (SELECT min(t.shop_id) FROM \(raw: table) t WHERE t.shop_id > s.id) FROM s WHERE s.id IS NOT NULL)
                    SELECT id FROM s WHERE id IS NOT NULL
                    """
                ) { try $0.next(ShopID.self) }
                shops.formUnion(found)
            }
            return shops.sorted()
        }
    }

    private func verifyTickets(of shop: ShopID, _ report: inout VerifyReport, _ progress: @Sendable (VerifyFigures) -> Void) async throws {
        var after = Int64.min
        while report.problem == nil {
            try Task.checkCancellation()
            let (from, before) = (after, report.figures)
            let step = try await pool.transaction(readOnly: true, isolation: .repeatableRead) { connection in
                // A plan that reads a whole table once per range would make the proof of a large one endless.
                try connection.execute("SET LOCAL enable_seqscan = off")
                let range = try Store.nextRange(connection, shop: shop, after: from)
                var figures = before
                try figures.add(connection, range)
                let problem = try Store.firstProblem(connection, range)
                return (through: range.through, figures: figures, problem: problem)
            }
            report.figures = step.figures
            report.problem = step.problem
            progress(report.figures)
            if step.through == Int64.max { return }
            after = step.through
        }
    }

    /// Up to the ticket that fills the range, or everything that is left.
    private static func nextRange(_ connection: Connection, shop: ShopID, after: Int64) throws -> VerifyRange {
        let last = try connection.queryOne(
            """
            SELECT ticket_id FROM ticket WHERE shop_id = \(shop)::bigint AND ticket_id > \(after)::bigint
             ORDER BY ticket_id OFFSET \(verifyTicketsMax - 1)::bigint LIMIT 1
            """
        ) { try $0.next(Int64.self) }
        return VerifyRange(shop: shop, after: after, through: last ?? Int64.max)
    }

    private static func firstProblem(_ connection: Connection, _ range: VerifyRange) throws -> VerifyProblem? {
        for check in VerifyCheck.all {
            if let problem = try check.run(connection, range) { return problem }
        }
        return nil
    }

    private func verifyEntryIDs(of shop: ShopID, _ report: inout VerifyReport) async throws {
        var after: Int64? = Int64.min
        while let from = after, report.problem == nil {
            let step = try await pool.transaction(readOnly: true, isolation: .repeatableRead) { connection in
                try connection.execute("SET LOCAL enable_seqscan = off")
                guard let through = try VerifyKeys.nextEntries(connection, shop: shop, after: from) else { return (Int64?.none, VerifyProblem?.none) }
                return (through, try VerifyKeys.duplicateEntry(connection, shop: shop, after: from, through: through))
            }
            (after, report.problem) = step
        }
    }

    private func verifyKeys(of shop: ShopID, _ report: inout VerifyReport, _ progress: @Sendable (VerifyFigures) -> Void) async throws {
        var after: String? = ""
        while let from = after, report.problem == nil {
            let step = try await pool.transaction(readOnly: true, isolation: .repeatableRead) { connection in
                guard let next = try VerifyKeys.nextKeys(connection, shop: shop, after: from) else { return (String?.none, 0, VerifyProblem?.none) }
                return (next.last, next.count, try VerifyKeys.answerWithoutEntry(connection, shop: shop, after: from, through: next.last))
            }
            (after, report.problem) = (step.0, step.2)
            report.figures.keys += step.1
            progress(report.figures)
        }
    }
}

extension VerifyFigures {
    fileprivate mutating func add(_ connection: Connection, _ range: VerifyRange) throws {
        let counts = try connection.queryOne(
            """
            SELECT (SELECT count(*) FROM ticket t WHERE \(sql: range.covers("t"))), (SELECT count(*) FROM counter c WHERE \(sql: range.covers("c"))),
                   (SELECT count(*) FROM credit_grant g WHERE \(sql: range.covers("g"))), (SELECT count(*) FROM entry e WHERE \(sql: range.covers("e")))
            """
        ) { row in [try row.next(Int.self), try row.next(Int.self), try row.next(Int.self), try row.next(Int.self)] }
        guard let counts else { return }
        tickets += counts[0]
        counters += counts[1]
        grants += counts[2]
        entries += counts[3]
    }
}
