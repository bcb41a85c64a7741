/// One HTTP request, complete with its body.
public struct HTTPRequest: Sendable {
    public enum Method: String, Sendable, Hashable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    /// A user and password for HTTP Basic, sent with the first request and never to another host, port or scheme.
    public struct BasicAuth: Sendable, Hashable {
        public var user: Secret
        public var password: Secret

        public init(user: Secret, password: Secret) {
            self.user = user
            self.password = password
        }
    }

    public var method: Method

    /// An absolute `http` or `https` address without user name or password.
    public var url: String

    /// Sent as they are, in this order. `Host`, `Content-Length`, `Transfer-Encoding` and `Accept-Encoding` are the client's own
    /// business and refused. On a redirect to another host, port or scheme `Authorization` and `Cookie` are dropped by libcurl;
    /// all other headers travel along, so a request with a secret in a header of its own should set `redirectsMax` to 0.
    public var headers: [(name: String, value: String)]

    /// Refused with GET. No `Content-Type` is made up for it.
    public var body: [UInt8]?

    public var basicAuth: BasicAuth?

    /// Whether libcurl may send the request a second time when a kept connection turns out to be dead. Without it the request
    /// travels on a new connection, so that it is sent at most once. Starts as true for GET, PUT and DELETE, false for POST;
    /// set it on a POST that carries an idempotency key.
    public var mayBeRepeated: Bool

    public init(
        method: Method = .get, url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        basicAuth: BasicAuth? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.basicAuth = basicAuth
        self.mayBeRepeated = method != .post
    }
}

/// Shown as method and address alone, because headers, query and body may hold secrets.
extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "\(method.rawValue) \(URLParts.safeDescription(of: url))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
