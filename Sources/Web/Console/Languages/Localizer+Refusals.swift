import Domain

/// What was refused, in the reader's language.
extension Localizer {
    func text(_ refusal: Refusal) -> String {
        switch refusal {
        case .insufficientCredits(let channel, let needed, let remaining, let pool, _):
            text("refusal.insufficient_credits", ["channel": self.channel(channel), "needed": needed, "remaining": remaining, "pool": pool])
        case .captureExceeds(_, let held, let asked, let available, _):
            text("refusal.capture_exceeds", ["held": held, "asked": asked, "available": held + available])
        case .unknownTicket(let id): text("refusal.unknown_ticket", ["id": id.description])
        case .unknownUsage(let id): text("refusal.unknown", ["name": id.description])
        case .unknownHold(let id): text("refusal.unknown", ["name": id.description])
        case .unknownOrder(let id): text("refusal.unknown", ["name": id.description])
        case .unknownCustomer(let id): text("refusal.unknown", ["name": id.description])
        case .unknown(_, let name): text("refusal.unknown", ["name": Localizer.shortened(name)])
        case .alreadyThere(_, let name): text("refusal.already_there", ["name": Localizer.shortened(name)])
        case .holdAlreadyEnded: text("refusal.hold_ended")
        case .reversalExceedsUsage(_, let asked, let left): text("refusal.reversal_exceeds", ["asked": asked, "left": left])
        case .transferToOtherCustomer: text("refusal.other_customer")
        case .sameTicket: text("refusal.same_ticket")
        case .notPermitted(let role, _): text("refusal.not_permitted", ["role": self.role(role)])
        case .scopeMissing(let scope): text("refusal.scope_missing", ["scope": scope.rawValue])
        case .overCap(_, let cap, let left, let asked): text("refusal.over_cap", ["cap": cap, "left": left, "asked": asked])
        case .keyMissing, .keyMalformed: text("refusal.key")
        case .keyReused: text("refusal.key_reused")
        case .unknownChannel(let name, _): text("refusal.unknown", ["name": Localizer.shortened(name)])
        case .quantityOutOfRange: text("refusal.quantity", ["max": CreditCount.valueMax])
        case .signedQuantityOutOfRange: text("refusal.signed_quantity", ["max": CreditCount.valueMax])
        case .missingField(let field, _), .invalidField(let field, _): rule(field)
        case .unknownReason(let name, _): text("refusal.unknown", ["name": Localizer.shortened(name)])
        }
    }

    private func rule(_ field: String) -> String {
        TextFamilies.rules.contains(field) ? text(family: "rule", field) : text("refusal.field", ["field": field])
    }

    private static let shownMax = 64
    private static func shortened(_ text: String) -> String { String(text.prefix(shownMax)) }
}
