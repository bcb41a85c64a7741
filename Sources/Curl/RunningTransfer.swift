import CCurl

/// A transfer that libcurl works on: its handle, and the sink that the handle writes to. Used on the transfer thread only.
final class RunningTransfer {
    let transfer: Transfer
    let easy: EasyHandle
    private let sink: ResponseSink

    /// nil when there is no memory for a handle.
    init?(_ transfer: Transfer, settings: TransferSettings, now: ContinuousClock.Instant) {
        guard let easy = EasyHandle() else { return nil }
        self.transfer = transfer
        self.easy = easy
        sink = ResponseSink(limits: transfer.limits, tls: settings.tls)
        easy.connect(to: sink)
        easy.apply(settings)
        easy.apply(transfer.limits, secondsLeft: now.duration(to: transfer.deadline) / .seconds(1))
        easy.apply(transfer.request, redirectsMax: transfer.limits.redirectsMax)
    }

    func result(_ code: CURLcode, now: ContinuousClock.Instant) -> Result<HTTPResponse, HTTPFailure> {
        guard code == CURLE_OK, sink.breach == nil else { return .failure(failure(code, now: now)) }
        // libcurl takes a connection that ends within the headers for an answer without a body.
        guard !sink.isWithinHeaders else { return .failure(failure(CURLE_PARTIAL_FILE, now: now)) }
        return .success(
            HTTPResponse(
                status: easy.number(CURLINFO_RESPONSE_CODE), headers: sink.headers, body: sink.body,
                effectiveURL: effectiveURL))
    }

    func failure(_ code: CURLcode, now: ContinuousClock.Instant) -> HTTPFailure {
        let asked = URLParts.safeDescription(of: transfer.request.url)
        let failed = URLParts.safeDescription(of: effectiveURL)
        return HTTPFailure(
            reason: sink.breach ?? reason(code, now: now), address: failed == asked ? asked : "\(failed), redirected from \(asked)")
    }

    private var effectiveURL: String {
        easy.text(CURLINFO_EFFECTIVE_URL) ?? transfer.request.url
    }

    private func reason(_ code: CURLcode, now: ContinuousClock.Instant) -> HTTPFailure.Reason {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unresolvableHost
        case CURLE_COULDNT_CONNECT: connectReason
        case CURLE_OPERATION_TIMEDOUT: timeoutReason(now: now)
        case CURLE_FILESIZE_EXCEEDED: .bodyTooLarge(limit: transfer.limits.bodyBytesMax)
        // libcurl's own limits on a header line and on all of them.
        case CURLE_OUT_OF_MEMORY where sink.isWithinHeaders: .headersTooLarge
        case CURLE_RECV_ERROR where easy.failureText.hasPrefix("Too large response headers"): .headersTooLarge
        case CURLE_TOO_MANY_REDIRECTS: .tooManyRedirects
        case CURLE_UNSUPPORTED_PROTOCOL: protocolReason
        case CURLE_PEER_FAILED_VERIFICATION: certificateReason
        case CURLE_SSL_CACERT_BADFILE: .caFileUnusable
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED, CURLE_SSL_SHUTDOWN_FAILED:
            .tlsOther
        case CURLE_PARTIAL_FILE: .truncated
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR: sink.hasBegun ? .truncated : .emptyReply
        case CURLE_WEIRD_SERVER_REPLY: .notHTTP
        case CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR: .garbledBody
        case CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED: .badURL
        default: .other(code: Int(code.rawValue))
        }
    }

    private var connectReason: HTTPFailure.Reason {
        if sink.hasRefusedAddress { return .addressRefused }
        return easy.number(CURLINFO_OS_ERRNO) == Int(ECONNREFUSED) ? .connectionRefused : .unreachable
    }

    /// libcurl has one code for three limits. Its wording for the slow one has been the same since 1999; the clock tells the others.
    private func timeoutReason(now: ContinuousClock.Instant) -> HTTPFailure.Reason {
        if easy.failureText.hasPrefix("Operation too slow") { return .tooSlow }
        return now + Self.timerTolerance >= transfer.deadline ? .timeoutTotal : .timeoutConnecting
    }

    /// libcurl counts in whole milliseconds and from a moment of its own.
    private static let timerTolerance = Duration.milliseconds(20)

    /// libcurl says "unsupported protocol" of an answer without a status line too.
    private var protocolReason: HTTPFailure.Reason {
        let allowed = EasyHandle.redirectSchemes(from: transfer.request.url)
        let scheme = effectiveURL.prefix { $0 != ":" }.lowercased()
        return allowed.contains(scheme) ? .notHTTP : .redirectToOtherProtocol
    }

    /// OpenSSL's verdict on the chain (`X509_V_ERR_...`). When the chain is good and only the name is not, libcurl leaves it at "none yet",
    /// which is 1 in 7.88 and 0 in others; 62 and 64 are OpenSSL's own for names and addresses.
    private var certificateReason: HTTPFailure.Reason {
        switch easy.number(CURLINFO_SSL_VERIFYRESULT) {
        case 0, 1, 62, 64: .certificateWrongHost
        case 9, 10: .certificateExpired
        default: .certificateUntrusted
        }
    }
}

extension HTTPFailure {
    /// libcurl's own code for want of memory, also used when the system has no room for a thread or a socket.
    static let outOfResourcesCode = Int(CURLE_OUT_OF_MEMORY.rawValue)
}
