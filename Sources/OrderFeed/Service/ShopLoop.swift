import Curl
import Domain
import FoundationEssentials
import Logging
import Store

/// Listens to one shop for as long as it is there: one pass after the other, under the shop's lease. Nothing that the shop does ends it.
final class ShopLoop: Sendable {
    /// The longest pause after a fault of the database.
    static let faultPauseSecondsMax = 5.0

    let shopID: ShopID
    let bell = Bell()
    private let store: Store
    private let owner: String
    private let configuration: FeedConfiguration
    private let logger: Logger

    init(_ shop: ShopID, store: Store, owner: String, configuration: FeedConfiguration, logger: Logger) {
        shopID = shop
        self.store = store
        self.owner = owner
        self.configuration = configuration
        self.logger = logger
    }

    /// Returns when the task is cancelled or the shop was retired.
    func run() async {
        var line = ShopLine()
        while !Task.isCancelled {
            guard let seconds = await turn(&line) else { break }
            await bell.wait(seconds: seconds)
        }
        await line.close()
        await letGo()
    }

    /// One turn, and the pause that follows; nil: there is nothing to listen to any more.
    private func turn(_ line: inout ShopLine) async -> Double? {
        do {
            guard let shop = try await store.shop(shopID), !shop.isRetired else { return nil }
            let http = await line.open(shop, configuration, logger: logger)
            return try await work(shop, http)
        } catch is CancellationError {
            return nil
        } catch is FeedLeaseLost {
            return configuration.leaseSeconds / 3
        } catch {
            if Task.isCancelled { return nil }
            if !store.faults.met(error) { logger.error("a feed stands still", metadata: ["shop": "\(shopID)", "error": "\(error)"]) }
            return min(ShopLoop.faultPauseSecondsMax, configuration.backoffSecondsMin) * (0.5 + 0.5 * configuration.random())
        }
    }

    private func work(_ shop: Shop, _ http: HTTPClient) async throws -> Double {
        guard let state = try await store.takeFeedLease(shopID, owner: owner, seconds: configuration.leaseSeconds) else {
            return configuration.leaseSeconds / 3
        }
        if try await runErrand(shop) { return 0 }
        let schedule = FeedSchedule(shop: shop, configuration: configuration)
        guard let scope = try await schedule.due(state, store: store) else { return schedule.pause(state, now: store.clock()) }
        let reading = ShopReading(store: store, shop: shop, owner: owner, http: http, configuration: configuration)
        let pass = FeedPass(reading: reading, scope: scope, logger: logger)
        _ = try await HeldLease.during(shopID, owner: owner, store: store, seconds: configuration.leaseSeconds) { try await pass.run(state: state) }
        return 0
    }

    /// Does the oldest thing that somebody asked for; false when nobody did.
    private func runErrand(_ shop: Shop) async throws -> Bool {
        guard let request = try await store.nextFeedRequest(shopID) else { return false }
        let errands = FeedErrands(desk: FeedDesk(store: store, configuration: configuration, logger: logger), shop: shop)
        let answer = try await HeldLease.during(shopID, owner: owner, store: store, seconds: configuration.leaseSeconds) {
            try await errands.run(request.errand)
        }
        try await store.answerFeedRequest(request.id, in: shopID, answer)
        return true
    }

    /// Whoever waits for the lease need not wait for its end. Detached, because this task may be cancelled already.
    private func letGo() async {
        let (store, shop, owner) = (store, shopID, owner)
        await Task.detached { try? await store.releaseFeedLease(shop, owner: owner) }.value
    }
}

/// The line to a shop: an HTTP client that is made anew when the shop's address or authority changes.
struct ShopLine {
    private var client: HTTPClient?
    private var address: [String?] = []

    mutating func open(_ shop: Shop, _ configuration: FeedConfiguration, logger: Logger) async -> HTTPClient {
        if let client, address == [shop.url, shop.caFile] { return client }
        await close()
        let fresh = ShopReading.http(shop, configuration, logger: logger)
        client = fresh
        address = [shop.url, shop.caFile]
        return fresh
    }

    mutating func close() async {
        await client?.shutdown()
        client = nil
    }
}
