import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import Store

/// Leads a request to its route and its reply back: identity, limits, faults, headers, one line of log, figures.
struct WebResponder: HTTPResponder {
    let table: RouteTable<Route>
    let pages: RouteTable<PageRoute>
    let services: WebServices

    /// Where a request goes.
    private enum Way {
        case api(RouteTable<Route>.Match)
        case page(RouteTable<PageRoute>.Match)
    }

    func respond(to request: Request, context: WebContext) async throws -> Response {
        let began = ContinuousClock.now
        let id = RequestID.of(request.headers[.requestID])
        let (path, query) = WebResponder.split(request.head.path ?? "/")
        let way = way(request, path)
        var logger = services.logger
        logger[metadataKey: "request"] = .string(id)
        let reply: Reply
        do {
            switch way {
            case .api(let match): reply = try await self.reply(to: request, match, query: query)
            case .page(let match): reply = try await page(request, match, query: query, peer: context.peer, id: id)
            }
        } catch let fault as BodyFault {
            throw fault.underlying
        } catch {
            reply = Faults.reply(error, services.store, logger)
        }
        let route = place(of: way)
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        services.metrics.count(route: route, status: reply.status, seconds: seconds)
        log(request, route: route, status: reply.status, seconds: seconds, logger)
        let response = WebResponder.response(reply, requestID: id, services.console.site)
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// What no route of the API has is looked for among the pages; what neither has is told as the caller likes it.
    private func way(_ request: Request, _ path: Substring) -> Way {
        let match = table.match(method: request.method.rawValue, path: path)
        guard case .none = match else { return .api(match) }
        let page = pages.match(method: request.method.rawValue, path: path)
        guard case .none = page else { return .page(page) }
        let isBrowser = (request.headers[.accept] ?? "").contains("text/html")
        return isBrowser && !path.hasPrefix("/api/") && !path.hasPrefix("/webhooks/") ? .page(.none) : .api(.none)
    }

    /// The route's number in logs and figures: the API's first, then the pages.
    private func place(of way: Way) -> Int? {
        switch way {
        case .api(.found(let index, _)): index
        case .page(.found(let index, _)): table.routes.count + index
        default: nil
        }
    }

    private func page(_ request: Request, _ match: RouteTable<PageRoute>.Match, query: Substring?, peer: String?, id: String) async throws -> Reply {
        let address = ClientAddress.of(
            peer: peer, forwarded: request.headers[values: .forwardedFor].last, services.console.site)
        func call(_ route: PageRoute, _ places: [Substring]) -> PageCall {
            PageCall(request, route, services, places: places, query: query, address: address, requestID: id)
        }
        switch match {
        case .found(let index, let places): return try await PageResponder.reply(call(pages.routes[index], places))
        case .otherMethods(let methods): return try await PageResponder.reply(call(.refusing(.methodNotAllowed(methods)), []))
        case .none: return try await PageResponder.reply(call(.refusing(.unknownRoute), []))
        }
    }

    private func reply(to request: Request, _ match: RouteTable<Route>.Match, query: Substring?) async throws -> Reply {
        switch match {
        case .none: throw Problem.unknownRoute
        case .otherMethods(let methods): throw Problem.methodNotAllowed(methods)
        case .found(let index, let places):
            let route = table.routes[index]
            let call = Call(request: request, route: route, services: services, places: places, queryText: query)
            switch route.access {
            case .open(let handle): return try await handle(call)
            case .token(let scope, let handle):
                guard let identity = try await Authenticator.identity(request.headers[.authorization], services.store) else {
                    throw Problem.unauthorized
                }
                guard scope.isGiven(by: identity.caller.scopes) else { return .answer(.refused(.scopeMissing(scope))) }
                if route.query.isEmpty { _ = try call.query() }
                return try await handle(call, identity)
            }
        }
    }

    /// The path as it stands, and what is behind the `?`.
    private static func split(_ target: String) -> (path: Substring, query: Substring?) {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (target[...], nil) }
        return (target[..<mark], target[target.utf8.index(after: mark)...])
    }

    /// Method, route, status and time: never an address as it was sent, a query or a header.
    private func log(_ request: Request, route: Int?, status: Int, seconds: Double, _ logger: Logger) {
        guard logger.logLevel <= .info else { return }
        logger.info(
            "request",
            metadata: [
                "method": .string(route.map { named($0).method.rawValue } ?? "other"),
                "route": .string(route.map { named($0).path.description } ?? "unmatched"), "status": .stringConvertible(status),
                "ms": .string(WebResponder.milliseconds(seconds)),
            ])
    }

    private func named(_ place: Int) -> any Routable {
        place < table.routes.count ? table.routes[place] : pages.routes[place - table.routes.count]
    }

    /// With three decimals.
    private static func milliseconds(_ seconds: Double) -> String {
        let micros = Int(seconds * 1_000_000)
        let rest = String(micros % 1000)
        return "\(micros / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    private static func response(_ reply: Reply, requestID: String, _ site: Site) -> Response {
        var headers = HTTPFields()
        headers.reserveCapacity(12 + reply.headers.count)
        if case .empty = reply.body {} else { headers.append(HTTPField(name: .contentType, value: reply.content.rawValue)) }
        headers.append(HTTPField(name: .requestID, value: requestID))
        for header in SecurityHeaders.of(reply.policy, site) { headers.append(HTTPField(name: header.name, value: header.value)) }
        for header in reply.headers { headers.append(HTTPField(name: header.name, value: header.value)) }
        return Response(status: HTTPResponse.Status(code: reply.status), headers: headers, body: body(reply.body))
    }

    private static func body(_ body: Reply.Body) -> ResponseBody {
        switch body {
        case .empty: ResponseBody()
        case .text(let text): ResponseBody(byteBuffer: ByteBuffer(string: text))
        case .bytes(let bytes): ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        case .stream(let write): StreamedBody.body(write)
        }
    }
}
