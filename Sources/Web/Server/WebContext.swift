import Hummingbird

/// What Hummingbird hands along with a request. The request id and the logger are our own.
struct WebContext: InitializableFromSource, Sendable {
    /// The other end of the connection.
    let peer: String?

    init(source: ApplicationRequestContextSource) { peer = source.channel.remoteAddress?.ipAddress }
}
