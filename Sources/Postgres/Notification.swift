/// What a listener hears.
public enum Notification: Sendable, Equatable {
    /// A NOTIFY on one of its channels.
    case message(channel: String, payload: String)

    /// LISTEN is in force from here on; what was notified before may have been missed, so read everything again.
    ///
    /// The first thing a listener hears, and again after each lost connection and whenever it read too slowly and something was dropped.
    case reconnected
}
