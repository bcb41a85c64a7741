extension Refusal: CustomStringConvertible {
    public var description: String { "\(type): \(detail)" }

    /// One sentence for this very case: what was found and what would be right.
    public var detail: String {
        switch self {
        case .insufficientCredits(let channel, let needed, let remaining, let pool, let topUpURL):
            "quantity: \(needed) \(channel) needed, \(remaining) left on the ticket"
                + (pool > 0 ? " and \(pool) on the customer's other tickets" : "") + Refusal.topUp(topUpURL)
        case .captureExceeds(let hold, let held, let asked, let available, let topUpURL):
            "quantity: hold \(hold) holds \(held); of the \(asked) asked, at most \(held + available) can be captured"
                + Refusal.topUp(topUpURL)
        case .unknownTicket(let id): "no ticket has the number \(id)"
        case .unknownUsage(let id): "no usage has the id \(id)"
        case .unknownHold(let id): "no hold has the id \(id)"
        case .unknownOrder(let id): "no order has the id \(id)"
        case .unknownCustomer(let id): "no customer has the id \(id)"
        case .unknown(let what, let name): "there is no \(what) \"\(Refusal.shown(name))\""
        case .alreadyThere(let what, let name): "there is a \(what) \"\(Refusal.shown(name))\" already"
        case .holdAlreadyEnded(let hold, let state): "hold \(hold) is already \(state.rawValue)"
        case .reversalExceedsUsage(let usage, let asked, let left):
            "quantity: \(asked) asked, but \(left) of usage \(usage) can still be given back"
        case .transferToOtherCustomer(let from, let to):
            "to: ticket \(to) is another customer's than ticket \(from); name a ticket of the same customer"
        case .sameTicket(let ticket): "to: ticket \(ticket) is the ticket that gives; name another"
        case .notPermitted(let role, let permission): "the role \(role.rawValue) does not allow \(permission.rawValue)"
        case .scopeMissing(let scope): "the token needs the scope \(scope.rawValue)"
        case .overCap(let role, let cap, let left, let asked):
            "quantity: \(asked) asked; the role \(role.rawValue) may move \(cap) credits per ticket and day, of which \(left) are left"
        case .keyMissing: "the Idempotency-Key header is missing; send a key of your own for each write"
        case .keyMalformed: "Idempotency-Key: expected 1 to \(IdempotencyKey.lengthMax) printable ASCII characters"
        case .keyReused: "Idempotency-Key: the key was used before with another request; send a new key"
        case .unknownChannel(let name, let known): "channel: expected one of \(Refusal.list(known)), found \"\(Refusal.shown(name))\""
        case .quantityOutOfRange(let field, let found): "\(field): expected 1 to \(CreditCount.valueMax), found \(found)"
        case .signedQuantityOutOfRange(let field, let found):
            "\(field): expected -\(CreditCount.valueMax) to \(CreditCount.valueMax) and not 0, found \(found)"
        case .missingField(let field, let expected): "\(field): expected \(expected), found nothing"
        case .invalidField(let field, let expected): "\(field): expected \(expected)"
        case .unknownReason(let name, let known): "reason: expected one of \(Refusal.list(known)), found \"\(Refusal.shown(name))\""
        }
    }

    /// The longest part of what was sent that is told back, in characters.
    private static let shownMax = 64

    private static func shown(_ text: String) -> String { String(text.prefix(shownMax)) }
    private static func list(_ names: [some CustomStringConvertible]) -> String { names.map(\.description).joined(separator: ", ") }
    private static func topUp(_ url: String?) -> String { url.map { "; more can be bought at \($0)" } ?? "" }
}
