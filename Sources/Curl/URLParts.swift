/// The parts of an absolute `http` or `https` address, read by libcurl itself, so that what is checked and signed is what is sent.
public struct URLParts: Sendable, Hashable {
    /// `http` or `https`.
    public let scheme: String
    /// In lower case; an IPv6 address stands in brackets.
    public let host: String
    /// The scheme's own when the address names none.
    public let port: Int
    /// As written, percent-encoded, without dot segments; `/` when empty.
    public let path: String
    /// As written, percent-encoded, without the question mark; nil when there is none.
    public let query: String?

    /// The longest address that is read at all, in UTF-8 bytes.
    public static let bytesMax = 65_536

    /// Throws `HTTPFailure`: `.protocolNotAllowed` for another scheme; `.badURL` for anything unreadable, relative, longer than
    /// `bytesMax`, with blanks or control characters, or with a user name or password in it.
    public init(_ text: String) throws(HTTPFailure) {
        let unreadable = HTTPFailure(reason: .badURL, address: "an address that cannot be read")
        guard text.utf8.count <= Self.bytesMax, !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f }),
            let address = CurlAddress(text), let scheme = address.part(.scheme)?.lowercased()
        else { throw unreadable }
        guard scheme == "http" || scheme == "https" else {
            throw HTTPFailure(reason: .protocolNotAllowed, address: "an address that is neither http nor https")
        }
        guard address.part(.user) == nil, address.part(.password) == nil, let host = address.part(.host),
            let port = address.part(.port).flatMap({ Int($0) }), let path = address.part(.path)
        else { throw unreadable }
        self.scheme = scheme
        self.host = host.lowercased()
        self.port = port
        self.path = path
        self.query = address.part(.query)
    }

    public var isDefaultPort: Bool {
        port == (scheme == "https" ? 443 : 80)
    }

    /// `scheme://host[:port]`, the port only where it is not the scheme's own.
    public var origin: String {
        "\(scheme)://\(host)\(isDefaultPort ? "" : ":\(port)")"
    }

    /// The decoded parameters of the query in their order, `+` read as a space. A name without `=` has an empty value; what cannot be
    /// decoded is left as written.
    public var queryItems: [(name: String, value: String)] {
        (query ?? "").split(separator: "&").map { item in
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let decoded = pair.map { PercentEncoding.decode($0, plusIsSpace: true) ?? $0 }
            return (decoded.first ?? "", decoded.count > 1 ? decoded[1] : "")
        }
    }
}

extension URLParts {
    /// The longest path shown, in characters.
    private static let shownPathCharactersMax = 200

    /// `scheme://host[:port]/path`, in printable ASCII: never user name, query or fragment. Safe for logs.
    public var safeDescription: String {
        let shown = path.count > Self.shownPathCharactersMax ? path.prefix(Self.shownPathCharactersMax) + "..." : path[...]
        return String((origin + shown).unicodeScalars.map { (0x21...0x7e).contains($0.value) ? Character($0) : "?" })
    }

    /// The same for any text, readable or not.
    static func safeDescription(of text: String) -> String {
        do throws(HTTPFailure) {
            return try URLParts(text).safeDescription
        } catch {
            return error.address
        }
    }
}
