import Foundation

/// How many histories a run makes, and from which seed.
///
/// `SUPPORTMETER_HISTORIES`: how many (1 to 1,000,000, default 2,000). `SUPPORTMETER_HISTORY_SEED`: the seed of the first; the next has the
/// next number. Absent, it follows the day, so that every day sees other histories.
struct HistorySettings: Sendable {
    static let historiesDefault = 2_000
    static let workers = 6
    static let failuresMax = 3

    let seed: UInt64
    let count: Int

    init(seed: UInt64, count: Int) { (self.seed, self.count) = (seed, count) }

    init(_ environment: [String: String] = ProcessInfo.processInfo.environment, now: Date = Date()) {
        let day = UInt64(max(0, now.timeIntervalSince1970) / 86_400)
        seed = environment["SUPPORTMETER_HISTORY_SEED"].flatMap { UInt64($0) } ?? day * 1_000_000
        count = environment["SUPPORTMETER_HISTORIES"].flatMap { Int($0) }.map { min(max($0, 1), 1_000_000) } ?? HistorySettings.historiesDefault
    }

    /// The command that runs one history again.
    static func command(seed: UInt64) -> String { "SUPPORTMETER_HISTORY_SEED=\(seed) SUPPORTMETER_HISTORIES=1 swift test --filter StoreTests.HistoryTests" }
}
