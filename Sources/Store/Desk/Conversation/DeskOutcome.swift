import Domain
import FoundationEssentials
import Postgres

/// What became of something that an agent did on a ticket.
public enum DeskOutcome: Sendable, Hashable {
    /// Done; `isReplayed` when the same click had done it before.
    case done(MessageView, isReplayed: Bool)
    /// Somebody else, or the customer, added something since the agent looked. Nothing was written and nothing charged.
    case overtaken(by: [MessageView], version: Int64)
    /// Not done; where credits are missing, with the ways out.
    case refused(Refusal, WaysOut?)
}

/// What an agent can do when nothing is left.
public struct WaysOut: Sendable, Hashable {
    /// Where the customer can buy more; nil when the plan names no place.
    public let topUpURL: String?
    /// What the agent's role may still give on this ticket today; `.none`: ask somebody who may.
    public let goodwill: Allowance
    /// An internal note costs nothing.
    public let mayWriteNote: Bool

    static func load(_ connection: Connection, _ decision: Decision, ticket: TicketID, now: Date) throws -> WaysOut {
        let caller = decision.caller
        var goodwill = caller.allowance(for: .adjust, leadCap: decision.shop.leadCap)
        if case .credits(let cap) = goodwill {
            let dayStart = decision.shop.zone.firstInstant(of: decision.shop.zone.day(of: now))
            let moved = try connection.queryOne(
                "SELECT moved_today(\(decision.shop.id)::bigint, \(ticket)::bigint, \(caller.role), \(dayStart)::timestamptz)"
            ) { try $0.next(Int64.self) }
            goodwill = .credits(max(0, cap - (moved ?? 0)))
        }
        return WaysOut(
            topUpURL: try TopUp.url(connection, shop: decision.shop.id, ticket: ticket), goodwill: goodwill,
            mayWriteNote: caller.refusal(for: .spend) == nil)
    }
}

/// A result that can say no, and that can be found again under the key that it was done under.
protocol KeyedResult: Sendable {
    static func refused(_ refusal: Refusal) -> Self
    /// The number that finds what was done again; nil when nothing was done: then nothing is kept with the key.
    var keptNumber: Int64? { get }
    /// What was done under the key before.
    static func again(_ number: Int64, _ connection: Connection, shop: ShopID) throws -> Self
}

extension DeskOutcome: KeyedResult {
    static func refused(_ refusal: Refusal) -> DeskOutcome { .refused(refusal, nil) }

    var keptNumber: Int64? { if case .done(let message, false) = self { message.id.rawValue } else { nil } }

    static func again(_ number: Int64, _ connection: Connection, shop: ShopID) throws -> DeskOutcome {
        guard let message = try MessageView.load(connection, shop: shop, where: "m.message_id = \(number)::bigint").first else {
            return .refused(.unknown(what: "message", name: String(number)), nil)
        }
        return .done(message, isReplayed: true)
    }
}
