import Synchronization

/// A request on its way: made by `HTTPClient.send`, ended exactly once by whoever took it out of the inbox or off the running ones.
struct Transfer: Sendable {
    let request: HTTPRequest
    let limits: TransferLimits
    let deadline: ContinuousClock.Instant
    let cancellation: CancellationFlag
    private let continuation: CheckedContinuation<Result<HTTPResponse, HTTPFailure>, Never>

    init(
        request: HTTPRequest, limits: TransferLimits, deadline: ContinuousClock.Instant, cancellation: CancellationFlag,
        continuation: CheckedContinuation<Result<HTTPResponse, HTTPFailure>, Never>
    ) {
        self.request = request
        self.limits = limits
        self.deadline = deadline
        self.cancellation = cancellation
        self.continuation = continuation
    }

    func end(_ result: Result<HTTPResponse, HTTPFailure>) {
        continuation.resume(returning: result)
    }

    func fail(_ reason: HTTPFailure.Reason) {
        end(.failure(HTTPFailure(reason: reason, address: URLParts.safeDescription(of: request.url))))
    }
}

/// Raised by the cancellation of a task, read by the transfer thread.
final class CancellationFlag: Sendable {
    private let flag = Atomic(false)

    var isRaised: Bool { flag.load(ordering: .acquiring) }

    func raise() {
        flag.store(true, ordering: .releasing)
    }
}
