import Domain
import FoundationEssentials

/// One order on its way through an intake: what was seen, what was known, and what follows.
struct OrderCase {
    let sight: SeenOrder
    let known: KnownOrder?
    /// Lines that a plan matched for the first time now.
    let newlyBound: [LineID: Matching]
    let entitlement: OrderEntitlement
    var customer: CustomerID?
    var isErased: Bool
    /// The ticket shared by the lines with `ticket: new`.
    var ticket: TicketID?
    var ticketOfLine: [LineID: TicketID]

    var order: ShopOrder { sight.order }

    /// Nil for a sight that is older than what is known: it must not overwrite it (P2).
    init?(_ sight: SeenOrder, known: KnownOrder?, plans: [Plan], statuses: StatusRules) {
        if let known, !sight.isNewer(thanModified: known.modifiedAt, seen: known.seenAt) {
            guard known.modifiedAt == sight.order.modifiedAt, known.hash == sight.hash else { return nil }
        }
        var bindings = known?.bindings ?? [:]
        var newlyBound: [LineID: Matching] = [:]
        for line in sight.order.lines where bindings[line.id] == nil {
            guard let matching = Matching.match(line, plans: plans) else { continue }
            bindings[line.id] = matching.plan
            newlyBound[line.id] = matching
        }
        self.sight = sight
        self.known = known
        self.newlyBound = newlyBound
        entitlement = Entitlement.evaluate(order: sight.order, bindings: bindings, statuses: statuses)
        customer = known?.customer
        isErased = known?.isErased ?? false
        ticket = known?.ticket
        ticketOfLine = known?.ticketOfLine ?? [:]
    }

    /// Has, or had, a line of paid support.
    var isMatched: Bool { !entitlement.lines.isEmpty }

    /// The document is another one than before.
    var isNewDocument: Bool { known?.hash != sight.hash }

    /// Line by line and channel by channel, where the ledger differs from what the order entitles to, or may need to share it anew.
    var differences: [(line: LineEntitlement, channel: ChannelEntitlement)] {
        entitlement.lines.flatMap { line in
            line.channels.compactMap { channel in
                let key = LineChannel(line: line.line, channel: channel.channel)
                let isWritten = isNewDocument ? known?.granted[key] != nil : known?.split.contains(key) == true
                return isWritten || differs(key, channel) ? (line, channel) : nil
            }
        }
    }

    private func differs(_ key: LineChannel, _ channel: ChannelEntitlement) -> Bool {
        known?.granted[key] == nil ? channel.credits > .zero : known?.entitled[key] != channel.credits.value
    }

    private var isEntitledOtherwise: Bool {
        entitlement.lines.contains { line in
            line.channels.contains { differs(LineChannel(line: line.line, channel: $0.channel), $0) }
        }
    }

    var isChanged: Bool { isMatched && (isNewDocument || !newlyBound.isEmpty || isEntitledOtherwise) }

    /// What a person should look at.
    var flags: [String] {
        var flags: [String] = []
        if entitlement.refundLinesUnknown { flags.append("refund-lines-unknown") }
        if case .unknownStatus = entitlement.usability { flags.append("unknown-status") }
        if !entitlement.refusals.isEmpty { flags.append("too-many-credits") }
        if known?.currencies.contains(where: { $0 != order.currency.code }) == true { flags.append("currency-changed") }
        return flags
    }
}

extension OrderUsability {
    /// As the database has it.
    var name: String {
        switch self {
        case .entitled: "entitled"
        case .notUsableYet: "not-usable-yet"
        case .ended: "ended"
        case .unknownStatus: "unknown-status"
        }
    }
}
