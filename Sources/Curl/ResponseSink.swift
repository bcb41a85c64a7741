/// Collects one answer under its limits and judges the addresses it connects to. Used on the transfer thread only.
final class ResponseSink {
    private let limits: TransferLimits
    private let tls: TLSOptions

    private(set) var headers: [(name: String, value: String)] = []
    private(set) var body: [UInt8] = []
    private var headerBytes = 0

    /// The limit that was exceeded, which is why libcurl was told to stop.
    private(set) var breach: HTTPFailure.Reason?
    private(set) var hasRefusedAddress = false

    /// Until the blank line after the headers of the last answer so far.
    private(set) var isWithinHeaders = true

    init(limits: TransferLimits, tls: TLSOptions) {
        self.limits = limits
        self.tls = tls
    }

    /// Whether any part of an answer has arrived.
    var hasBegun: Bool { headerBytes > 0 }

    /// Returns false when the connection may not be opened; libcurl then tries the next address of the name.
    func allows(_ address: IPAddress?) -> Bool {
        if let address, tls.allows(address) { return true }
        hasRefusedAddress = true
        return false
    }

    /// Takes one header line with its line break, returns false beyond the limit.
    func takeHeader(_ line: [UInt8]) -> Bool {
        headerBytes += line.count
        guard headerBytes <= limits.headerBytesMax else {
            breach = .headersTooLarge
            return false
        }
        let text = String(decoding: line, as: UTF8.self)
        if Self.trimmed(text[...]).isEmpty { isWithinHeaders = false }
        if text.hasPrefix("HTTP/") {
            // A new answer: after a 100, or after a redirect.
            isWithinHeaders = true
            headers = []
            body = []
        } else if let colon = text.firstIndex(of: ":"), let first = text.first, first != " ", first != "\t" {
            headers.append((String(text[..<colon]), Self.trimmed(text[text.index(after: colon)...])))
        } else if let last = headers.popLast() {
            // A folded line (RFC 9112, 5.2) continues the one before; the blank line at the end continues nothing.
            let more = Self.trimmed(text[...])
            headers.append((last.name, more.isEmpty ? last.value : last.value + " " + more))
        }
        return true
    }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
        return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }

    /// Takes decoded bytes of the body, returns false beyond the limit.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= limits.bodyBytesMax else {
            breach = .bodyTooLarge(limit: limits.bodyBytesMax)
            return false
        }
        unsafe body.append(contentsOf: bytes)
        return true
    }

    /// Bytes may arrive that no callback sees, as in the body of a redirect: they count too. What gzip or a chunk adds to the decoded
    /// size is allowed for.
    func isWithinLimit(receivedBytes: Int) -> Bool {
        guard receivedBytes > limits.bodyBytesMax + limits.bodyBytesMax / 100 + Self.framingBytesMax else { return true }
        breach = .bodyTooLarge(limit: limits.bodyBytesMax)
        return false
    }

    private static let framingBytesMax = 64 << 10
}
