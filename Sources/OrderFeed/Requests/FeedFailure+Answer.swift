import Curl
import FoundationEssentials

extension FeedFailure {
    /// Seconds that two clocks may differ before a refused signature is laid at their door (`woocommerce.md`, "Signing in" 2).
    static let clockSkewSecondsMax = 900.0

    /// From an answer that is not the 200 that was asked for. The slugs are WooCommerce's own (`woocommerce.md`, "Signing in" and "Walking").
    init(_ answer: ShopAnswer) {
        let wait = answer.retryAfterSeconds
        switch (answer.status, answer.error?.code) {
        case (401, _) where answer.isFromElsewhere, (403, _) where answer.isFromElsewhere, (404, _) where answer.isFromElsewhere:
            self.init(.redirectedElsewhere, "\(answer.shop) redirects to \(answer.answeredBy), where the key is not sent: set that address as the shop's URL.")
        case (401, let code?): self = FeedFailure.unauthorized(answer, code: code)
        case (403, "woocommerce_rest_cannot_view"?):
            self.init(.noPermission, "\(answer.shop) knows the key, but its owner may not read orders: the key belongs to a customer; make one for a shop manager.")
        case (401, nil), (403, _):
            self.init(.blocked, "\(answer.shop) refused the request (\(answer.status)) before WooCommerce saw it: look for a firewall or security plugin.")
        case (404, "rest_no_route"?):
            self.init(.wooCommerceOff, "\(answer.shop) answers, but has no WooCommerce API: WooCommerce is switched off.")
        case (404, _):
            self.init(.notWordPress, "\(answer.shop) has no WordPress API at that address: check the URL; with plain permalinks it ends in /index.php.")
        case (429, _): self.init(.rateLimited, "\(answer.shop) asks for fewer requests\(FeedFailure.words(wait)).", retryAfterSeconds: wait)
        case (503, _): self.init(.maintenance, "\(answer.shop) is down for maintenance\(FeedFailure.words(wait)).", retryAfterSeconds: wait)
        case (500..., _):
            self.init(.serverError, "\(answer.shop) failed (\(answer.status)): its database is away, or a plugin has died.", retryAfterSeconds: wait)
        case (400, let code): self.init(.requestRefused, "\(answer.shop) refused the request as wrong (\(code ?? "400")).")
        case (300..<400, _): self.init(.redirectLoop, "\(answer.shop) redirects without end (\(answer.status)).")
        case (_, let code): self.init(.unexpectedStatus, "\(answer.shop) answered \(answer.status)\(code.map { " " + $0 } ?? "").", retryAfterSeconds: wait)
        }
    }

    private static func unauthorized(_ answer: ShopAnswer, code: String) -> FeedFailure {
        if code == "woocommerce_rest_cannot_view" || code == "rest_forbidden" {
            return answer.isSigned
                ? FeedFailure(
                    .notRecognised,
                    "\(answer.shop) did not recognise the request. It was signed, so plain http is not the reason: something drops its parameters, or the URL leads past WooCommerce.")
                : FeedFailure(.unknownKey, "\(answer.shop) does not know the consumer key: it was revoked, or is another shop's.")
        }
        let message = answer.error?.message.lowercased() ?? ""
        if message.contains("timestamp") { return skewed(answer) }
        if message.contains("nonce") { return FeedFailure(.nonceRefused, "\(answer.shop) says that the signature's nonce was used before.") }
        if message.contains("consumer key is invalid") { return FeedFailure(.unknownKey, "\(answer.shop) does not know the consumer key: it was revoked, or is another shop's.") }
        if message.contains("consumer secret") { return FeedFailure(.badSecret, "\(answer.shop) knows the consumer key, but the consumer secret is wrong.") }
        if message.contains("signature") {
            return FeedFailure(.signatureRefused, "\(answer.shop) refused the signature: the consumer secret is wrong, or the shop is reached under another address than it believes.")
        }
        if message.contains("read permission") { return FeedFailure(.keyCannotRead, "\(answer.shop) lets the key write but not read: give it the permission Read.") }
        // Shops tell these things in their own language: then the clocks are the likeliest reason where they are far apart.
        if answer.isSigned, answer.clockSkewSeconds.map({ abs($0) > clockSkewSecondsMax }) == true { return skewed(answer) }
        return FeedFailure(.authenticationRefused, "\(answer.shop) refused the key or its secret (\(code.prefix(80))).")
    }

    private static func skewed(_ answer: ShopAnswer) -> FeedFailure {
        FeedFailure(.clockSkew, "\(answer.shop) refused the time of the signature\(words(skew: answer.clockSkewSeconds)): set the clocks right.")
    }

    private static func words(_ wait: Double?) -> String { wait.map { ", for \(Int($0.rounded())) seconds" } ?? "" }

    private static func words(skew: Double?) -> String {
        guard let skew, abs(skew) > clockSkewSecondsMax else { return "" }
        return ", and its clock is \(Int(abs(skew).rounded())) seconds \(skew > 0 ? "ahead of" : "behind") ours"
    }
}
