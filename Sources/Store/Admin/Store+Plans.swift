import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Upserts plans by (shop, name), all of them or none: a plan whose content is new gets its next version, one that was retired matches
    /// again, others of the shop stay as they are. Two plans of a shop that claim the same lines refuse the whole import, also when only
    /// one of them is in it.
    public func importPlans(_ drafts: [PlanDraft], by caller: Caller) async throws -> Result<[PlanOutcome], PlanRefusal> {
        if let refusal = caller.refusal(for: .manageShop) { return .failure(PlanRefusal(path: "plans", expected: refusal.detail)) }
        let shops = try await allShops()
        var known: [Shop] = []
        var names: [String: String] = [:]
        for draft in drafts {
            guard let shop = shops.first(where: { $0.slug == draft.shop && !$0.isRetired }) else {
                let slugs = shops.filter { !$0.isRetired }.map(\.slug).joined(separator: ", ")
                return .failure(PlanRefusal(path: draft.path + ".shop", expected: "expected one of \(slugs), found \"\(draft.shop)\""))
            }
            if let refusal = PlanCheck.refusal(draft, in: shop) { return .failure(refusal) }
            if let other = names.updateValue(draft.path, forKey: shop.slug + "\n" + draft.plan.name) {
                return .failure(PlanRefusal(path: draft.path + ".name", expected: "expected another name than \(other) has: \"\(draft.plan.name)\""))
            }
            known.append(shop)
        }
        let now = Timestamp.rounded(clock())
        let placed = Array(zip(drafts, known))
        do {
            return .success(try await pool.transaction { try Store.write(placed, $0, by: caller, now: now) })
        } catch let conflict as PlanConflict {
            return .failure(PlanRefusal(path: "plans", expected: conflict.description))
        }
    }

    /// The newest version of every plan of the shop, also of retired ones.
    public func plans(of shop: ShopID) async throws -> [Plan] {
        try await pool.read { try PlanRows.current($0, shop: shop) }
    }

    /// The plan matches no further line; what it granted stays, and lines bound to it stay bound.
    public func retirePlan(named name: String, in shop: ShopID, by caller: Caller) async throws -> Result<Plan, Refusal> {
        if let refusal = caller.refusal(for: .manageShop) { return .failure(refusal) }
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { connection in
            try PlanRows.lock(connection, shop: shop)
            try connection.execute(
                """
                UPDATE plan SET retired_at = coalesce(retired_at, \(now)::timestamptz) WHERE shop_id = \(shop)::bigint AND name = \(name)
                """)
            guard let plan = try PlanRows.current(connection, shop: shop).first(where: { $0.name == name }) else {
                return .failure(.unknown(what: "plan", name: name))
            }
            try Audit.write(connection, shop: shop, by: caller, action: "plan.retire", subject: name, now: now)
            return .success(plan)
        }
    }

    /// Throws `PlanConflict`, so that nothing of the import stays.
    private static func write(_ drafts: [(PlanDraft, Shop)], _ connection: Connection, by caller: Caller, now: Date) throws -> [PlanOutcome] {
        let shops = Set(drafts.map(\.1.id)).sorted()
        for shop in shops { try PlanRows.lock(connection, shop: shop) }
        var current = try shops.reduce(into: [ShopID: [Plan]]()) { $0[$1] = try PlanRows.current(connection, shop: $1) }
        var outcomes: [PlanOutcome] = []
        for (draft, shop) in drafts {
            let outcome = try write(draft, shop, current[shop.id] ?? [], connection, now: now)
            current[shop.id] = (current[shop.id] ?? []).filter { $0.id != outcome.plan.id } + [outcome.plan]
            outcomes.append(outcome)
            guard outcome.change != .unchanged else { continue }
            try Audit.write(
                connection, shop: shop.id, by: caller, action: "plan.import", subject: outcome.plan.name,
                detail: ["change": outcome.change.rawValue, "version": String(outcome.plan.version)], now: now)
        }
        for shop in shops {
            if let conflict = PlanConflict.find(in: current[shop] ?? []) { throw conflict }
        }
        if outcomes.contains(where: { $0.change != .unchanged }) { try RematchRequest.write(shops, connection) }
        return outcomes
    }

    private static func write(_ draft: PlanDraft, _ shop: Shop, _ current: [Plan], _ connection: Connection, now: Date) throws -> PlanOutcome {
        var plan = draft.plan
        plan.shop = shop.id
        plan.retired = false
        guard let old = current.first(where: { $0.name == plan.name }) else {
            plan.id = try PlanRows.add(connection, shop: shop.id, name: plan.name, now: now)
            plan.version = 1
            try PlanRows.write(connection, plan, now: now)
            return PlanOutcome(shop: shop.slug, plan: plan, change: .added)
        }
        plan.id = old.id
        plan.version = old.version
        var same = old
        same.retired = false
        if plan == same {
            if old.retired { try PlanRows.revive(connection, plan) }
            return PlanOutcome(shop: shop.slug, plan: plan, change: old.retired ? .revived : .unchanged)
        }
        plan.version += 1
        try PlanRows.write(connection, plan, now: now)
        return PlanOutcome(shop: shop.slug, plan: plan, change: .changed)
    }
}

extension PlanRows {
    /// A plan without a version yet: `write` follows in the same transaction.
    static func add(_ connection: Connection, shop: ShopID, name: String, now: Date) throws -> PlanID {
        let id = try connection.queryOne(
            """
            INSERT INTO plan (shop_id, name, version, created_at) VALUES (\(shop)::bigint, \(name), 1, \(now)::timestamptz) RETURNING plan_id
            """
        ) { try $0.next(PlanID.self) }
        guard let id else { throw PostgresError(.protocol, "a plan was not returned") }
        return id
    }

    /// A retired plan matches again.
    static func revive(_ connection: Connection, _ plan: Plan) throws {
        try connection.execute(
            "UPDATE plan SET retired_at = NULL WHERE shop_id = \(plan.shop)::bigint AND plan_id = \(plan.id)::bigint")
    }
}
