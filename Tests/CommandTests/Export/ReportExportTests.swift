import Foundation
import Store
import TestSupport
import Testing

/// A month's files by hand.
@Suite struct ReportExportTests {
    @Test("a month is written whole with checksums that sha256sum accepts, and never over what is there")
    func byHand() async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            try await fixture.importPlans()
            let shop = try #require(try await fixture.test.store.allShops().first)
            let month = try await PastMonth.live(fixture.test.database.pool, shop: shop.id)
            let run = try await fixture.succeed("report", "export", "--month", month.name, "--out", fixture.folder)
            let folder = ExportedFolder(path: run.output.trimmingCharacters(in: .whitespacesAndNewlines))
            #expect(folder.path == fixture.folder + "/demo/" + month.name)
            try await folder.check()
            for report in ["roll-forward", "usage", "liability", "revenue", "orders", "calls-avoided", "entries"] {
                for ending in ["csv", "xlsx", "jsonl"] { #expect(folder.files.contains("\(report).\(ending)"), "\(report).\(ending)") }
            }
            #expect(folder.files.contains("journal-quickbooks-1.csv") && folder.files.contains("journal-xero-EUR-1.csv"))
            #expect(folder.manifest["books"] as? String == "open" && folder.manifest["adds_up"] as? Bool == true)
            let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/orders.csv")[.posixPermissions] as? Int
            #expect(mode == 0o600)

            try await fixture.succeed("period", "close", month.name, "--note", "all checked")
            let again = try await fixture.succeed("report", "export", "--month", month.name, "--out", fixture.folder)
            #expect(again.output.hasSuffix("/\(month.name)-r2\n"))
            let closed = ExportedFolder(path: folder.path + "-r2")
            try await closed.check()
            #expect((closed.manifest["closing"] as? [String: Any])?["note"] as? String == "all checked")
            for name in ["roll-forward.csv", "entries.jsonl", "revenue.csv", "liability.jsonl", "orders.csv", "entries.xlsx"] {
                #expect(FileManager.default.contentsEqual(atPath: folder.path + "/" + name, andPath: closed.path + "/" + name), "\(name)")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder + "/demo").count == 2)
        }
    }

    @Test("a month that is not over, a folder that is not there and a file in its place are refused by one line")
    func refused() async throws {
        try await CommandFixture.with { fixture in
            try await fixture.addShop()
            let now = String(Timestamp.text(Date().addingTimeInterval(86_400)).prefix(7))
            let early = try await fixture.run("report", "export", "--month", now, "--out", fixture.folder)
            #expect(early.exitCode == 2 && early.errors.contains("month that is over"))
            let missing = try await fixture.run("report", "export", "--month", "2020-01", "--out", fixture.folder + "/none")
            #expect(missing.exitCode == 1 && missing.errors.contains("no such folder"), "\(missing.errors)")
            let file = try fixture.file("taken", "x")
            let taken = try await fixture.run("report", "export", "--month", "2020-01", "--out", file)
            #expect(taken.exitCode == 1 && taken.errors.contains("not a folder"))
        }
    }
}
