import CCurl

extension HTTPFailure.Reason: CustomStringConvertible {
    /// One plain sentence without its full stop.
    public var description: String {
        switch self {
        case .unresolvableHost: "The host name could not be resolved"
        case .connectionRefused: "The connection was refused"
        case .unreachable: "The server could not be reached"
        case .timeoutConnecting: "The connection was not made in time"
        case .timeoutTotal: "The answer was not complete in time"
        case .tooSlow: "The server sent too slowly"
        case .bodyTooLarge(let limit): "The answer was larger than \(limit) bytes"
        case .headersTooLarge: "The headers of the answer were too large"
        case .tooManyRedirects: "The server redirected too many times"
        case .redirectToOtherProtocol: "The server redirected to a protocol that is not allowed"
        case .protocolNotAllowed: "The address is neither http nor https"
        case .certificateUntrusted: "The certificate of the server is not signed by a trusted authority"
        case .certificateExpired: "The certificate of the server has expired or is not valid yet"
        case .certificateWrongHost: "The certificate of the server is for another host"
        case .caFileUnusable: "The file of trusted authorities cannot be used"
        case .tlsOther: "No secure connection could be agreed with the server"
        case .truncated: "The connection ended within the answer"
        case .emptyReply: "The connection ended before the answer began"
        case .notHTTP: "The server does not speak HTTP"
        case .garbledBody: "The body of the answer could not be decoded"
        case .badURL: "The address is not a usable URL"
        case .badRequest: "The request has a header or body that cannot be sent"
        case .addressRefused: "The host has a private or reserved address, which is not allowed"
        case .tooManyWaiting: "Too many requests are waiting already"
        case .cancelled: "The request was cancelled"
        case .shutDown: "The client has been shut down"
        case .other(let code): "The request failed with curl code \(code), \(Self.text(of: code))"
        }
    }

    /// libcurl's fixed text for a code; it holds nothing of the request.
    private static func text(of code: Int) -> String {
        guard let code = UInt32(exactly: code), let text = unsafe curl_easy_strerror(CURLcode(code)) else { return "unknown" }
        return unsafe String(cString: text)
    }
}
