/// What a living shop does next, drawn from a seed: mostly sales, and now and then each of the things that make support credits move.
public struct ShopScript: Sendable {
    /// The orders that something may still happen to; older ones rest.
    static let followedMax = 200

    private let book: ShopBook
    private var random: SeededRandom
    private var followed: [Int] = []
    private var refunds: [Int] = []

    public init(book: ShopBook, seed: UInt64) {
        self.book = book
        random = SeededRandom(seed: seed)
    }

    /// Does one thing; where there is nothing to do it to, a paid order comes in instead. Throws `ShopBookError.full`.
    public mutating func step() throws -> ShopHappening {
        let happening: ShopHappening? =
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<48: nil
            case 48..<60: .ordered(try sell("pending"))
            case 60..<72: try payPending()
            case 72..<80: try refundLine()
            case 80..<85: try refundAmount()
            case 85..<89: try deleteRefund()
            case 89..<93: try one(of: ["processing", "on-hold", "pending"]).map { try cancel($0) }
            case 93..<97: try revive()
            default: try one(of: ["cancelled", "completed", "failed"]).map { try trash($0) }
            }
        return try happening ?? .sold(try sell(random.chance(70) ? "processing" : "completed"))
    }

    private mutating func sell(_ status: String) throws -> Int {
        let person = random.pick(ShopPerson.everyone) ?? .guest
        let skus = book.products.map(\.sku)
        let support = skus.filter { $0.hasPrefix("SUP-") }
        var cart = [CartLine(random.pick(support) ?? "SUP-START", quantity: random.chance(85) ? 1 : Int.random(in: 2...3, using: &random))]
        for _ in 0..<Int.random(in: 0...2, using: &random) where random.chance(60) {
            cart.append(CartLine(random.pick(skus) ?? "MUG-1"))
        }
        let order = try book.sell(cart, to: person, status: status, note: random.pick(person.language.notes) ?? "")
        followed.append(order)
        if followed.count > ShopScript.followedMax { followed.removeFirst() }
        return order
    }

    private mutating func payPending() throws -> ShopHappening? {
        guard let order = one(of: ["pending", "on-hold"]) else { return nil }
        try book.pay(order)
        return .paid(order)
    }

    private mutating func refundLine() throws -> ShopHappening? {
        guard let order = one(of: ["processing", "completed"]), book.refunds(of: order).isEmpty,
            let line = random.pick(book.lines(of: order))
        else { return nil }
        return .lineRefunded(try remember(book.refund(order, .lines([.init(line: line, quantity: 1)]), reason: reason())))
    }

    private mutating func refundAmount() throws -> ShopHappening? {
        guard let order = one(of: ["processing", "completed"]) else { return nil }
        let left = try book.leftCents(of: order)
        guard left > 10_00 else { return nil }
        let amount = Int.random(in: 1...4, using: &random) * 2_50
        return .amountRefunded(try remember(book.refund(order, .amount(cents: amount), reason: reason())))
    }

    private mutating func deleteRefund() throws -> ShopHappening? {
        guard let refund = random.pick(refunds) else { return nil }
        refunds.removeAll { $0 == refund }
        try book.deleteRefund(refund)
        return .refundDeleted(refund)
    }

    private func cancel(_ order: Int) throws -> ShopHappening {
        try book.setStatus(order, "cancelled")
        return .cancelled(order)
    }

    private func trash(_ order: Int) throws -> ShopHappening {
        try book.trash(order)
        return .trashed(order)
    }

    /// Out of the trash with the status it had, or out of a cancellation by paying after all.
    private mutating func revive() throws -> ShopHappening? {
        guard let order = one(of: ["trash", "cancelled"]) else { return nil }
        if book.status(of: order) == "trash" { try book.revive(order) } else { try book.setStatus(order, "processing") }
        return .revived(order)
    }

    /// One of the followed orders in any of those statuses.
    private mutating func one(of statuses: Set<String>) -> Int? {
        let book = book
        return random.pick(followed.filter { book.status(of: $0).map { statuses.contains($0) } ?? false })
    }

    private mutating func remember(_ refund: Int) -> Int {
        refunds.append(refund)
        if refunds.count > ShopScript.followedMax { refunds.removeFirst() }
        return refund
    }

    private mutating func reason() -> String {
        random.pick(ShopLanguage.allCases).flatMap { random.pick($0.refundReasons) } ?? ""
    }
}
