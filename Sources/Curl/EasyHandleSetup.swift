import CCurl
import FoundationEssentials

/// The options of a transfer, in one place.
extension EasyHandle {
    func apply(_ settings: TransferSettings) {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_USERAGENT, settings.userAgent)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        set(CURLOPT_HTTP_VERSION, 2)  // CURL_HTTP_VERSION_1_1
        set(CURLOPT_HTTP09_ALLOWED, 0)
        set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate")
        // The environment of the process must not lead requests elsewhere, or around the refusal of private addresses.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, 6)  // CURL_SSLVERSION_TLSv1_2 or newer
        if let caFile = settings.tls.caFile {
            set(CURLOPT_CAINFO, caFile)
            // Else libcurl would trust the system's folder as well.
            set(CURLOPT_CAPATH, nil)
        }
    }

    /// `secondsLeft` is what the wait for a place has left of the total.
    func apply(_ limits: TransferLimits, secondsLeft: Double) {
        set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(limits.connectSecondsMax))
        set(CURLOPT_TIMEOUT_MS, Self.milliseconds(secondsLeft))
        set(CURLOPT_LOW_SPEED_LIMIT, max(0, limits.lowSpeedBytesPerSecond))
        set(CURLOPT_LOW_SPEED_TIME, max(0, limits.lowSpeedSecondsMax))
        set(CURLOPT_MAXFILESIZE_LARGE, offset: max(0, limits.bodyBytesMax))
    }

    /// At least 1, because libcurl takes 0 for "no limit", and at most a day.
    private static func milliseconds(_ seconds: Double) -> Int {
        Int(min(max(seconds * 1_000, 1), 86_400_000).rounded(.up))
    }

    func apply(_ request: HTTPRequest, redirectsMax: Int) {
        set(CURLOPT_URL, request.url)
        if request.method == .get, redirectsMax > 0 {
            set(CURLOPT_FOLLOWLOCATION, 1)
            set(CURLOPT_MAXREDIRS, redirectsMax)
            set(CURLOPT_REDIR_PROTOCOLS_STR, Self.redirectSchemes(from: request.url).joined(separator: ","))
        }
        if request.method != .get, let body = request.body ?? (request.method == .delete ? nil : []) {
            set(CURLOPT_POST, 1)
            setBody(body)
        }
        if request.method == .put || request.method == .delete { set(CURLOPT_CUSTOMREQUEST, request.method.rawValue) }
        if !request.mayBeRepeated { set(CURLOPT_FRESH_CONNECT, 1) }
        setHeaderLines(Self.headerLines(of: request))
    }

    /// Never from https down to http.
    static func redirectSchemes(from url: String) -> [String] {
        url.lowercased().hasPrefix("https:") ? ["https"] : ["http", "https"]
    }

    /// libcurl wants `Name;` for an empty value, and `Name:` to leave out a header of its own.
    private static func headerLines(of request: HTTPRequest) -> [String] {
        var lines = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        if let auth = request.basicAuth { lines.append("Authorization: Basic \(base64(auth))") }
        let names = Set(request.headers.map { $0.name.lowercased() })
        for unwanted in ["Expect", "Content-Type"] where !names.contains(unwanted.lowercased()) { lines.append("\(unwanted):") }
        return lines
    }

    /// As a header and not as CURLOPT_USERNAME, because libcurl writes the latter into the address of a relative redirect.
    private static func base64(_ auth: HTTPRequest.BasicAuth) -> String {
        Data("\(auth.user.reveal()):\(auth.password.reveal())".utf8).base64EncodedString()
    }
}
