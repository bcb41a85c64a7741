import Domain
import Foundation
import Postgres
import Store

/// A ledger with people at its desk.
public struct DeskFixture: Sendable {
    public let ledger: LedgerFixture
    public let ana: Staff
    public let piret: Staff
    public let customer: CustomerID
    public let ticket: TicketID
    public var store: Store { ledger.store }
    public var shop: ShopID { ledger.shop }
    public var clock: TestClock { ledger.clock }

    /// A ticket with credits of each channel, and two agents.
    public static func with(
        email: Int64 = 5, sms: Int64 = 5, video: Int64 = 1, role: Role = .agent, connectionsMax: Int = 4, pooling: Bool = false,
        _ body: (DeskFixture) async throws -> Void
    ) async throws {
        try await LedgerFixture.with(pooling: pooling, connectionsMax: connectionsMax) { ledger in
            let ana = try await addStaff(ledger, "ana@example.si", "Ana", role)
            let piret = try await addStaff(ledger, "piret@example.ee", "Piret", .agent)
            let customer = try await ledger.addCustomer("Tõnu Jõgi", email: "tonu@example.ee", phone: "+372 5555 0101")
            let ticket = try await ledger.addTicket(customer)
            for (channel, credits) in [("email", email), ("sms", sms), ("video", video)] where credits > 0 {
                try await ledger.entitle(ticket, order: 1, line: 1, channel: channel, credits: credits, low: 1)
            }
            try await body(DeskFixture(ledger: ledger, ana: ana, piret: piret, customer: customer, ticket: ticket))
        }
    }

    public static func addStaff(_ ledger: LedgerFixture, _ email: String, _ name: String, _ role: Role, in shop: ShopID? = nil) async throws -> Staff {
        let (shop, now) = (shop ?? ledger.shop, ledger.clock.now)
        try await ledger.run(
            """
            INSERT INTO staff (shop_id, email, name, role, password_hash, created_at)
            VALUES (\(shop.rawValue)::bigint, \(email), \(name), \(role.rawValue), 'none', \(now)::timestamptz)
            """)
        guard let staff = try await ledger.store.users(of: shop).first(where: { $0.email == email }) else { throw FixtureError("no staff") }
        return staff
    }

    /// What an agent sends who saw everything so far.
    public func outgoing(_ text: String, _ channel: Channel = .email, seen: Int64? = nil) async throws -> Outgoing {
        let version = if let seen { seen } else { try await version() }
        return Outgoing(ticket: ticket, channel: channel, text: text, seenVersion: version)
    }

    public func version() async throws -> Int64 {
        try await ledger.one("SELECT version FROM ticket WHERE ticket_id = \(ticket.rawValue)::bigint")
    }

    public func counter(_ channel: Channel = .email) async throws -> Counter {
        try await store.ticket(ticket, in: shop)?.counters[channel] ?? .zero
    }

    public func page(for staff: Staff? = nil) async throws -> TicketPage {
        guard let page = try await store.ticketPage(ticket, in: shop, for: (staff ?? ana).id) else { throw FixtureError("no page") }
        return page
    }

    /// Claims, prepares and finishes what is due, as the sender does, with one answer for all.
    @discardableResult
    public func sendDue(_ result: SendResult = .accepted(providerID: "p")) async throws -> [SendingMessage] {
        var sent: [SendingMessage] = []
        for claim in try await store.claimMessages(limit: 100) {
            guard let message = try await store.prepareMessage(claim) else { continue }
            sent.append(message)
            try await store.finishMessage(claim, result)
        }
        return sent
    }
}

extension DeskOutcome {
    public var message: MessageView? { if case .done(let message, _) = self { message } else { nil } }
    public var isReplayed: Bool { if case .done(_, true) = self { true } else { false } }
    public var refusal: Refusal? { if case .refused(let refusal, _) = self { refusal } else { nil } }
}

extension CallOutcome {
    public var call: CallView? { if case .done(let call, _) = self { call } else { nil } }
}
