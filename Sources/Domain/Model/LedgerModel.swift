import FoundationEssentials

/// One customer's tickets, grants and entries in memory: the oracle that tests run beside the SQL.
///
/// Small rather than fast: after every operation every grant is settled anew. Operations take the time, first let everything happen that
/// was due before it, and answer the entries they wrote, due ones included, or the refusal, after which nothing but time has changed.
/// Money is modelled too: what each slice is worth, and the books of each order line.
public struct LedgerModel: Sendable {
    /// How new a sight of an order is (P2): its modification, then the moment it was seen.
    struct OrderVersion: Hashable {
        let modifiedAt: Date
        let seenAt: Date
    }

    public let zone: ShopZone
    public var plans: [Plan]
    public var statuses: StatusRules
    public var pooling: Bool

    public internal(set) var now: Date
    public internal(set) var tickets: [TicketID: ModelTicket] = [:]
    public internal(set) var grants: [GrantID: ModelGrant] = [:]
    public internal(set) var holds: [HoldID: ModelHold] = [:]
    public internal(set) var usages: [EntryID: ModelUsage] = [:]
    public internal(set) var entries: [ModelEntry] = []
    /// The plan version that each line was bound to at its first match.
    public internal(set) var bindings: [LineID: Plan] = [:]
    /// The ticket of each line, chosen once.
    public internal(set) var ticketsByLine: [LineID: TicketID] = [:]
    /// The books of every line that was ever granted anything.
    public internal(set) var books: [LineID: LineBooks] = [:]
    /// Lines of which something was granted or came back, and whose books have not been looked at since.
    var touched: Set<LineID> = []

    var linesByOrder: [OrderID: Set<LineID>] = [:]
    var newTicketByOrder: [OrderID: TicketID] = [:]
    var versionByOrder: [OrderID: OrderVersion] = [:]

    public init(now: Date, zone: ShopZone, plans: [Plan], statuses: StatusRules = .standard, pooling: Bool = false) {
        self.now = now
        self.zone = zone
        self.plans = plans
        self.statuses = statuses
        self.pooling = pooling
    }

    /// The ticket's own counter; all zero for a channel it never had.
    public func counter(_ ticket: TicketID, _ channel: Channel) -> Counter {
        grants.values.filter { $0.ticket == ticket && $0.channel == channel }.reduce(into: Counter.zero) { sum, grant in
            sum = sum + grant.counter
            sum.shortfall += grant.part.shortfall(entitled: grant.entitled)
        }
    }

    /// Every channel that the ticket has ever had credits in.
    public func counters(_ ticket: TicketID) -> [Channel: Counter] {
        let channels = Set(grants.values.filter { $0.ticket == ticket }.map(\.channel))
        return Dictionary(uniqueKeysWithValues: channels.map { ($0, counter(ticket, $0)) })
    }

    /// What the customer's other tickets would lend; 0 without pooling.
    public func pool(_ ticket: TicketID, _ channel: Channel) -> Int64 {
        lenders(to: ticket).reduce(0) { $0 + remaining($1, channel) }
    }

    /// What orders granted net of what they took back, by line and channel: the figure that P2 says converges.
    public func netGrant(_ line: LineID, _ channel: Channel) -> Int64 {
        let own = grants.values.filter { $0.line == line && $0.channel == channel }
        return own.filter { $0.kind == .order }.reduce(0) { $0 + $1.granted } - own.reduce(0) { $0 + $1.revoked }
    }

    func remaining(_ ticket: TicketID, _ channel: Channel) -> Int64 {
        lots(ticket, channel).reduce(0) { $0 + $1.remaining }
    }

    func lots(_ ticket: TicketID, _ channel: Channel) -> [BurnOrder.Lot] {
        BurnOrder.sorted(grants.values.filter { $0.ticket == ticket && $0.channel == channel }.map(\.lot), now: now)
    }

    func lenders(to ticket: TicketID) -> [TicketID] {
        guard pooling else { return [] }
        return tickets.values.filter { $0.id != ticket }.map(\.id).sorted()
    }
}
