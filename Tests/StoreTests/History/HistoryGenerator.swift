import Domain
import Foundation
import Store
import TestSupport

/// Makes a history from its seed. The model alone runs beside it, so that steps are about what is there at the time.
struct HistoryGenerator {
    static let stepsMin = 12
    static let stepsMax = 32

    private var random: SplitMix64
    private var model: LedgerModel
    private var orders: HistoryOrders
    private var holds = 0
    private var usages = 0

    /// The history of that seed, for the shop with or without pooling (the seed says which) out of `shops`.
    static func history(seed: UInt64, number: Int, shops: (plain: ShopID, pooling: ShopID)) -> History {
        var random = SplitMix64(seed: seed)
        let pooling = random.oneIn(2)
        var history = History(seed: seed, number: number, pooling: pooling, steps: [])
        let model = HistoryWorld.model(shop: pooling ? shops.pooling : shops.plain, pooling: pooling)
        guard let orders = HistoryOrders(history.firstOrder, email: history.email) else { return history }
        var generator = HistoryGenerator(random: random, model: model, orders: orders)
        for index in 0..<Int.random(in: stepsMin...stepsMax, using: &generator.random) {
            history.steps.append(generator.next(isFirst: index == 0))
        }
        return history
    }

    private init(random: SplitMix64, model: LedgerModel, orders: HistoryOrders) {
        self.random = random
        self.model = model
        self.orders = orders
    }

    private mutating func next(isFirst: Bool) -> TimedStep {
        let now = isFirst ? model.now : instant()
        model.advance(to: now)
        let timed = TimedStep(at: now, step: isFirst || model.tickets.isEmpty ? orders.sight(at: now, &random) : step(at: now))
        switch model.run(timed) {
        case .success where timed.step.makesHold: holds += 1
        case .success where timed.step.makesUsage: usages += 1
        default: break
        }
        return timed
    }

    /// Seconds, days or months later; or just before, at, or just after what falls due next.
    private mutating func instant() -> Date {
        if random.oneIn(4), let due = random.pick(dues()) {
            return max(model.now, Timestamp.rounded(due.addingTimeInterval(random.pick([-0.000_001, 0, 0, 0.000_001]) ?? 0)))
        }
        let seconds: Double =
            switch Int.random(in: 0..<10, using: &random) {
            case 0, 1, 2: 0
            case 3, 4, 5: Double(Int.random(in: 1...900, using: &random))
            case 6, 7: Double(Int.random(in: 1...86_400, using: &random)) + 0.123_457
            case 8: Double(Int.random(in: 1...40, using: &random)) * 86_400
            default: Double(Int.random(in: 30...200, using: &random)) * 86_400
            }
        return Timestamp.rounded(model.now.addingTimeInterval(seconds))
    }

    private func dues() -> [Date] {
        let deadlines = model.holds.values.filter { $0.state == .held }.map(\.deadline)
        return (deadlines + model.grants.values.compactMap(\.expiresAt)).filter { $0 > model.now }.sorted()
    }

    private mutating func step(at now: Date) -> HistoryStep {
        let ticket = ticket()
        let channel = random.pick(HistoryWorld.channels) ?? .email
        let quantity = random.oneIn(5) ? max(1, model.counter(ticket, channel).remaining + (random.oneIn(3) ? 1 : 0)) : random.upTo(4)
        let part = random.oneIn(2) ? nil : random.upTo(6)
        let seconds = random.pick([1, 60, 900, 3_600, 86_400]) ?? 900
        switch Int.random(in: 0..<24, using: &random) {
        case 0...4: return orders.sight(at: now, &random)
        case 5...9: return .use(ticket, channel, quantity)
        case 10...12: return .hold(ticket, channel, quantity, seconds: seconds)
        case 13...15:
            let hold = recent(holds)
            return .capture(hold: hold, random.oneIn(3) ? beyond(hold) : part)
        case 16: return random.oneIn(2) ? .release(hold: recent(holds)) : .extend(hold: recent(holds), seconds: seconds)
        case 17...19: return .reverse(usage: recent(usages), part)
        case 20: return .adjust(ticket, channel, quantity, expiresAt: random.oneIn(2) ? now.addingTimeInterval(Double(seconds)) : nil)
        case 21: return .adjust(ticket, channel, -quantity, expiresAt: nil)
        case 22: return .transfer(ticket, to: self.ticket(), channel, quantity)
        default: return random.oneIn(3) ? .close(ticket) : .transfer(ticket, to: self.ticket(), channel, quantity)
        }
    }

    /// As many credits as a capture of the hold could find, and a few more: at and beyond what the plan lets it owe.
    private mutating func beyond(_ place: Int) -> Int64? {
        guard let hold = model.holds[HoldID(Int64(place + 1))] else { return nil }
        let there = model.counter(hold.ticket, hold.channel).remaining + model.pool(hold.ticket, hold.channel)
        return hold.quantity + there + random.upTo(3)
    }

    /// Mostly one that is there.
    private mutating func ticket() -> TicketID {
        TicketID(random.oneIn(40) ? 99 : random.upTo(Int64(model.tickets.count)))
    }

    /// Mostly the last; sometimes one that is not there.
    private mutating func recent(_ count: Int) -> Int {
        random.oneIn(2) ? count - 1 : Int.random(in: 0...max(count, 1), using: &random)
    }
}
