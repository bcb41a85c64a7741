import Domain
import FoundationEssentials
import Store

/// What a shop sells, counts and has been seen to sell.
enum ShopRoutes {
    static let all: [Route] = [
        Route(
            .get, "/api/v1/orders/{id}",
            Operation(
                id: "readOrder", tag: "shop", summary: "An order as last seen, and what it came to mean.",
                success: .json(200, .reference("Order"))),
            access: .token(.balanceRead, order)),
        Route(
            .get, "/api/v1/plans",
            Operation(
                id: "listPlans", tag: "shop", summary: "The newest version of every plan, also of retired ones.",
                success: .json(200, .page(.reference("Plan")))),
            access: .token(.balanceRead, plans)),
        Route(
            .get, "/api/v1/channels",
            Operation(
                id: "listChannels", tag: "shop", summary: "The channels in use, and what one credit of each is.",
                success: .json(200, .page(.reference("Channel")))),
            access: .token(.balanceRead, channels)),
        Route(
            .get, "/api/v1/shops/{slug}/feed",
            Operation(
                id: "readFeed", tag: "shop", summary: "How the feed of the token's own shop is doing.",
                success: .json(200, .reference("Feed"))),
            access: .token(.balanceRead, feed)),
    ]

    private static func order(_ call: Call, _ identity: Identity) async throws -> Reply {
        let id = try call.id(unknown: Refusal.unknownOrder)
        guard let order = try await call.store.order(id, in: identity.shop) else { throw Refusal.unknownOrder(id) }
        return .written { order.write(&$0) }
    }

    private static func plans(_ call: Call, _ identity: Identity) async throws -> Reply {
        let plans = try await call.store.plans(of: identity.shop)
        return .json { json in
            json.field("items") { $0.array(plans) { PlanJSON.write($1, &$0) } }
            json.field("next", String?.none)
        }
    }

    private static func channels(_ call: Call, _ identity: Identity) async throws -> Reply {
        let rules = try await call.store.shop(identity.shop)?.rules ?? [:]
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let texts = try rules.mapValues { String(decoding: try encoder.encode($0.rule), as: UTF8.self) }
        return .json { json in
            json.field("items") { json in
                json.array(rules.sorted { $0.key < $1.key }) { json, rule in
                    json.object { json in
                        json.field("channel", rule.key.rawValue)
                        json.field("rule", json: texts[rule.key] ?? "{}")
                        json.field("rule_version", rule.value.version)
                    }
                }
            }
            json.field("next", String?.none)
        }
    }

    /// Another shop's slug is as unknown as one that nobody has (P13).
    private static func feed(_ call: Call, _ identity: Identity) async throws -> Reply {
        let slug = String(call.places[0])
        guard let shop = try await call.store.shop(identity.shop), shop.slug == slug else {
            throw Refusal.unknown(what: "shop", name: JSONValue.shortened(slug))
        }
        return Reply(status: 200, body: .text(try await call.store.feedStatus(shop).json))
    }
}
