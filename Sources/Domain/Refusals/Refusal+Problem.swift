/// How a refusal is told (RFC 9457): `type`, `status`, `title`, `detail` and, where there is one, `field`.
extension Refusal {
    /// The stable slug of the problem type, such as `insufficient-credits`.
    public var type: String {
        switch self {
        case .insufficientCredits: "insufficient-credits"
        case .captureExceeds: "capture-exceeds-hold"
        case .unknownTicket: "unknown-ticket"
        case .unknownUsage: "unknown-usage"
        case .unknownHold: "unknown-hold"
        case .unknownOrder: "unknown-order"
        case .unknownCustomer: "unknown-customer"
        case .unknown(let what, _): "unknown-\(what)"
        case .alreadyThere: "already-there"
        case .holdAlreadyEnded: "hold-already-ended"
        case .reversalExceedsUsage: "reversal-exceeds-usage"
        case .transferToOtherCustomer: "transfer-to-other-customer"
        case .sameTicket: "same-ticket"
        case .notPermitted: "not-permitted"
        case .scopeMissing: "scope-missing"
        case .overCap: "over-cap"
        case .keyMissing: "idempotency-key-missing"
        case .keyMalformed: "idempotency-key-malformed"
        case .keyReused: "idempotency-key-reused"
        case .unknownChannel: "unknown-channel"
        case .quantityOutOfRange, .signedQuantityOutOfRange: "quantity-out-of-range"
        case .missingField: "missing-field"
        case .invalidField: "invalid-field"
        case .unknownReason: "unknown-reason"
        }
    }

    /// The HTTP status.
    public var status: Int {
        switch self {
        case .keyMissing, .keyMalformed: 400
        case .insufficientCredits, .captureExceeds: 402
        case .notPermitted, .scopeMissing, .overCap: 403
        case .unknownTicket, .unknownUsage, .unknownHold, .unknownOrder, .unknownCustomer, .unknown: 404
        case .alreadyThere, .holdAlreadyEnded, .reversalExceedsUsage, .transferToOtherCustomer, .sameTicket: 409
        case .keyReused, .unknownChannel, .quantityOutOfRange, .signedQuantityOutOfRange, .missingField, .invalidField, .unknownReason:
            422
        }
    }

    /// True when the refusal is kept with the idempotency key, so that a retry needs a new one (P5): 402, 404 and 409.
    public var isStored: Bool { [402, 404, 409].contains(status) }

    /// What is wrong in general, the same for every refusal of this type.
    public var title: String {
        let words = type.split(separator: "-").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// The field of the request that would have to be another; nil when none would help.
    public var field: String? {
        switch self {
        case .insufficientCredits, .captureExceeds, .reversalExceedsUsage, .overCap: "quantity"
        case .transferToOtherCustomer, .sameTicket: "to"
        case .keyMissing, .keyMalformed, .keyReused: "Idempotency-Key"
        case .unknownChannel: "channel"
        case .unknownReason: "reason"
        case .quantityOutOfRange(let field, _), .signedQuantityOutOfRange(let field, _), .missingField(let field, _),
            .invalidField(let field, _):
            field
        default: nil
        }
    }
}
