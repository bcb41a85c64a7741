import Curl
import Foundation
import Logging
import Store

/// Sends one message to one hook and says how it went. Follows no redirect, and connects to private addresses only where the hook allows it.
public final class HookSender: Sendable {
    private let limits: HookLimits
    private let open: HTTPClient
    private let closed: HTTPClient
    private let retry: HookRetry

    /// - Parameters:
    ///   - tls: whom to trust; whether private addresses are refused is decided for each hook.
    ///   - random: from 0 to 1; spreads the retries.
    public init(
        userAgent: String, limits: HookLimits = HookLimits(), tls: TLSOptions = TLSOptions(), logger: Logger,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.limits = limits
        retry = HookRetry(limits: limits, random: random)
        let transfer = TransferLimits(
            connectSecondsMax: limits.attemptSecondsMax, totalSecondsMax: limits.attemptSecondsMax, lowSpeedSecondsMax: 0,
            bodyBytesMax: limits.answerBytesMax, redirectsMax: 0)
        var (openTLS, closedTLS) = (tls, tls)
        openTLS.refusePrivateAddresses = false
        closedTLS.refusePrivateAddresses = true
        open = HTTPClient(userAgent: userAgent, limits: transfer, tls: openTLS, connectionsMax: limits.attemptsMax, logger: logger)
        closed = HTTPClient(userAgent: userAgent, limits: transfer, tls: closedTLS, connectionsMax: limits.attemptsMax, logger: logger)
    }

    /// Sends the claimed message. Any 2xx is delivery; everything else is tried again until the 24 hours are over, 410 included: a hook is
    /// retired by a person, not by its receiver. Throws only when the task is cancelled: then nothing is known of the attempt.
    public func send(_ attempt: HookAttempt, now: Date) async throws -> HookOutcome {
        guard let secret = attempt.secret else { return HookOutcome(status: nil, error: "the hook's secret is not usable: add the hook anew") }
        var request = HTTPRequest(method: .post, url: attempt.url)
        request.body = Array(attempt.body.utf8)
        request.headers = HookSignature.headers(id: attempt.messageID, at: now, body: Array(attempt.body.utf8), secret: secret)
        request.mayBeRepeated = true
        do {
            let response = try await (attempt.allowsPrivate ? open : closed).send(request)
            if (200..<300).contains(response.status) { return HookOutcome(status: response.status) }
            let retryAfter = response.header("retry-after").flatMap { Double($0) }
            return HookOutcome(
                status: response.status, error: "the receiver answered \(response.status)\(excerpt(response.body))",
                nextAt: retry.next(attempt: attempt.number, cycleAt: attempt.cycleAt, now: now, retryAfter: retryAfter))
        } catch let failure as HTTPFailure {
            if failure.reason == .cancelled || failure.reason == .shutDown { throw failure }
            return HookOutcome(
                status: nil, error: failure.reason.description,
                nextAt: retry.next(attempt: attempt.number, cycleAt: attempt.cycleAt, now: now, retryAfter: nil))
        }
    }

    /// The beginning of an answer, on one line and in printable characters.
    private func excerpt(_ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(limits.excerptCharactersMax * 4), as: UTF8.self)
        let printable = text.unicodeScalars.map { $0.properties.isWhitespace || $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) }
        let words = String(printable).split(separator: " ").joined(separator: " ")
        return words.isEmpty ? "" : ": " + words.prefix(limits.excerptCharactersMax)
    }

    /// Ends what is under way.
    public func shutdown() async {
        await open.shutdown()
        await closed.shutdown()
    }
}
