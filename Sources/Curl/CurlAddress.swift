import CCurl

/// An address read by libcurl's URL parser; nil from `init` when libcurl cannot read it.
@safe
final class CurlAddress {
    enum Part {
        case scheme, user, password, host, port, path, query
    }

    private let handle: OpaquePointer

    init?(_ text: String) {
        CurlLibrary.start()
        guard let handle = unsafe curl_url() else { return nil }
        unsafe self.handle = unsafe handle
        guard unsafe curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK else { return nil }
    }

    /// nil when the address does not have it; the port is the scheme's own when the address names none.
    func part(_ part: Part) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(handle, part.code, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text = unsafe text else {
            return nil
        }
        defer { unsafe curl_free(text) }
        return unsafe String(cString: text)
    }

    deinit {
        unsafe curl_url_cleanup(handle)
    }
}

extension CurlAddress.Part {
    fileprivate var code: CURLUPart {
        switch self {
        case .scheme: CURLUPART_SCHEME
        case .user: CURLUPART_USER
        case .password: CURLUPART_PASSWORD
        case .host: CURLUPART_HOST
        case .port: CURLUPART_PORT
        case .path: CURLUPART_PATH
        case .query: CURLUPART_QUERY
        }
    }
}
