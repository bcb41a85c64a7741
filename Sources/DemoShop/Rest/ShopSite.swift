/// The site behind the web server: finds the answer to a request. Nothing here waits or fails; what is wrong is an answer too.
struct ShopSite: Sendable {
    /// The methods WordPress allows on a list and on one order.
    private static let listAllow = "GET, POST"
    private static let orderAllow = "GET, POST, PUT, PATCH, DELETE"

    let book: ShopBook
    let doorkeeper: Doorkeeper
    let olderVersion: Bool

    private var settings: BookSettings { book.settings }
    private var site: String { settings.siteURL }

    func answer(_ request: ShopRequest) -> ShopReply {
        // A key on `/?rest_route=` is never looked at.
        if request.query["rest_route"] != nil { return .error(.cannotView(401), site: site) }
        let parts = request.path.split(separator: "/").map(String.init)
        guard parts.first == "wp-json" else { return notFound() }
        if parts.count == 1 { return .json(JSONWriter.bytes(SiteIndex(settings: settings).document), site: site) }
        guard parts.starts(with: ["wp-json", "wc", "v3"]) else { return .error(.noRoute, site: site) }
        return endpoint(Array(parts.dropFirst(3)), request)
    }

    private func endpoint(_ parts: [String], _ request: ShopRequest) -> ShopReply {
        let numbers = parts.map { Int($0) }
        let reply: () throws(RestError) -> ShopReply
        switch (parts.first, parts.count) {
        case ("orders", 1): reply = { () throws(RestError) in try orders(request) }
        case ("orders", 2): reply = { () throws(RestError) in try order(try number(numbers[1])) }
        case ("orders", 3) where parts[2] == "refunds": reply = { () throws(RestError) in try refunds(of: try number(numbers[1]), request) }
        case ("orders", 4) where parts[2] == "refunds":
            reply = { () throws(RestError) in try refund(try number(numbers[3]), of: try number(numbers[1])) }
        case ("refunds", 1) where !olderVersion:
            reply = { () throws(RestError) in try list(book.allRefundDocuments(), request, path: "refunds") }
        case ("products", _): reply = { () throws(RestError) in try products(parts, request) }
        default: return .error(.noRoute, site: site)
        }
        do throws(RestError) {
            // Whether there is such a route is known before who asks.
            if parts.count > 1, parts[0] == "orders" { _ = try number(numbers[1]) }
            try doorkeeper.admit(request)
            return try reply()
        } catch {
            let allow =
                error.status == 401 || error.code == "rest_no_route" ? nil : parts.count == 2 ? ShopSite.orderAllow : ShopSite.listAllow
            return .error(error, site: site, allow: allow)
        }
    }

    private func number(_ number: Int?) throws(RestError) -> Int {
        guard let number, number >= 0 else { throw .noRoute }
        return number
    }

    private func orders(_ request: ShopRequest) throws(RestError) -> ShopReply {
        let query = try OrderParameters.read(request.query, settings: settings)
        let page = book.page(query)
        var body: [UInt8] = [UInt8(ascii: "[")]
        for (place, document) in page.documents.enumerated() {
            if place > 0 { body.append(UInt8(ascii: ",")) }
            body.append(contentsOf: document)
        }
        body.append(UInt8(ascii: "]"))
        let pages = (page.total + query.perPage - 1) / query.perPage
        let links = PageLinks(url: settings.ordersURL, query: request.query, statuses: query.statuses)
        return .json(
            body, site: site, allow: ShopSite.listAllow, totals: (page.total, pages),
            link: links.header(page: query.page, pages: pages, isEmpty: page.documents.isEmpty))
    }

    private func order(_ id: Int) throws(RestError) -> ShopReply {
        guard let document = book.document(of: id) else { throw .noOrder }
        return .json(document, site: site, allow: ShopSite.orderAllow)
    }

    /// A missing order has no refunds, says the shop: 200 `[]`.
    private func refunds(of order: Int, _ request: ShopRequest) throws(RestError) -> ShopReply {
        try list(book.refundDocuments(of: order), request, path: "orders/\(order)/refunds")
    }

    private func refund(_ id: Int, of order: Int) throws(RestError) -> ShopReply {
        guard let refund = book.refund(id), refund.order == order else { throw .noRefund }
        return .json(JSONWriter.bytes(refund.document), site: site, allow: "GET, DELETE")
    }

    private func products(_ parts: [String], _ request: ShopRequest) throws(RestError) -> ShopReply {
        let catalogue = ProductDocuments(products: book.products, siteURL: site)
        switch parts.count {
        case 1:
            let sku = request.query["sku"]
            return try list(catalogue.all.filter { sku == nil || $0["sku"]?.text == sku }, request, path: "products")
        case 2:
            guard let id = Int(parts[1]) else { throw .noRoute }
            guard let product = catalogue.all.first(where: { $0["id"]?.whole == id }) else { throw .noProduct }
            return .json(JSONWriter.bytes(product), site: site, allow: ShopSite.orderAllow)
        case 3 where parts[2] == "variations":
            return try list(catalogue.variations(of: Int(parts[1]) ?? 0), request, path: parts.joined(separator: "/"))
        default: throw .noRoute
        }
    }

    private func list(_ documents: [JSONValue], _ request: ShopRequest, path: String) throws(RestError) -> ShopReply {
        let query = try OrderParameters.read(request.query, settings: settings)
        let start = min(documents.count, (query.page - 1).multipliedReportingOverflow(by: query.perPage).partialValue)
        let page = Array(documents.dropFirst(max(0, start)).prefix(query.perPage))
        let pages = (documents.count + query.perPage - 1) / query.perPage
        let links = PageLinks(url: "\(site)/wp-json/wc/v3/\(path)", query: request.query, statuses: nil)
        return .json(
            JSONWriter.bytes(.array(page)), site: site, allow: ShopSite.listAllow, totals: (documents.count, pages),
            link: links.header(page: query.page, pages: pages, isEmpty: page.isEmpty))
    }

    private func notFound() -> ShopReply {
        .html(404, title: "Page not found &#8211; SupportMeter demo shop", message: "It looks like nothing was found at this location.")
    }
}
