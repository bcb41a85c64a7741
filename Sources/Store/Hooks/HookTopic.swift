/// What an outgoing webhook can tell.
public enum HookTopic: String, Sendable, Hashable, CaseIterable {
    case creditsLow = "credits.low"
    case creditsEmpty = "credits.empty"
    case creditsExpiring = "credits.expiring"
    case ticketOpened = "ticket.opened"

    /// The topic of the ping that `hook test` sends; no hook asks for it, every hook gets it.
    public static let test = "hook.test"
}
