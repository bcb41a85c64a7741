import Logging

/// Sends HTTP/1.1 requests with libcurl, on one thread of its own; no task's thread ever blocks on it.
///
/// Connections are kept and used again, most recent first. Give each neighbour a client of its own: one that hangs then holds up
/// nobody else's places. The system's proxy settings are ignored and no cookie is kept. See `CurlLibrary` for the start of libcurl.
public final class HTTPClient: Sendable {
    private let limits: TransferLimits
    private let settings: TransferSettings
    private let inbox: TransferInbox

    /// Opens nothing and starts no thread; the first `send` does.
    /// - Parameters:
    ///   - limits: for requests that bring none of their own.
    ///   - connectionsMax: how many requests run at a time, and how many idle connections are kept.
    ///   - waitersMax: how many more may wait for their turn; beyond it `.tooManyWaiting`.
    public init(
        userAgent: String, limits: TransferLimits = TransferLimits(), tls: TLSOptions = TLSOptions(), connectionsMax: Int = 16,
        waitersMax: Int = 1_000, logger: Logger
    ) {
        self.limits = limits
        settings = TransferSettings(userAgent: userAgent, tls: tls, connectionsMax: max(1, connectionsMax), logger: logger)
        inbox = TransferInbox(waitersMax: max(1, waitersMax))
    }

    /// The answer, whatever its status. Throws `HTTPFailure` and nothing else, `.cancelled` at once when the task is cancelled.
    public func send(_ request: HTTPRequest, limits: TransferLimits? = nil) async throws -> HTTPResponse {
        try request.check()
        let limits = limits ?? self.limits
        let cancellation = CancellationFlag()
        let deadline = ContinuousClock.now + .seconds(min(max(limits.totalSecondsMax, 0.001), 86_400))
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                submit(
                    Transfer(
                        request: request, limits: limits, deadline: deadline, cancellation: cancellation,
                        continuation: continuation))
            }
        } onCancel: {
            cancellation.raise()
            inbox.wakeUp()
        }
        return try result.get()
    }

    private func submit(_ transfer: Transfer) {
        let refusal = inbox.submit(transfer) { [inbox, settings] in TransferThread.start(inbox: inbox, settings: settings) }
        if let refusal { transfer.fail(refusal) }
    }

    /// Ends what is under way or waiting with `.shutDown`, closes all connections and returns when the thread has ended. Later
    /// requests fail with `.shutDown`. Let requests that matter finish first.
    public func shutdown() async {
        inbox.stop()
        await inbox.waitUntilStopped()
    }

    deinit {
        inbox.stop()
    }
}
