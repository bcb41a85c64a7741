import Logging
import Store

/// What every handler may use.
struct WebServices: Sendable {
    let store: Store
    let metrics: HTTPMetrics
    /// The OpenAPI document, written once.
    let document: String
    let console: Console
    let logger: Logger
}
