import Domain

/// A row of the ticket list. Counters and pool are those of every other surface (P10).
public struct TicketListRow: Sendable, Hashable {
    public let ticket: TicketView
    public let desk: TicketDesk
    /// Who has it open now, the asker too.
    public let presence: [PresenceView]
}

/// A page of the ticket list.
public struct TicketListPage: Sendable {
    public let rows: [TicketListRow]
    /// Hand it back as `after`; nil at the end. A search for something frequent may give few rows, even none, and still go on: it looks at
    /// `searchWalkMax` tickets a page.
    public let next: TicketListCursor?
}

/// How many tickets a view has; counted to `max` only.
public struct TicketListCount: Sendable, Hashable {
    public static let max = 999

    /// At most `max`.
    public let count: Int
    /// There are more: "999+".
    public let isMore: Bool

    init(upTo count: Int) {
        self.count = min(count, TicketListCount.max)
        isMore = count > TicketListCount.max
    }
}
