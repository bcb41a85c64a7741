import Domain
import Postgres

/// A ticket's counters as `spend_at_once` keeps them with a key: as they were before the spends that were decided together.
struct CounterFigures: Sendable {
    let channels: [Channel]
    let figures: FigureList

    /// The counters as a usage of `channel` left them; what its own channel had used then follows from the balance after it.
    func after(_ channel: Channel, balance: Int64) -> [Channel: Counter] {
        var counters: [Channel: Counter] = [:]
        for (place, name) in channels.enumerated() {
            let from = place * FigureList.perChannel
            guard from + FigureList.perChannel <= figures.numbers.count else { break }
            let numbers = figures.numbers[from..<(from + FigureList.perChannel)]
            var counter = Counter(
                granted: numbers[from], used: numbers[from + 1], held: numbers[from + 2], expired: numbers[from + 3], revoked: numbers[from + 4],
                shortfall: numbers[from + 5])
            if name == channel { counter.used += counter.remaining - balance }
            counters[name] = counter
        }
        return counters
    }
}

/// PostgreSQL's text of an array of arrays of whole numbers, `{{5,1,0},{3,0,0}}`, as one list.
struct FigureList: PostgresValue {
    /// granted, used, held, expired, revoked, shortfall
    static let perChannel = 6

    let numbers: [Int64]

    var postgresText: String? { nil }

    static func decode(postgresText: Span<UInt8>) -> FigureList? {
        var numbers: [Int64] = []
        var number: Int64?
        for index in 0..<postgresText.count {
            let byte = postgresText[index]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let (tens, isTooLarge) = (number ?? 0).multipliedReportingOverflow(by: 10)
                let (sum, isTooLargeNow) = tens.addingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
                guard !isTooLarge, !isTooLargeNow else { return nil }
                number = sum
            case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ","):
                if let whole = number { numbers.append(whole) }
                number = nil
            default: return nil // no figure of a counter is below zero
            }
        }
        return FigureList(numbers: numbers)
    }
}
