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
        let validity = plan.validDays.map { call.text("plans.days", ["count": $0]) } ?? call.text("plans.for_ever")
        let matched = call.text("plans.would_match", ["orders": preview.orderCount, "looked": looked])
        var data: PageData = [
            "name": .text(plan.name), "version": .text(String(plan.version)), "validity": .text(validity), "matched": .text(matched),
            "ticket": .text(call.text(plan.ticketRule == .new ? "plans.ticket_new" : "plans.ticket_top_up")),
            "priority": .text(call.localizer.text(family: "priority", plan.priority.rawValue)), "has_matches": .flag(!preview.matches.isEmpty),
        ]
        data["credits"] = .list(plan.channels.map { credit($0, plan) })
        data["keys"] = .list(plan.match.keys.map { ["key": .text(key($0))] })
        data["matches"] = .list(preview.matches.map(match))
        if plan.overdraft > 0 { data["overdraft"] = .text(call.text("plans.overdraft", ["number": plan.overdraft])) }
        data.set("top_up_url", plan.topUpURL.flatMap { $0.hasPrefix("https://") || $0.hasPrefix("http://") ? $0 : nil })
        return data
    }

    private func credit(_ channel: Channel, _ plan: Plan) -> PageData {
        var data: PageData = [
            "credit_name": .text(call.localizer.channel(channel)), "credit_count": .text(call.localizer.number(plan.credits[channel]?.value ?? 0)),
        ]
        if let price = plan.prices[channel] { data["price"] = .text(call.localizer.money(Money(minorUnits: price, currency: shop.currency))) }
        data.set("low_mark", plan.low.mark(for: channel).map(low))
        return data
    }

    private func low(_ mark: LowMark) -> String {
        switch mark {
        case .count(let count): call.text("plans.low_at", ["mark": count])
        case .percent(let percent): call.text("plans.low_at", ["mark": call.localizer.percent(percent)])
        }
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
