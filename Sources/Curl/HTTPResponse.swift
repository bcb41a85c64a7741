/// An answer of any status, complete with its decoded body. A status of 400 and more is an answer too, not an error.
public struct HTTPResponse: Sendable {
    public let status: Int

    /// The headers of the last answer, and trailers, in the order of arrival. Bytes that are not UTF-8 are replaced.
    public let headers: [(name: String, value: String)]

    /// Decoded from gzip or deflate where the server used it.
    public let body: [UInt8]

    /// The address that answered, after redirects. It may hold a query string: not for logs.
    public let effectiveURL: String

    public init(status: Int, headers: [(name: String, value: String)], body: [UInt8], effectiveURL: String) {
        self.status = status
        self.headers = headers
        self.body = body
        self.effectiveURL = effectiveURL
    }

    /// The first value of a header, by name without regard to case; nil when the answer has none.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }
}

/// Shown as status, size and address alone, because headers, query and body may hold secrets.
extension HTTPResponse: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "\(status), \(body.count) bytes from \(URLParts.safeDescription(of: effectiveURL))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
