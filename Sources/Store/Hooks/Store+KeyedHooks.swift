import Domain
import FoundationEssentials

/// The same changes under an idempotency key (P5), for the API: the first answer again, also the secret that was told once.
extension Store {
    /// 201 with the hook and its secret.
    public func addHook(
        url: String, topics: [String], allowsPrivate: Bool, to shop: ShopID, key: IdempotencyKey, by caller: Caller
    ) async throws -> Answer {
        if let refusal = HookCheck.refusal(url: url) ?? HookCheck.refusal(topics: topics) { return .refused(refusal) }
        let print = Fingerprint("hook.add") { $0.add(url: url, topics: topics, allowsPrivate: allowsPrivate) }
        return try await keyed(shop, key: key, fingerprint: print.bytes, by: caller, permission: .manageAccess) { connection, _, now in
            let added = try Store.addHook(
                connection, url: url, topics: topics, allowsPrivate: allowsPrivate, to: shop, by: caller, now: now)
            return added.answer(201) { json, added in
                json.object { json in
                    json.field("hook") { added.hook.write(&$0) }
                    json.field("secret", added.secret.value)
                }
            }
        }
    }

    /// 200 with the hook, which is now all that was given.
    public func replaceHook(
        _ id: HookID, url: String, topics: [String], allowsPrivate: Bool, in shop: ShopID, key: IdempotencyKey, by caller: Caller
    ) async throws -> Answer {
        if let refusal = HookCheck.refusal(url: url) ?? HookCheck.refusal(topics: topics) { return .refused(refusal) }
        let change = HookChange(url: url, topics: topics, allowsPrivate: allowsPrivate)
        let print = Fingerprint("hook.set") { print in
            print.add(id.rawValue)
            print.add(url: url, topics: topics, allowsPrivate: allowsPrivate)
        }
        return try await keyed(shop, key: key, fingerprint: print.bytes, by: caller, permission: .manageAccess) { connection, _, now in
            try Store.setHook(connection, id, change, in: shop, by: caller, now: now).answer(200) { $1.write(&$0) }
        }
    }

    /// 200 with the hook as it was retired.
    public func retireHook(_ id: HookID, in shop: ShopID, key: IdempotencyKey, by caller: Caller) async throws -> Answer {
        let print = Fingerprint("hook.retire") { $0.add(id.rawValue) }
        return try await keyed(shop, key: key, fingerprint: print.bytes, by: caller, permission: .manageAccess) { connection, _, now in
            try Store.retireHook(connection, id, in: shop, by: caller, now: now).answer(200) { $1.write(&$0) }
        }
    }

    /// 202 with a ping in the hook's line.
    public func testHook(_ id: HookID, in shop: ShopID, key: IdempotencyKey, by caller: Caller) async throws -> Answer {
        let print = Fingerprint("hook.test") { $0.add(id.rawValue) }
        return try await keyed(shop, key: key, fingerprint: print.bytes, by: caller, permission: .manageAccess) { connection, _, now in
            try Store.testHook(connection, id, in: shop, now: now).answer(202) { $1.write(&$0) }
        }
    }

    /// 202 with the delivery that waits again.
    public func redeliver(_ id: HookDeliveryID, in shop: ShopID, key: IdempotencyKey, by caller: Caller) async throws -> Answer {
        let print = Fingerprint("hook.redeliver") { $0.add(id.rawValue) }
        return try await keyed(shop, key: key, fingerprint: print.bytes, by: caller, permission: .manageAccess) { connection, _, now in
            try Store.redeliver(connection, id, in: shop, by: caller, now: now).answer(202) { $1.write(&$0) }
        }
    }
}

extension Fingerprint {
    fileprivate mutating func add(url: String, topics: [String], allowsPrivate: Bool) {
        add(url)
        for topic in topics { add(topic) }
        add(allowsPrivate ? "private" : "public")
    }
}

extension Result where Failure == Refusal {
    fileprivate func answer(_ status: Int, _ write: (inout JSONWriter, Success) -> Void) -> Answer {
        switch self {
        case .failure(let refusal): return .refused(refusal)
        case .success(let value):
            var json = JSONWriter()
            write(&json, value)
            return Answer(status: status, body: json.text)
        }
    }
}
