import Domain
import FoundationEssentials

extension Store {
    /// Charges a piece of work, once per key. Decided together with whatever else waits; alone it waits for nobody.
    public func spend(_ usage: Usage, in shop: ShopID, key: IdempotencyKey, by caller: Caller) async throws -> Answer {
        switch try await prepare(usage, in: shop, key: key, by: caller) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let item): return try await lanes.spend(item)
        }
    }

    /// Many spends of one shop, each with a key and an outcome of its own, in the order given.
    public func spend(
        _ usages: [(usage: Usage, key: IdempotencyKey)], in shop: ShopID, by caller: Caller
    ) async -> [Result<Answer, any Error>] {
        var outcomes: [Result<Answer, any Error>] = []
        var items: [SpendItem] = []
        var places: [Int] = []
        for (usage, key) in usages {
            do {
                switch try await prepare(usage, in: shop, key: key, by: caller) {
                case .failure(let refusal): outcomes.append(.success(.refused(refusal)))
                case .success(let item):
                    places.append(outcomes.count)
                    items.append(item)
                    outcomes.append(.failure(CancellationError())) // until it is decided
                }
            } catch {
                outcomes.append(.failure(error))
            }
        }
        for (place, outcome) in zip(places, await lanes.spend(items)) { outcomes[place] = outcome }
        return outcomes
    }

    /// What booking would take: the quantity by the channel's unit rule, and the rule's version. Nothing is written.
    public func preview(_ usage: Usage, in shop: ShopID) async throws -> Result<(quantity: CreditCount, ruleVersion: Int?), Refusal> {
        guard let shop = try await self.shop(shop) else { return .failure(.unknown(what: "shop", name: shop.description)) }
        return price(usage, shop)
    }

    /// Spends waiting to be decided now.
    public var waitingSpends: Int { lanes.waiting }

    private func prepare(
        _ usage: Usage, in shopID: ShopID, key: IdempotencyKey, by caller: Caller
    ) async throws -> Result<SpendItem, Refusal> {
        if let refusal = caller.refusal(for: .spend) { return .failure(refusal) }
        guard let shop = try await shop(shopID) else { return .failure(.unknown(what: "shop", name: shopID.description)) }
        if let refusal = Texts.refusal(usage.agent, field: "agent") ?? Texts.refusal(usage.reference, field: "reference") {
            return .failure(refusal)
        }
        switch price(usage, shop) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let (quantity, version)):
            guard let channel = Channel(rawValue: usage.channel) else { return .failure(.unknownChannel(name: usage.channel, known: shop.channels)) }
            let actor =
                if let agent = usage.agent {
                    try await self.actor(shop: shopID, kind: "agent", label: agent, role: nil)
                } else { try await self.actor(caller, shop: shopID) }
            return .success(
                SpendItem(
                    shop: shopID, ticket: usage.ticket, channel: channel, quantity: quantity.value, key: key,
                    fingerprint: usage.fingerprint, actor: actor, agent: usage.agent ?? caller.label, reference: usage.reference,
                    occurredAt: usage.occurredAt, ruleVersion: version))
        }
    }

    /// The given quantity, or what the rule makes of the text or the seconds.
    private func price(_ usage: Usage, _ shop: Shop) -> Result<(quantity: CreditCount, ruleVersion: Int?), Refusal> {
        guard let channel = Channel(rawValue: usage.channel), let rule = shop.rules[channel] else {
            return .failure(.unknownChannel(name: usage.channel, known: shop.channels))
        }
        if let quantity = usage.quantity {
            if usage.text != nil || usage.seconds != nil {
                return .failure(.invalidField(field: "quantity", expected: "either quantity, or text or seconds to compute it from"))
            }
            return QuantityCheck.positive(quantity).map { ($0, nil) }
        }
        let units = usage.text.map { rule.rule.units(text: $0) } ?? usage.seconds.map { rule.rule.units(seconds: $0) }
        guard let units else {
            return .failure(.missingField(field: "quantity", expected: "1 to \(CreditCount.valueMax)"))
        }
        guard let units, units > .zero else {
            let field = usage.text != nil ? "text" : "seconds"
            return .failure(.invalidField(field: field, expected: "something that the rule of \(channel) makes at least one credit of; else give quantity"))
        }
        return .success((units, rule.version))
    }
}

/// The bounds of texts that callers send, in one place.
enum Texts {
    static func refusal(_ text: String?, field: String, max: Int = Usage.textMax) -> Refusal? {
        guard let text else { return nil }
        guard !text.isEmpty, text.count <= max, !text.utf8.contains(0) else {
            return .invalidField(field: field, expected: "1 to \(max) characters, without NUL")
        }
        return nil
    }
}
