import Synchronization

/// What is there of each account when a statement ends, taken from its lines while they go by.
public final class StatementClosing: Sendable {
    private let last = Mutex<[StatementAccount: StatementBalance]>([:])

    public init() {}

    public func add(_ rows: [StatementRow]) {
        last.withLock { last in for row in rows { last[row.account] = row.balance } }
    }

    /// By account.
    public var all: [(account: StatementAccount, balance: StatementBalance)] {
        last.withLock { last in last.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
    }
}
