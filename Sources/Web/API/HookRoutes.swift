import Domain
import Store

/// Outgoing webhooks: where other programs want to be told, what was sent to them, and sending it again. All of it is the admin's,
/// because an address may hold a secret of its receiver.
enum HookRoutes {
    /// Bytes of a hook's body.
    static let bodyBytesMax = 16 << 10

    static let all: [Route] = [
        Route(
            .get, "/api/v1/hooks",
            Operation(
                id: "listHooks", tag: "hooks", summary: "All hooks of the shop by number, also retired ones.",
                success: .json(200, .page(.reference("Hook")))),
            access: .token(.admin, list)),
        Route(
            .post, "/api/v1/hooks", bodyBytesMax: bodyBytesMax,
            Operation(
                id: "addHook", tag: "hooks", summary: "A new hook. The answer holds its secret, which is told only here.",
                body: HookBody.body, isKeyed: true, success: .json(201, HookBody.added), refusals: [404]),
            access: .token(.admin, add)),
        Route(
            .get, "/api/v1/hooks/{id}",
            Operation(id: "readHook", tag: "hooks", summary: "One hook, without its secret.", success: .json(200, .reference("Hook"))),
            access: .token(.admin, read)),
        Route(
            .put, "/api/v1/hooks/{id}", bodyBytesMax: bodyBytesMax,
            Operation(
                id: "replaceHook", tag: "hooks", summary: "Change a hook's address and topics; its secret stays.", body: HookBody.body,
                isKeyed: true, success: .json(200, .reference("Hook"))),
            access: .token(.admin, replace)),
        Route(
            .delete, "/api/v1/hooks/{id}",
            Operation(
                id: "retireHook", tag: "hooks", summary: "Tell this hook nothing more.", isKeyed: true,
                success: .json(200, .reference("Hook"))),
            access: .token(.admin, retire)),
        Route(
            .post, "/api/v1/hooks/{id}/test",
            Operation(
                id: "testHook", tag: "hooks", summary: "Put a ping into the hook's line.", isKeyed: true,
                success: .json(202, .reference("HookDelivery"))),
            access: .token(.admin, test)),
        Route(
            .get, "/api/v1/hooks/{id}/deliveries",
            query: [
                QueryParameter(
                    name: "status", schema: .choice(HookDelivery.Status.allCases.map(\.rawValue)), note: "Only deliveries that stand so."),
                .limit, .after,
            ],
            Operation(
                id: "listDeliveries", tag: "hooks", summary: "What was and will be sent to a hook, newest first.",
                success: .json(200, .page(.reference("HookDelivery")))),
            access: .token(.admin, deliveries)),
        Route(
            .post, "/api/v1/hooks/{id}/deliveries/{delivery}/redelivery",
            Operation(
                id: "redeliver", tag: "hooks", summary: "Send a delivery again, with the same id and body.", isKeyed: true,
                success: .json(202, .reference("HookDelivery"))),
            access: .token(.admin, redeliver)),
    ]

    private static func unknown(_ id: HookID) -> Refusal { .unknown(what: "hook", name: id.description) }
    private static func unknown(_ id: HookDeliveryID) -> Refusal { .unknown(what: "delivery", name: id.description) }

    private static func list(_ call: Call, _ identity: Identity) async throws -> Reply {
        let hooks = try await call.store.hooks(of: identity.shop)
        return .json { json in
            json.field("items") { $0.array(hooks) { $1.write(&$0) } }
            json.field("next", String?.none)
        }
    }

    private static func read(_ call: Call, _ identity: Identity) async throws -> Reply {
        let id = try call.id(unknown: unknown as (HookID) -> Refusal)
        guard let hook = try await call.store.hook(id, in: identity.shop) else { throw unknown(id) }
        return .written { hook.write(&$0) }
    }

    private static func add(_ call: Call, _ identity: Identity) async throws -> Reply {
        let key = try call.key()
        let body = try HookBody(try await call.fields(HookBody.names))
        return .answer(
            try await call.store.addHook(
                url: body.url, topics: body.topics, allowsPrivate: body.allowsPrivate, to: identity.shop, key: key, by: identity.caller))
    }

    private static func replace(_ call: Call, _ identity: Identity) async throws -> Reply {
        let id = try call.id(unknown: unknown as (HookID) -> Refusal)
        let key = try call.key()
        let body = try HookBody(try await call.fields(HookBody.names))
        return .answer(
            try await call.store.replaceHook(
                id, url: body.url, topics: body.topics, allowsPrivate: body.allowsPrivate, in: identity.shop, key: key, by: identity.caller))
    }

    private static func retire(_ call: Call, _ identity: Identity) async throws -> Reply {
        let id = try call.id(unknown: unknown as (HookID) -> Refusal)
        return .answer(try await call.store.retireHook(id, in: identity.shop, key: try call.key(), by: identity.caller))
    }

    private static func test(_ call: Call, _ identity: Identity) async throws -> Reply {
        let id = try call.id(unknown: unknown as (HookID) -> Refusal)
        return .answer(try await call.store.testHook(id, in: identity.shop, key: try call.key(), by: identity.caller))
    }

    private static func deliveries(_ call: Call, _ identity: Identity) async throws -> Reply {
        let id = try call.id(unknown: unknown as (HookID) -> Refusal)
        let query = try call.query()
        let status = try query.choice("status", HookDelivery.Status.self)
        let page = try await call.store.hookDeliveries(
            of: id, in: identity.shop, status: status, after: try Cursor.number("delivery", query).map(HookDeliveryID.init),
            limit: try query.limit()
        ).get()
        return .json { json in
            json.field("items") { $0.array(page.items) { $1.write(&$0) } }
            json.field("next", page.next.map { Cursor.text("delivery", $0.rawValue) })
        }
    }

    private static func redeliver(_ call: Call, _ identity: Identity) async throws -> Reply {
        let hook = try call.id(unknown: unknown as (HookID) -> Refusal)
        let id = try call.id(1, unknown: unknown as (HookDeliveryID) -> Refusal)
        let key = try call.key()
        guard try await call.store.hookDelivery(id, in: identity.shop)?.hook == hook else { throw unknown(id) }
        return .answer(try await call.store.redeliver(id, in: identity.shop, key: key, by: identity.caller))
    }
}
