/// What the shop answers: a status, headers in order, and a whole body.
struct ShopReply: Sendable {
    var status: Int
    var headers: [(String, String)]
    var body: [UInt8]

    /// JSON with the headers WordPress always sends; `link` is the page links, else the address of the API itself.
    static func json(
        _ body: [UInt8], status: Int = 200, site: String, allow: String? = nil, totals: (total: Int, pages: Int)? = nil, link: String? = nil
    ) -> ShopReply {
        var headers = [
            ("Content-Type", "application/json; charset=UTF-8"), ("X-Robots-Tag", "noindex"),
            ("Link", link ?? "<\(site)/wp-json/>; rel=\"https://api.w.org/\""), ("X-Content-Type-Options", "nosniff"),
            ("Access-Control-Expose-Headers", "X-WP-Total, X-WP-TotalPages, Link"),
            ("Access-Control-Allow-Headers", "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type"),
        ]
        if let totals { headers += [("X-WP-Total", String(totals.total)), ("X-WP-TotalPages", String(totals.pages))] }
        if let allow { headers.append(("Allow", allow)) }
        headers += [
            ("Expires", "Wed, 11 Jan 1984 05:00:00 GMT"), ("Cache-Control", "no-cache, must-revalidate, max-age=0, no-store, private"),
        ]
        return ShopReply(status: status, headers: headers, body: body)
    }

    static func error(_ error: RestError, site: String, allow: String? = nil) -> ShopReply {
        json(JSONWriter.bytes(error.document), status: error.status, site: site, allow: allow)
    }

    /// A page of WordPress itself, as an outage answers.
    static func html(_ status: Int, title: String, message: String, headers: [(String, String)] = []) -> ShopReply {
        let page = """
            <!DOCTYPE html>
            <html dir='ltr'>
            <head>
            \t<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
            \t<title>\(title)</title>
            </head>
            <body id="error-page">
            \t<div class="wp-die-message">\(message)</div></body>
            </html>

            """
        return ShopReply(status: status, headers: [("Content-Type", "text/html; charset=UTF-8")] + headers, body: Array(page.utf8))
    }
}
