import Curl

extension FeedFailure {
    /// From a request that has no answer. Nil when the request was ended from our side.
    init?(_ failure: HTTPFailure) {
        switch failure.reason {
        case .cancelled, .shutDown, .tooManyWaiting: return nil
        case .unresolvableHost: self.init(.unknownHost, failure.description)
        case .connectionRefused: self.init(.connectionRefused, failure.description)
        case .timeoutConnecting: self.init(.connectTimeout, failure.description)
        case .certificateUntrusted:
            self.init(.certificateUntrusted, failure.description + " If the shop has an authority of its own, name its file with --ca-file.")
        case .certificateExpired: self.init(.certificateExpired, failure.description)
        case .certificateWrongHost: self.init(.certificateWrongHost, failure.description)
        case .caFileUnusable: self.init(.caFileUnusable, failure.description)
        case .tlsOther: self.init(.tlsFailed, failure.description)
        case .notHTTP: self.init(.notHTTP, failure.description)
        case .emptyReply: self.init(.emptyReply, failure.description)
        case .truncated, .garbledBody: self.init(.truncated, failure.description)
        case .tooSlow, .timeoutTotal: self.init(.tooSlow, failure.description)
        case .bodyTooLarge: self.init(.bodyTooLarge, failure.description)
        case .headersTooLarge: self.init(.headersTooLarge, failure.description)
        case .tooManyRedirects: self.init(.redirectLoop, failure.description)
        case .redirectToOtherProtocol: self.init(.redirectedElsewhere, failure.description)
        case .badURL, .protocolNotAllowed, .badRequest, .addressRefused: self.init(.badAddress, failure.description)
        case .unreachable, .other: self.init(.unreachable, failure.description)
        }
    }
}
