import Domain
import Store

/// One route: where, who may, what it takes, what it answers and what does it. The same declaration registers the handler and is
/// written into the OpenAPI document, so that the two cannot differ.
struct Route: Routable {
    enum Method: String, Sendable, CaseIterable { case get = "GET", post = "POST", put = "PUT", delete = "DELETE" }

    enum Access: Sendable {
        /// Anybody who can reach the port.
        case open(@Sendable (Call) async throws -> Reply)
        /// Whoever has a token with the scope.
        case token(TokenScope, @Sendable (Call, Identity) async throws -> Reply)
    }

    let method: Method
    let path: PathTemplate
    let access: Access
    /// Bytes; 0 for a route that takes no body.
    let bodyBytesMax: Int
    let query: [QueryParameter]
    let operation: Operation

    init(
        _ method: Method, _ path: String, bodyBytesMax: Int = 0, query: [QueryParameter] = [], _ operation: Operation, access: Access
    ) {
        self.method = method
        self.path = PathTemplate(path)
        self.access = access
        self.bodyBytesMax = bodyBytesMax
        self.query = query
        self.operation = operation
    }

    var scope: TokenScope? { if case .token(let scope, _) = access { scope } else { nil } }
}

/// Whose token a call bears.
struct Identity: Sendable {
    let shop: ShopID
    let caller: Caller
}
