/// Where a ticket stands. A closed ticket neither lends nor is joined by a top-up.
public enum TicketStatus: String, Hashable, Codable, Sendable, CaseIterable {
    case open, waiting, solved, closed
}
