import Logging
import Store

/// What every handler may use.
struct WebServices: Sendable {
    let store: Store
    let authenticator: Authenticator
    let metrics: HTTPMetrics
    let logger: Logger
}
