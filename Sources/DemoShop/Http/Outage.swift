/// A way for the shop to be broken, each as a real one was seen to be (`woocommerce/outages`) or as a network does it.
public enum Outage: Sendable, Equatable {
    /// 503 HTML with `Retry-After`.
    case maintenance(retryAfterSeconds: Int)
    /// 500 HTML: the database is gone, or a plugin has died.
    case serverError
    /// 401 `woocommerce_rest_cannot_view`: the key was revoked.
    case unauthorized
    /// 403 `woocommerce_rest_cannot_view`.
    case forbidden
    /// 404 `rest_no_route`: WooCommerce is switched off.
    case noRoute
    /// 404 HTML: no WordPress here.
    case notFoundPage
    /// 429 with `Retry-After`.
    case tooManyRequests(retryAfterSeconds: Int)
    /// 200 and the first half of the right answer, as if it were whole.
    case truncatedJSON
    /// 200 and the first half of the right answer, then the connection is cut.
    case connectionCut
    /// 200 and an HTML page, as a captive portal or a security plugin answers.
    case htmlPage
    /// 200 JSON of another shape.
    case otherJSON
    /// The right answer, `bytes` at a time with `pauseMilliseconds` between.
    case slowDrip(bytes: Int, pauseMilliseconds: Int)
    /// 200 and orders without end (up to `Outage.endlessBytesMax`).
    case endlessBody
    /// 302 to itself for ever.
    case redirectLoop
    /// 302 to that address, of another host for instance.
    case redirect(to: String)
    /// Nothing is answered, until the outage ends or for `Outage.hangSecondsMax`.
    case hang

    public static let endlessBytesMax = 1 << 30
    public static let hangSecondsMax = 600
}
