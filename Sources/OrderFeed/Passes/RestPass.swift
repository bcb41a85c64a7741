import Domain
import FoundationEssentials
import Store

/// One pass over a `rest` shop: the statuses that the list hides, the list, and the orders that were named meanwhile.
struct RestPass: Sendable {
    /// What the default list leaves out: trash on every version, drafts of the checkout on newer ones (`woocommerce.md`).
    static let hiddenStatuses = ["trash,checkout-draft", "trash"]

    let reading: ShopReading

    func run(state: FeedState) async throws {
        try await walkHidden(cursor: state.hiddenCursorAt)
        try await walk(status: nil, cursor: state.cursorAt) { .cursor($0) }
        try await HintPass(reading: reading).run()
    }

    /// A shop that does not know the status of drafts refuses the whole request.
    private func walkHidden(cursor: Date?) async throws {
        for (place, status) in RestPass.hiddenStatuses.enumerated() {
            do {
                return try await walk(status: status, cursor: cursor) { .hiddenCursor($0) }
            } catch let failure as FeedFailure where failure.kind == .requestRefused && place + 1 < RestPass.hiddenStatuses.count {
                continue
            }
        }
    }

    private func walk(status: String?, cursor: Date?, move: @escaping @Sendable (Date) -> FeedPage.Move) async throws {
        let reading = reading
        let client = try reading.client()
        let sights = SightReader(client: client, store: reading.store, shop: reading.shop, source: .poll)
        let startedAt = reading.store.clock()
        let walk = OrderWalk(
            client: client, status: status, since: reading.shop.since, zone: TimeZone(identifier: reading.shop.timeZone)
        ) { orders, knownUpTo in
            var page = FeedPage()
            for sight in try await sights.sights(orders) { page.add(sight) }
            // A time in the future, from a shop whose clock was wrong, must not hide what comes until then.
            if let knownUpTo { page.moves = [move(min(knownUpTo, startedAt))] }
            try await reading.keep(page)
        }
        try await walk.run(cursor: cursor)
    }
}
