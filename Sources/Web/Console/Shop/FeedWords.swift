/// What a feed's troubles are called in the reader's language. Each is known by a stable slug; the exact English words stand beside it.
enum FeedWords {
    /// The slugs of `FeedFailure`, which this target does not see; a test holds the two together.
    static let failures = [
        "bad-address", "unknown-host", "connection-refused", "unreachable", "connect-timeout", "certificate-untrusted", "certificate-expired",
        "certificate-wrong-host", "ca-file-unusable", "tls-failed", "not-http", "empty-reply", "truncated", "too-slow", "body-too-large",
        "headers-too-large", "redirect-loop", "redirected-elsewhere", "missing-keys", "unknown-key", "not-recognised", "bad-secret",
        "signature-refused", "key-cannot-read", "clock-skew", "nonce-refused", "authentication-refused", "no-permission", "blocked",
        "woocommerce-off", "not-wordpress", "request-refused", "rate-limited", "maintenance", "server-error", "html", "not-json", "cut-off",
        "wrong-shape", "short-answer", "ignores-parameters", "orders-moving", "unexpected-status", "no-webhook-secret", "no-answer-from-holder",
        "stopped",
    ]
    /// The slugs of a connection test's steps, beside failures; the same test holds them.
    static let steps = [
        "address-good", "relay-good", "wordpress-good", "keys-good", "relay-signature-good", "relay-signature-bad", "clock-differs",
        "orders-good", "orders-none", "orders-not-understood", "order-not-understood", "relay-no-single",
    ]

    /// The slug of a step whose words are a reject's reason.
    static let rejected = "rejected"

    /// A sentence in the reader's language, and the exact one where it is another.
    static func explained(_ slug: String?, _ exact: String, _ localizer: Localizer) -> (text: String, exact: String?) {
        guard localizer.language != .en, let slug else { return (exact, nil) }
        if failures.contains(slug) { return (localizer.text(family: "failure", slug), exact) }
        if steps.contains(slug) { return (localizer.text(family: "step", slug), exact) }
        if slug == rejected { return (RejectReason(exact).text(localizer), exact) }
        return (exact, nil)
    }
}
