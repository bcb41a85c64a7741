import CCurl

/// What libcurl calls. Each finds its sink behind the context that `EasyHandle.connect(to:)` set; the transfer holds that sink.
extension ResponseSink {
    static let onBody: @Sendable @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
        bytes, size, count, context in
        guard let sink = unsafe behind(context) else { return 0 }
        return unsafe sink.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
    }

    static let onHeader: @Sendable @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
        bytes, size, count, context in
        guard let sink = unsafe behind(context) else { return 0 }
        let line = unsafe Array(UnsafeRawBufferPointer(start: bytes, count: size * count))
        return sink.takeHeader(line) ? size * count : 0
    }

    /// 0 goes on, 1 stops.
    static let onProgress: @Sendable @convention(c) (UnsafeMutableRawPointer?, Int, Int, Int, Int) -> Int32 = {
        context, _, received, _, _ in
        guard let sink = unsafe behind(context) else { return 1 }
        return sink.isWithinLimit(receivedBytes: received) ? 0 : 1
    }

    static let onOpenSocket:
        @Sendable @convention(c) (UnsafeMutableRawPointer?, curlsocktype, UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t = {
            context, _, address in
            guard let sink = unsafe behind(context), let address = unsafe address else { return sm_no_socket() }
            var bytes = [UInt8](repeating: 0, count: 16)
            let count = unsafe Int(sm_address_bytes(address, &bytes))
            guard sink.allows(IPAddress(bytes: Array(bytes.prefix(count)))) else { return sm_no_socket() }
            return unsafe sm_open_socket(address)
        }

    private static func behind(_ context: UnsafeMutableRawPointer?) -> ResponseSink? {
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<ResponseSink>.fromOpaque(context).takeUnretainedValue()
    }
}
