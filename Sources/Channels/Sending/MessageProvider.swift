import Store

/// Something that delivers messages: the spool, later a mail server or an SMS gateway.
///
/// It may be given the same message again, under the same `messageID`, when the program ended between its answer and our note of it; it must
/// then not deliver twice what it can tell apart.
public protocol MessageProvider: Sendable {
    /// The name that pages know it by: `spool`, `none`.
    var kind: String { get }
    /// Where it delivers to, for people; never a secret.
    var place: String { get }
    /// Hands the message over. What it throws means "not now".
    func send(_ message: SendingMessage) async throws -> ProviderAnswer
}

/// What a provider says to a message.
public enum ProviderAnswer: Sendable, Hashable {
    /// It is the provider's from here on, under this name of its own.
    case accepted(id: String)
    /// It will never take it; one line for people.
    case refused(reason: String)
    /// It could not now; one line for people.
    case tryAgain(reason: String)
}

/// Stands where none was set up, so that an agent is told instead of waiting for ever.
public struct MissingProvider: MessageProvider {
    public let kind = "none"
    public let place = ""

    public init() {}

    public func send(_ message: SendingMessage) async throws -> ProviderAnswer {
        .refused(reason: "no provider is set up: give `serve` a spool-dir")
    }
}
