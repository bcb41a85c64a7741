import HTTPTypes
import Store

/// What a WooCommerce shop pushes. Written down and answered at once; the feed reads it afterwards.
enum PushRoutes {
    static let all: [Route] = [
        Route(
            .post, "/webhooks/woocommerce/{shop}", bodyBytesMax: Store.pushBodyBytesMax,
            Operation(
                id: "receivePush", tag: "webhooks", summary: "A webhook of the shop, signed with its secret.",
                body: .init(schema: Schema { $0.field("type", "object") }, example: #"{"id":53,"status":"processing"}"#),
                success: .json(200, .object([.required("result", .text())])), refusals: [401]),
            access: .open(receive))
    ]

    private static func receive(_ call: Call) async throws -> Reply {
        let headers = call.request.headers
        let push = Push(
            topic: headers[.webhookTopic], signature: headers[.webhookSignature], contentType: headers[.contentType], body: try await call.body())
        let slug = String(call.places[0])
        let outcome = try await call.store.receivePush(slug, push)
        switch outcome.status {
        case 200: return .json { $0.field("result", outcome.sentence) }
        case 404: throw Problem(type: "unknown-shop", title: "Unknown shop", status: 404, detail: outcome.sentence)
        case 413: throw Problem.bodyTooLarge(bytesMax: Store.pushBodyBytesMax)
        default:
            call.services.logger.warning("a pushed webhook was refused: \(outcome.sentence)")
            throw Problem(type: "bad-signature", title: "Bad signature", status: outcome.status, detail: outcome.sentence)
        }
    }
}
