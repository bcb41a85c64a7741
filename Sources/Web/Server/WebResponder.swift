import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import Store

/// Leads a request to its route and its reply back: identity, limits, faults, headers, one line of log, figures.
struct WebResponder: HTTPResponder {
    let table: RouteTable
    let services: WebServices

    func respond(to request: Request, context: WebContext) async throws -> Response {
        let began = ContinuousClock.now
        let id = RequestID.of(request.headers[.requestID])
        let (path, query) = WebResponder.split(request.head.path ?? "/")
        let match = table.match(method: request.method.rawValue, path: path)
        var logger = services.logger
        logger[metadataKey: "request"] = .string(id)
        let reply: Reply
        do {
            reply = try await self.reply(to: request, match, query: query)
        } catch let fault as BodyFault {
            throw fault.underlying
        } catch {
            reply = Faults.reply(error, services.store, logger)
        }
        var route: Int?
        if case .found(let index, _) = match { route = index }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        services.metrics.count(route: route, status: reply.status, seconds: seconds)
        log(request, route: route, status: reply.status, seconds: seconds, logger)
        let response = WebResponder.response(reply, requestID: id)
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func reply(to request: Request, _ match: RouteTable.Match, query: Substring?) async throws -> Reply {
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
                "method": .string(route.map { table.routes[$0].method.rawValue } ?? "other"),
                "route": .string(route.map { table.routes[$0].path.description } ?? "unmatched"), "status": .stringConvertible(status),
                "ms": .string(WebResponder.milliseconds(seconds)),
            ])
    }

    /// With three decimals.
    private static func milliseconds(_ seconds: Double) -> String {
        let micros = Int(seconds * 1_000_000)
        let rest = String(micros % 1000)
        return "\(micros / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    private static func response(_ reply: Reply, requestID: String) -> Response {
        var headers = HTTPFields()
        headers.reserveCapacity(8 + reply.headers.count)
        if case .empty = reply.body {} else { headers.append(HTTPField(name: .contentType, value: reply.content.rawValue)) }
        headers.append(HTTPField(name: .requestID, value: requestID))
        headers.append(HTTPField(name: .cacheControl, value: "no-store"))
        headers.append(HTTPField(name: .contentTypeOptions, value: "nosniff"))
        headers.append(HTTPField(name: .contentSecurityPolicy, value: "default-src 'none'; frame-ancestors 'none'"))
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
