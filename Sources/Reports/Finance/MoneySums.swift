import Domain
import Synchronization

/// Sums by currency while rows go by.
final class MoneySums: Sendable {
    private let sums = Mutex<[Currency: [Int64]]>([:])
    private let figures: Int

    init(figures: Int) { self.figures = figures }

    func add(_ currency: Currency, _ amounts: [Int64]) {
        sums.withLock { sums in
            let before = sums[currency] ?? [Int64](repeating: 0, count: figures)
            sums[currency] = zip(before, amounts).map { $0 + $1 }
        }
    }

    /// By currency.
    var all: [(currency: Currency, figures: [Int64])] {
        sums.withLock { sums in sums.sorted { $0.key.code < $1.key.code }.map { ($0.key, $0.value) } }
    }
}
