import Foundation
import Reports
import TestSupport
import Testing

/// Finance at a terminal.
@Suite struct ReportCommandTests {
    @Test("every report is a file, its checks are told beside it, and a wrong word is named")
    func reports() async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            try await fixture.importPlans()
            let ticket = try await fixture.ticket()
            try await fixture.succeed("use", "\(ticket)", "--channel", "email", "--quantity", "2", "--key", "k")
            try await fixture.succeed("shop", "set", "demo", "--premium-call-minor", "199")
            for report in FinanceReport.allCases where report != .statement {
                let csv = try await fixture.succeed("report", report.rawValue)
                #expect(csv.output.components(separatedBy: "\r\n").count > 2, "\(report): \(csv.output)")
            }
            let year = String(Calendar(identifier: .gregorian).component(.year, from: Date()))
            let footed = try await fixture.succeed("report", "roll-forward", "--period", year, "--format", "jsonl")
            #expect(footed.errors.contains("ok: EUR: opening + sold"))
            #expect(try await fixture.succeed("report", "usage", "--by", "agent,channel").output.contains("email,operator"))
            #expect(try await fixture.succeed("report", "calls-avoided").output.contains("1.99"))
            let bad = try await fixture.run("report", "usage", "--by", "colour")
            #expect(bad.exitCode == 2 && bad.errors.contains("by"))
            let journal = try await fixture.succeed("report", "journal", "--for", "xero", "--period", year, "--folder", fixture.folder)
            let file = journal.output.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("*Narration,*Date"))
        }
    }

    @Test("a month is closed with a note, and reopened loudly")
    func periods() async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            let closed = try await fixture.succeed("period", "close", "2020-01", "--note", "all checked")
            #expect(closed.output.contains("nothing is dated before 2020-02-01 (Europe/Ljubljana)"))
            #expect(try await fixture.run("period", "close", "2020-01", "--note", "again").exitCode == 1)
            #expect(try await fixture.run("period", "close", "2020-13", "--note", "n").exitCode == 2)
            #expect(try await fixture.succeed("period", "reopen", "2020-01", "--note", "one was missing").output.contains("REOPENED"))
            let list = try await fixture.succeed("period", "list")
            #expect(try await fixture.succeed("period", "list", "--json").output.contains(#""reopen_note":"one was missing""#))
            #expect(list.output.contains("all checked") && list.output.contains("one was missing"))
        }
    }
}
