import Domain
import HTTPTypes
import Store

/// The plans of the shop: what they grant, and which recent orders each would match. Files of plans are imported by the command line.
enum PlanPages {
    static let all: [PageRoute] = [.get("/plans", may: .manageShop, list), .post("/plans/retire", may: .manageShop, retire)]

    private static func list(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let (previews, looked, unreadable) = try await call.store.planPreviews(of: visitor.shop.id)
        let rows = PlanRowsData(call: call, shop: visitor.shop, looked: looked)
        let (retired, inForce) = (previews.filter(\.plan.retired), previews.filter { !$0.plan.retired })
        var data: PageData = [
            "in_force": .list(inForce.map(rows.data)), "retired_plans": .list(retired.map(rows.data)), "any": .flag(!inForce.isEmpty),
            "any_retired": .flag(!retired.isEmpty), "looked": .text(call.text("plans.looked", ["count": looked])),
        ]
        if unreadable > 0 { data["unreadable"] = .text(call.text("plans.unreadable", ["count": unreadable])) }
        return try call.page("plans", title: "plans.title", data)
    }

    private static func retire(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let name = call.form.trimmed("name")
        guard case .success(let plan) = try await call.store.retirePlan(named: name, in: visitor.shop.id, by: visitor.caller) else {
            throw call.notFound
        }
        return call.redirect("/plans", flash: .done(call.text("plans.now_retired", ["name": plan.name])))
    }
}

/// Writes plans for their page.
struct PlanRowsData: Sendable {
    let call: PageCall
    let shop: Shop
    let looked: Int

    func data(_ preview: PlanPreview) -> PageData {
        let plan = preview.plan
        var data: PageData = [
            "name": .text(plan.name), "version": .text(String(plan.version)), "credits": .list(plan.channels.map { credit($0, plan) }),
            "validity": .text(plan.validDays.map { call.text("plans.days", ["count": $0]) } ?? call.text("plans.for_ever")),
            "ticket": .text(plan.ticketRule == .new ? call.text("plans.ticket_new") : call.text("plans.ticket_top_up")),
            "priority": .text(call.localizer.text(family: "priority", plan.priority.rawValue)),
            "keys": .list(plan.match.keys.map { ["key": .text(key($0))] }), "has_matches": .flag(!preview.matches.isEmpty),
            "matches": .list(preview.matches.map(match)),
            "matched": .text(call.text("plans.would_match", ["orders": preview.orderCount, "looked": looked])),
        ]
        if plan.overdraft > 0 { data["overdraft"] = .text(call.text("plans.overdraft", ["number": plan.overdraft])) }
        data.set("top_up_url", plan.topUpURL.flatMap { $0.hasPrefix("https://") || $0.hasPrefix("http://") ? $0 : nil })
        return data
    }

    private func credit(_ channel: Channel, _ plan: Plan) -> PageData {
        var data: PageData = [
            "credit_name": .text(call.localizer.channel(channel)), "credit_count": .text(call.localizer.number(plan.credits[channel]?.value ?? 0)),
        ]
        if let price = plan.prices[channel] { data["price"] = .text(call.localizer.money(Money(minorUnits: price, currency: shop.currency))) }
        if let mark = plan.low.mark(for: channel) {
            data["low_mark"] = .text(
                switch mark {
                case .count(let count): call.text("plans.low_at", ["mark": count])
                case .percent(let percent): call.text("plans.low_at", ["mark": call.localizer.percent(percent)])
                })
        }
        return data
    }

    private func match(_ match: PlanPreview.Match) -> PageData {
        [
            "order": .text(match.number), "order_status": .text(match.status), "order_day": .text(call.localizer.day(match.createdAt)),
            "product": .text(match.product), "by": .text(key(match.matchedBy)),
        ]
    }

    private func key(_ key: MatchKey) -> String {
        switch key {
        case .variation(let id): call.text("plans.key_variation", ["id": String(id)])
        case .product(let id): call.text("plans.key_product", ["id": String(id)])
        case .sku(let sku): call.text("plans.key_sku", ["sku": sku])
        }
    }
}
