/// A shop: the tenant that every row belongs to.
public struct ShopID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A ticket: the number people say aloud (`#1042`).
public struct TicketID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A customer as this program knows one; never the shop's own customer number.
public struct CustomerID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The shop's own order id: the key of an order, unlike its `number`.
public struct OrderID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The shop's own id of one order line; unique within the shop.
public struct LineID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A grant: the credits of one channel that one order line or decision put on one ticket.
public struct GrantID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// An entry: one row of the ledger. A usage is named by the entry that booked it.
public struct EntryID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A hold: credits set aside until captured, released or lapsed.
public struct HoldID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A plan, in all its versions.
public struct PlanID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A person who signs in: agent, lead, finance or admin.
public struct UserID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}
