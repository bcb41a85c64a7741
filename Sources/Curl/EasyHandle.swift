import CCurl

/// The owner of one libcurl transfer handle and of what libcurl keeps pointers to. Lives and dies on the transfer thread.
@safe
final class EasyHandle {
    private let easy: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?

    /// The first refusal of an option, `CURLE_OK` while there is none.
    private(set) var setupCode = CURLE_OK

    init?() {
        guard let easy = unsafe curl_easy_init() else { return nil }
        unsafe self.easy = unsafe easy
        unsafe errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        note(unsafe sm_easy_set_error_buffer(easy, errorText))
    }

    /// What the transfer thread tells handles apart by.
    var key: UInt { unsafe UInt(bitPattern: easy) }

    func set(_ option: CURLoption, _ value: Int) {
        note(unsafe sm_easy_set_long(easy, option, value))
    }

    func set(_ option: CURLoption, offset value: Int) {
        note(unsafe sm_easy_set_offset(easy, option, curl_off_t(value)))
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String?) {
        note(unsafe sm_easy_set_string(easy, option, value))
    }

    func setBody(_ body: [UInt8]) {
        set(CURLOPT_POSTFIELDSIZE_LARGE, offset: body.count)
        unsafe body.withUnsafeBytes { bytes in
            // An empty array has no address, and libcurl takes a null pointer for "read it from a callback".
            note(unsafe bytes.isEmpty ? sm_easy_set_copied_body(easy, "") : sm_easy_set_copied_body(easy, bytes.baseAddress))
        }
    }

    func setHeaderLines(_ lines: [String]) {
        for line in lines {
            guard let longer = unsafe curl_slist_append(headerList, line) else { return note(CURLE_OUT_OF_MEMORY) }
            unsafe headerList = unsafe longer
        }
        note(unsafe sm_easy_set_headers(easy, headerList))
    }

    /// `sink` must outlive the transfer; libcurl holds it without a reference.
    func connect(to sink: ResponseSink) {
        let context = unsafe Unmanaged.passUnretained(sink).toOpaque()
        note(unsafe sm_easy_set_on_body(easy, ResponseSink.onBody, context))
        note(unsafe sm_easy_set_on_header(easy, ResponseSink.onHeader, context))
        note(unsafe sm_easy_set_on_progress(easy, ResponseSink.onProgress, context))
        note(unsafe sm_easy_set_on_open_socket(easy, ResponseSink.onOpenSocket, context))
    }

    func add(to multi: UnsafeMutableRawPointer) -> CURLMcode {
        unsafe curl_multi_add_handle(multi, easy)
    }

    func remove(from multi: UnsafeMutableRawPointer) {
        unsafe curl_multi_remove_handle(multi, easy)
    }

    func number(_ info: CURLINFO) -> Int {
        unsafe sm_easy_get_long(easy, info)
    }

    func text(_ info: CURLINFO) -> String? {
        guard let text = unsafe sm_easy_get_string(easy, info) else { return nil }
        return unsafe String(cString: text)
    }

    /// libcurl's words for the failure. They may quote the address: only for telling failures apart, never for showing.
    var failureText: String {
        unsafe String(cString: errorText)
    }

    private func note(_ code: CURLcode) {
        if setupCode == CURLE_OK { setupCode = code }
    }

    deinit {
        unsafe curl_easy_cleanup(easy)
        unsafe curl_slist_free_all(headerList)
        unsafe errorText.deallocate()
    }
}
