import CCurl

/// The owner of libcurl's connection pool and event loop.
///
/// `@unchecked Sendable` is safe because the thread of `TransferThread` makes all calls but one: libcurl allows `wakeUp` from any thread,
/// and `TransferInbox` makes that call under its lock and lets go of the handle under the same lock before the thread closes it.
@safe
final class MultiHandle: @unchecked Sendable {
    private let multi: UnsafeMutableRawPointer
    private var isClosed = false

    init?(connectionsMax: Int) {
        guard CurlLibrary.start(), let multi = unsafe curl_multi_init() else { return nil }
        unsafe self.multi = unsafe multi
        _ = unsafe sm_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connectionsMax)
    }

    /// Ends the current or the next `wait`.
    func wakeUp() {
        unsafe curl_multi_wakeup(multi)
    }

    func add(_ easy: EasyHandle) -> CURLMcode {
        unsafe easy.add(to: multi)
    }

    /// Ends the transfer if it is still under way. Does not wait for a name being resolved (`CURLOPT_QUICK_EXIT`).
    func remove(_ easy: EasyHandle) {
        unsafe easy.remove(from: multi)
    }

    /// Moves all transfers on as far as they go without waiting.
    func perform() -> CURLMcode {
        var count: Int32 = 0
        return unsafe curl_multi_perform(multi, &count)
    }

    /// The key of a transfer that has ended since, and its result.
    func nextFinished() -> (key: UInt, code: CURLcode)? {
        var code = CURLE_OK
        guard let easy = unsafe sm_multi_next_finished(multi, &code) else { return nil }
        return (UInt(bitPattern: easy), code)
    }

    /// Until a socket is ready, a timer of libcurl's is due, `wakeUp` is called or the time is over.
    func wait(millisecondsMax: Int32) -> CURLMcode {
        unsafe sm_multi_poll(multi, millisecondsMax)
    }

    /// Closes all connections. No transfer may be left in it, and nothing may be called after it.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        unsafe curl_multi_cleanup(multi)
    }

    deinit {
        close()
    }
}
