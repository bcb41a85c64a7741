import Domain
import FoundationEssentials
import Store

extension FeedDesk {
    /// Does the work under the lease, or asks the process that has it, and waits; takes over when that process lets go of it.
    func turn(
        _ shop: Shop, seconds: Double, work: @escaping @Sendable (FeedState) async throws -> IntakeFigures,
        ask: @Sendable () async throws -> Date, answer: @escaping @Sendable (FeedState, Date) -> Result<IntakeFigures, FeedFailure>?
    ) async throws -> IntakeFigures {
        let deadline = ContinuousClock.now + .seconds(seconds)
        if let figures = try await tryWork(shop, work) { return figures }
        let asked = try await ask()
        let bell = Bell()
        let listener = Task { [store] in
            for await _ in store.pool.listen([Store.feedDoneChannel]) { bell.ring() }
        }
        defer { listener.cancel() }
        while ContinuousClock.now < deadline {
            try Task.checkCancellation()
            if let state = try await store.feedState(shop.id), let result = answer(state, asked) { return try result.get() }
            if let figures = try await tryWork(shop, work) { return figures }
            await bell.wait(seconds: FeedDesk.lookSeconds)
        }
        throw FeedFailure(.noAnswerFromHolder, "The process that reads the shop \(shop.slug) gave no answer within \(Int(seconds)) seconds.")
    }

    private func tryWork(_ shop: Shop, _ work: @escaping @Sendable (FeedState) async throws -> IntakeFigures) async throws -> IntakeFigures? {
        guard let state = try await store.takeFeedLease(shop.id, owner: owner, seconds: configuration.leaseSeconds) else { return nil }
        let result = await Outcome.of { try await work(state) }
        let (store, id, owner) = (store, shop.id, owner)
        await Task.detached { try? await store.releaseFeedLease(id, owner: owner) }.value
        if case .failure(let error) = result, error is FeedLeaseLost { return nil }
        return try result.get()
    }
}
