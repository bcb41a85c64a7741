/// What a person may do, by their work.
public enum Role: String, Hashable, Codable, Sendable, CaseIterable {
    case agent, lead, finance, admin

    /// Credits that a lead may move per ticket and day, unless the shop's setting says otherwise.
    public static let leadCreditsPerTicketAndDay: Int64 = 20

    /// How far the role may go. A cap counts the credits of one person's adjustments, transfers and reversals of others' usages on one
    /// ticket and day, without their signs.
    public func allowance(for permission: Permission, leadCap: Int64 = leadCreditsPerTicketAndDay) -> Allowance {
        switch (self, permission) {
        case (.admin, _): .unlimited
        case (_, .read): .unlimited
        case (.agent, .spend), (.agent, .reverseOwn), (.agent, .send), (.agent, .note), (.agent, .assign): .unlimited
        case (.lead, .spend), (.lead, .reverseOwn), (.lead, .send), (.lead, .note), (.lead, .assign), (.lead, .workQueue), (.lead, .report): .unlimited
        case (.lead, .reverseAny), (.lead, .adjust), (.lead, .transfer): .credits(max(leadCap, 0))
        case (.finance, .report), (.finance, .closePeriod), (.finance, .seeAudit): .unlimited
        default: .none
        }
    }

    public func may(_ permission: Permission) -> Bool { allowance(for: permission) != .none }
}

/// Something that not everybody may do.
public enum Permission: String, Hashable, Codable, Sendable, CaseIterable {
    /// See tickets, customers, balances and entries.
    case read
    /// Book usages; hold, capture and release.
    case spend
    /// Write to a customer.
    case send
    /// Write an internal note.
    case note
    /// Who works on a ticket, its status, priority and tags.
    case assign
    case reverseOwn = "reverse-own"
    case reverseAny = "reverse-any"
    /// Goodwill and corrections, either sign.
    case adjust
    case transfer
    /// Decide what waits for a person: rejected documents, gone orders, guests to be confirmed.
    case workQueue = "work-queue"
    case report
    case closePeriod = "close-period"
    /// Shops, channels, plans, unit rules and settings.
    case manageShop = "manage-shop"
    /// Users, tokens and outgoing webhooks.
    case manageAccess = "manage-access"
    /// The codes that corrections are given for.
    case manageReasons = "manage-reasons"
    /// Who changed what.
    case seeAudit = "see-audit"
    /// Export and erase a customer (P15).
    case manageCustomerData = "manage-customer-data"
}

/// How far a permission goes.
public enum Allowance: Hashable, Sendable {
    case none
    /// So many credits per ticket and day.
    case credits(Int64)
    case unlimited

    /// Nil when `credits` more may be moved after `movedToday`; else what refuses it.
    public func refusal(role: Role, permission: Permission, credits: Int64, movedToday: Int64) -> Refusal? {
        switch self {
        case .unlimited: nil
        case .none: .notPermitted(role: role, permission: permission)
        case .credits(let cap):
            abs(credits) > cap - movedToday ? .overCap(role: role, cap: cap, left: max(0, cap - movedToday), asked: abs(credits)) : nil
        }
    }
}
