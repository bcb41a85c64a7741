import Hummingbird
import ServiceLifecycle

/// Carries requests to the site and its answers back, by way of the outage of the moment.
struct ShopResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    /// Of an endless body, at a time.
    private static let chunkBytes = 64 * 1024
    private static let hangLookMilliseconds = 20

    let site: ShopSite
    let switchboard: ShopSwitchboard
    let scheme: String
    let siteURL: String

    func respond(to request: Request, context: Context) async throws -> Response {
        let target = request.head.path ?? "/"
        let outage = switchboard.meet(target)
        let shopRequest = ShopRequest(
            method: request.method.rawValue, target: target, authorization: request.headers[.authorization], scheme: scheme,
            host: request.head.authority ?? "")
        guard let outage else { return response(site.answer(shopRequest)) }
        if let reply = OutageReply.reply(outage, site: siteURL, request: shopRequest) { return response(reply) }
        if outage == .endlessBody { return endless() }
        if outage == .hang { try await hang() }
        return travel(outage, site.answer(shopRequest))
    }

    private func response(_ reply: ShopReply) -> Response {
        Response(status: .init(code: reply.status), headers: fields(reply.headers), body: .init(byteBuffer: ByteBuffer(bytes: reply.body)))
    }

    /// The right answer, travelling badly.
    private func travel(_ outage: Outage, _ reply: ShopReply) -> Response {
        let half = Array(reply.body.prefix(reply.body.count / 2))
        var shortened = reply
        switch outage {
        case .truncatedJSON:
            shortened.body = half
            return response(shortened)
        case .connectionCut:
            let body = ResponseBody(contentLength: reply.body.count) { writer in
                try await writer.write(ByteBuffer(bytes: half))
                throw ShopConnectionCut()
            }
            return Response(status: .init(code: reply.status), headers: fields(reply.headers), body: body)
        case .slowDrip(let bytes, let pauseMilliseconds):
            return Response(
                status: .init(code: reply.status), headers: fields(reply.headers),
                body: drip(reply.body, bytes: max(1, bytes), pauseMilliseconds: pauseMilliseconds))
        default:
            return response(reply)
        }
    }

    private func drip(_ whole: [UInt8], bytes: Int, pauseMilliseconds: Int) -> ResponseBody {
        ResponseBody(contentLength: whole.count) { writer in
            var rest = whole[...]
            while !rest.isEmpty {
                try await writer.write(ByteBuffer(bytes: rest.prefix(bytes)))
                rest = rest.dropFirst(bytes)
                try await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(pauseMilliseconds)) }
                if Task.isShuttingDownGracefully { throw ShopConnectionCut() }
            }
            try await writer.finish(nil)
        }
    }

    private func endless() -> Response {
        let order = ByteBuffer(
            bytes: Array(repeating: Array(#"{"id":1,"status":"processing"},"#.utf8), count: ShopResponder.chunkBytes / 31).joined())
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(string: "["))
            for _ in 0..<(Outage.endlessBytesMax / ShopResponder.chunkBytes) {
                if Task.isShuttingDownGracefully { break }
                try await writer.write(order)
            }
            throw ShopConnectionCut()
        }
        return Response(status: .ok, headers: fields([("Content-Type", "application/json; charset=UTF-8")]), body: body)
    }

    /// Waits until the outage ends, the shop closes or the time is up.
    private func hang() async throws {
        for _ in 0..<(Outage.hangSecondsMax * 1_000 / ShopResponder.hangLookMilliseconds) {
            guard switchboard.outage == .hang else { return }
            if Task.isShuttingDownGracefully { throw ShopConnectionCut() }
            try await Task.sleep(for: .milliseconds(ShopResponder.hangLookMilliseconds))
        }
    }

    private func fields(_ headers: [(String, String)]) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPFields.Element.Name(name) { fields.append(HTTPFields.Element(name: name, value: value)) }
        }
        return fields
    }
}
