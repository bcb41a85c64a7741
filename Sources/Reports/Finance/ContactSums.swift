import Domain
import Synchronization

/// Contacts by month and channel over all currencies, while rows go by.
final class ContactSums: Sendable {
    private struct Key: Hashable {
        let month: CivilDay
        let channel: Channel
    }
    private let sums = Mutex<[Key: Int64]>([:])

    func add(_ month: CivilDay, _ channel: Channel, _ contacts: Int64) {
        sums.withLock { $0[Key(month: month, channel: channel), default: 0] += contacts }
    }

    /// By month, then channel.
    var all: [(month: CivilDay, channel: Channel, contacts: Int64)] {
        sums.withLock { sums in
            sums.sorted { ($0.key.month, $0.key.channel) < ($1.key.month, $1.key.channel) }.map { ($0.key.month, $0.key.channel, $0.value) }
        }
    }
}
