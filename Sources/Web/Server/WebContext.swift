import Hummingbird

/// What Hummingbird hands along with a request. Nothing of it is needed: the request id and the logger are our own.
struct WebContext: InitializableFromSource, Sendable {
    init(source: ApplicationRequestContextSource) {}
}
