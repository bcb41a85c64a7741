import Domain
import FoundationEssentials
import Store

/// Runs work under a shop's lease, which is renewed beside it.
enum HeldLease {
    /// The lease must be the owner's already. Cancels the work and throws `FeedLeaseLost` when it goes to somebody else.
    static func during<Result: Sendable>(
        _ shop: ShopID, owner: String, store: Store, seconds: Double, _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                while true {
                    try await Task.sleep(for: .seconds(seconds / 3))
                    guard try await store.takeFeedLease(shop, owner: owner, seconds: seconds) != nil else { throw FeedLeaseLost(owner: owner) }
                }
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw FeedLeaseLost(owner: owner)
        }
    }
}
