import CCurl

/// The one-time start of libcurl in this process.
///
/// `curl_global_init` must be over before a second thread uses libcurl or OpenSSL. `HTTPClient` and `URLParts` call `start()`
/// themselves, once; a program that wants it before any other thread calls it first thing in `main`.
public enum CurlLibrary {
    private static let startCode: CURLcode = sm_global_init()

    /// Starts libcurl once; further calls do nothing. Returns false when libcurl refused: then every request fails with
    /// `.other` and libcurl's code.
    @discardableResult
    public static func start() -> Bool {
        startCode == CURLE_OK
    }
}
