import Domain
import Foundation
import Store

extension HistoryStep {
    var makesHold: Bool { if case .hold = self { true } else { false } }
    var makesUsage: Bool {
        switch self {
        case .use, .capture: true
        default: false
        }
    }
}

extension LedgerModel {
    /// The step as the oracle takes it. A step may name a hold or a usage that was never made.
    mutating func run(_ timed: TimedStep) -> Outcome {
        let now = timed.at
        switch timed.step {
        case .sight(let order, _): return .success(apply(order: order, seenAt: now))
        case .use(let ticket, let channel, let quantity): return use(ticket, channel, quantity, now: now)
        case .hold(let ticket, let channel, let quantity, let seconds):
            return hold(ticket, channel, quantity, deadline: Timestamp.rounded(now.addingTimeInterval(Double(seconds))), now: now)
        case .capture(let hold, let quantity): return capture(HoldID(Int64(hold + 1)), quantity, now: now)
        case .release(let hold): return release(HoldID(Int64(hold + 1)), now: now)
        case .extend(let hold, let seconds):
            return extend(HoldID(Int64(hold + 1)), deadline: Timestamp.rounded(now.addingTimeInterval(Double(seconds))), now: now)
        case .reverse(let usage, let quantity): return reverse(usageID(usage), quantity, now: now)
        case .adjust(let ticket, let channel, let quantity, let expiresAt):
            return adjust(ticket, channel, by: quantity, expiresAt: expiresAt.map(Timestamp.rounded), now: now)
        case .transfer(let ticket, let other, let channel, let quantity):
            return transfer(channel, quantity, from: ticket, to: other, now: now)
        case .close(let ticket):
            setStatus(.closed, of: ticket)
            return .success(advance(to: now))
        }
    }

    /// The id of the usage that was made at that place: usages are numbered as they are booked.
    private func usageID(_ place: Int) -> EntryID {
        let ids = usages.keys.sorted()
        return ids.indices.contains(place) ? ids[place] : EntryID(0)
    }
}
