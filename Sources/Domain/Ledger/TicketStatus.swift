/// Where a ticket stands. A closed ticket is not joined by a top-up; what is left on it may still be lent.
public enum TicketStatus: String, Hashable, Codable, Sendable, CaseIterable {
    case open, waiting, solved, closed
}
