/// The whole answers of a broken shop; nil for the outages that are about how the answer travels (`ShopResponder`).
enum OutageReply {
    static func reply(_ outage: Outage, site: String, request: ShopRequest) -> ShopReply? {
        switch outage {
        case .maintenance(let seconds):
            ShopReply.html(
                503, title: "Maintenance", message: "Briefly unavailable for scheduled maintenance. Check back in a minute.",
                headers: [("Retry-After", String(seconds))])
        case .serverError: ShopReply.html(500, title: "Database Error", message: "<h1>Error establishing a database connection</h1>")
        case .unauthorized: ShopReply.error(.cannotView(401), site: site)
        case .forbidden: ShopReply.error(.cannotView(403), site: site)
        case .noRoute: ShopReply.error(.noRoute, site: site)
        case .notFoundPage: ShopReply.html(404, title: "Page not found", message: "It looks like nothing was found at this location.")
        case .tooManyRequests(let seconds):
            ShopReply(
                status: 429, headers: [("Content-Type", "text/plain"), ("Retry-After", String(seconds))],
                body: Array("Too Many Requests".utf8))
        case .htmlPage: ShopReply.html(200, title: "Log in", message: "Please sign in to the network to continue.")
        case .otherJSON: ShopReply.json(Array(#"{"orders":"soon","page":[1,2]}"#.utf8), site: site)
        case .redirectLoop: redirect(request.rawPath + (request.query.encoded.isEmpty ? "" : "?" + request.query.encoded))
        case .redirect(let address): redirect(address)
        case .truncatedJSON, .connectionCut, .slowDrip, .endlessBody, .hang: nil
        }
    }

    private static func redirect(_ address: String) -> ShopReply {
        ShopReply(status: 302, headers: [("Location", address), ("Content-Type", "text/html; charset=UTF-8")], body: [])
    }
}
