import Domain
import Foundation
import Postgres
import Store
import TestSupport

/// Work of every kind on a few tickets of two customers, one step after the other. Refusals are part of it.
final class RandomWork {
    private let fixture: LedgerFixture
    private var generator: SplitMix64
    private var tickets: [TicketID] = []
    private var usages: [EntryID] = []
    private var holds: [HoldID] = []
    private let channels = ["email", "sms"]

    init(fixture: LedgerFixture, seed: UInt64) {
        self.fixture = fixture
        generator = SplitMix64(seed: seed)
    }

    func run(steps: Int) async throws {
        for name in ["ana", "boris"] {
            let customer = try await fixture.addCustomer(name, email: "\(name)@example.si")
            for _ in 0..<2 { tickets.append(try await fixture.addTicket(customer)) }
        }
        for _ in 0..<8 { try await sell() }
        try await goOn(steps: steps)
    }

    func goOn(steps: Int) async throws {
        for _ in 0..<steps { try await step() }
    }

    private func step() async throws {
        switch Int.random(in: 0..<12, using: &generator) {
        case 0, 1: try await sell()
        case 2, 3, 4: try await use()
        case 5: try await hold()
        case 6: try await endHold()
        case 7: try await reverse()
        case 8: try await adjust()
        case 9: try await transfer()
        case 10: fixture.clock.advance(seconds: Double.random(in: 0...86_400, using: &generator))
        default: _ = try await fixture.store.settleDue()
        }
    }

    /// An order line as it is now: bought, edited, refunded in part or whole, revived.
    private func sell() async throws {
        let line = Int64.random(in: 1...6, using: &generator)
        let expires = line.isMultiple(of: 2) ? fixture.clock.now.addingTimeInterval(Double.random(in: 60...200_000, using: &generator)) : nil
        try await fixture.entitle(
            tickets[Int(line) % tickets.count], order: line, line: line, channel: channels[Int(line) % 2],
            credits: Int64.random(in: 0...9, using: &generator), of: 9, value: 1001, expires: expires, low: 2, overdraft: 2)
    }

    private func use() async throws {
        let usage = Usage(ticket: ticket(), channel: channel(), quantity: Int64.random(in: 1...4, using: &generator))
        let answer = try await fixture.store.spend(usage, in: fixture.shop, key: .fresh(), by: .commandLine)
        if answer.isSuccess { usages.append(try answer.entryID()) }
    }

    private func hold() async throws {
        let answer = try await fixture.store.placeHold(
            ticket: ticket(), channel: channel(), quantity: Int64.random(in: 1...3, using: &generator),
            expiresInSeconds: Int.random(in: 1...86_400, using: &generator), in: fixture.shop, key: .fresh(), by: .commandLine)
        if answer.isSuccess { holds.append(try answer.holdID()) }
    }

    private func endHold() async throws {
        guard let hold = holds.randomElement(using: &generator) else { return }
        if Bool.random(using: &generator) {
            _ = try await fixture.store.release(hold: hold, in: fixture.shop, key: .fresh(), by: .commandLine)
            return
        }
        let answer = try await fixture.store.capture(
            hold: hold, quantity: Int64.random(in: 1...4, using: &generator), in: fixture.shop, key: .fresh(), by: .commandLine)
        if answer.isSuccess { usages.append(try answer.entryID()) }
    }

    private func reverse() async throws {
        guard let usage = usages.randomElement(using: &generator) else { return }
        let quantity = Bool.random(using: &generator) ? nil : Int64(1)
        _ = try await fixture.store.reverse(
            usage: usage, quantity: quantity, reason: "other", in: fixture.shop, key: .fresh(), by: .commandLine)
    }

    private func adjust() async throws {
        let quantity = Int64.random(in: -2...2, using: &generator)
        _ = try await fixture.store.adjust(
            ticket: ticket(), channel: channel(), quantity: quantity == 0 ? 3 : quantity, reason: "goodwill", note: "random",
            in: fixture.shop, key: .fresh(), by: .commandLine)
    }

    private func transfer() async throws {
        _ = try await fixture.store.transfer(
            from: ticket(), to: ticket(), channel: channel(), quantity: Int64.random(in: 1...3, using: &generator), reason: "other",
            note: "random", in: fixture.shop, key: .fresh(), by: .commandLine)
    }

    private func ticket() -> TicketID { tickets.randomElement(using: &generator) ?? tickets[0] }
    private func channel() -> String { channels.randomElement(using: &generator) ?? "email" }
}
