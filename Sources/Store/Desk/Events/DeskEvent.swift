import Domain

/// What an open window should read again.
public enum DeskEvent: Sendable, Hashable {
    /// Something was added to the conversation, or what was being sent went or failed.
    case conversation(TicketID)
    /// Assignee, status, priority or tags.
    case ticket(TicketID)
    /// Who is there, or writes.
    case presence(TicketID)
    /// A counter of the ticket moved.
    case credits(TicketID)
    /// A ticket was opened: lists are longer.
    case list
    /// A pass of the shop's feed ended, or something that was asked of it is done.
    case feed
    /// Anything may have changed: the first thing that everybody hears, and again after the database was away or a window read too slowly.
    case reload

    /// As the database tells it: `<shop>,<ticket>,<what>`; nil when it is not understood.
    init?(what: Substring, ticket: TicketID) {
        switch what {
        case "conversation": self = .conversation(ticket)
        case "ticket": self = .ticket(ticket)
        case "presence": self = .presence(ticket)
        case "list": self = .list
        case "feed": self = .feed
        default: return nil
        }
    }
}

extension Store {
    /// What changes in a shop, for as long as somebody iterates. Begins with `.reload`.
    ///
    /// Any number of windows share one listening connection and one look at the ledger every `DeskHub.pauseMilliseconds`; with no window open
    /// there is neither. Each window's buffer holds `DeskHub.eventsMax`; whoever reads too slowly is told to reload.
    public func deskEvents(in shop: ShopID) -> AsyncStream<DeskEvent> { desk.subscribe(shop) }

    /// Windows that listen now, for metrics.
    public var deskWindows: Int { desk.windowCount }
}
