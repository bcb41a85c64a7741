/// Why a request has no answer. Its text is safe for logs: it never holds user names, passwords, query strings, headers or bodies.
public struct HTTPFailure: Error, Sendable, Hashable {
    public enum Reason: Sendable, Hashable {
        case unresolvableHost
        case connectionRefused
        /// No route, a reset during the connect, or another reason that no connection came about.
        case unreachable
        case timeoutConnecting
        case timeoutTotal
        case tooSlow
        /// Bytes.
        case bodyTooLarge(limit: Int)
        case headersTooLarge
        case tooManyRedirects
        /// A redirect to anything but http and https, or from https to http.
        case redirectToOtherProtocol
        case protocolNotAllowed
        /// No trusted authority stands behind the certificate.
        case certificateUntrusted
        /// Also a certificate that is not valid yet.
        case certificateExpired
        case certificateWrongHost
        /// `TLSOptions.caFile` cannot be read or holds no certificate.
        case caFileUnusable
        case tlsOther
        /// The connection ended within the answer.
        case truncated
        /// The connection ended before the answer began.
        case emptyReply
        case notHTTP
        /// A body that is not what its `Content-Encoding` says.
        case garbledBody
        case badURL
        /// A header that may not be set or has a line break, or a GET with a body.
        case badRequest
        case addressRefused
        /// Too many requests wait for a free place in the client.
        case tooManyWaiting
        case cancelled
        case shutDown
        /// libcurl's own code, from `curl.h`.
        case other(code: Int)
    }

    public let reason: Reason

    /// `scheme://host[:port]/path` of the address that failed, and of the one asked for where redirects led elsewhere.
    public let address: String

    public init(reason: Reason, address: String) {
        self.reason = reason
        self.address = address
    }
}

extension HTTPFailure: CustomStringConvertible {
    /// One plain sentence.
    public var description: String { "\(reason.description) (\(address))." }
}
