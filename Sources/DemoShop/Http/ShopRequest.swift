/// A request as the shop's PHP sees it.
struct ShopRequest: Sendable {
    let method: String
    /// Decoded, without the query and without a leading `/index.php`.
    let path: String
    /// As sent, for the signature.
    let rawPath: String
    let query: QueryParameters
    let authorization: String?
    /// `http` or `https`: how the request really came, whatever its headers say.
    let scheme: String
    /// The name and port the client used.
    let host: String

    /// `target` is the path and query as sent.
    init(method: String, target: String, authorization: String?, scheme: String, host: String) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = PercentCoding.decode(parts.first ?? "/", plusIsSpace: false)
        self.method = method
        self.path = path.hasPrefix("/index.php/") ? String(path.dropFirst("/index.php".count)) : path
        rawPath = String(parts.first ?? "/")
        query = QueryParameters(parts.count > 1 ? parts[1] : "")
        self.authorization = authorization
        self.scheme = scheme
        self.host = host
    }
}
