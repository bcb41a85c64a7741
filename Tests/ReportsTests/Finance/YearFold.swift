import Domain
import Foundation
import Reports
import Store
import TestSupport
import Testing

/// What `fold.py` makes of the exported entries.
struct YearFold: Decodable {
    let rows: Int
    let liability: [[String: [Int64]]]
    let rollforward: [[String: [Int64]]]
    let revenue: [[String: [Int64]]]
    let problems: [String]
    let lines: [String: [Int64]]
    let looked: Int

    static func make(_ store: Store, _ shop: Shop, instants: [Date], months: [YearMonth]) async throws -> YearFold {
        var told: YearFold?
        try await SheetReaders.inFolder { folder in
            let path = folder + "/entries.jsonl"
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            _ = try await EntriesReport(store, shop: shop).stream(as: .jsonLines) { piece in try file.write(contentsOf: piece) }
            try file.close()
            let asked: [String: Any] = ["instants": instants.map(Timestamp.text), "periods": months.map { [Timestamp.text($0.since), Timestamp.text($0.until)] }]
            try JSONSerialization.data(withJSONObject: asked).write(to: URL(fileURLWithPath: folder + "/asked.json"))
            let run = try await OtherProgram.run("/usr/bin/python3", [SheetReaders.script("fold.py"), path, folder + "/asked.json"])
            #expect(run.status == 0, "\(run.output.suffix(2_000))")
            told = try JSONDecoder().decode(YearFold.self, from: Data(run.output.utf8))
        }
        return try #require(told)
    }
}

/// A month of the shop's zone.
struct YearMonth: CustomStringConvertible {
    let first: CivilDay
    let since: Date
    let until: Date
    var description: String { String(first.description.prefix(7)) }

    static func all(from first: Date, through last: Date, zone: ShopZone) -> [YearMonth] {
        var months: [YearMonth] = []
        let day = zone.day(of: first)
        var month = CivilDay(year: day.year, month: day.month, day: 1)
        while let begin = month, zone.firstInstant(of: begin) <= last {
            let next = begin.adding(days: 31)
            month = CivilDay(year: next.year, month: next.month, day: 1)
            if let month { months.append(YearMonth(first: begin, since: zone.firstInstant(of: begin), until: zone.firstInstant(of: month))) }
        }
        return months
    }
}

/// Where a long year has come to, on standard error; small years say nothing.
struct YearLog {
    private let began = ContinuousClock.now

    func note(_ text: String) {
        guard GeneratedYear.ordersAsked > GeneratedYear.ordersDefault else { return }
        let seconds = (ContinuousClock.now - began).components.seconds
        FileHandle.standardError.write(Data("year: \(seconds) s: \(text)\n".utf8))
    }
}
