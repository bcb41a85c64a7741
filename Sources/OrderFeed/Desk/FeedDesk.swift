import Domain
import FoundationEssentials
import Logging
import Store

/// What people do with feeds by hand: a pass, a sweep, a replay, one order.
///
/// A pass by hand takes the shop's lease, or asks the process that holds it and waits. An unreachable shop is a thrown `FeedFailure`;
/// what is thrown else is a fault of the database.
public struct FeedDesk: Sendable {
    /// How often the answer of another process is looked for, beside being woken by it, in seconds.
    static let lookSeconds = 0.5

    let store: Store
    let configuration: FeedConfiguration
    let owner: String
    let logger: Logger

    public init(store: Store, configuration: FeedConfiguration = FeedConfiguration(), logger: Logger) {
        self.store = store
        self.configuration = configuration
        self.logger = logger
        owner = "hand-\(UUID().uuidString)"
    }

    /// One pass until caught up, whatever the backoff; a Retry-After of up to 10 s is waited out. Answers the figures of the pass.
    public func poll(_ shop: Shop) async throws -> IntakeFigures {
        try await turn(shop, seconds: configuration.passWaitSecondsMax) { state in
            try await waitOut(state.retryAfter)
            return try await pass(shop, scope: .whole, patiently: true)
        } ask: {
            try await store.requestPass(shop.id)
        } answer: { state, asked in
            guard let answered = state.passAnsweredAt, answered >= asked else { return nil }
            return FeedDesk.result(state)
        }
    }

    /// Re-reads every order whose credits may still count. Answers the figures of the sweep, or of its last part where another process made it.
    public func sweep(_ shop: Shop) async throws -> IntakeFigures {
        try await turn(shop, seconds: configuration.sweepWaitSecondsMax) { _ in
            _ = try await store.requestSweep(shop.id)
            return try await pass(shop, scope: .sweep(until: nil), patiently: true)
        } ask: {
            try await store.requestSweep(shop.id)
        } answer: { state, asked in
            if let ended = state.sweepEndedAt, let started = state.sweepStartedAt, started >= asked, ended >= started, state.sweepAfter == nil {
                return .success(state.figures)
            }
            return nil
        }
    }

    /// Reads one order at a `rest` shop and takes it in. False when the shop has no such order.
    public func importOrder(_ order: OrderID, _ shop: Shop) async throws -> Bool { try await readOrder(order, shop) != .noSuchOrder }

    /// What became of an order that was read by its number.
    enum Import: Sendable, Hashable {
        case takenIn
        /// Not understood, and kept with the reason.
        case rejected(String)
        case noSuchOrder
    }

    func readOrder(_ order: OrderID, _ shop: Shop) async throws -> Import {
        let http = ShopReading.http(shop, configuration, logger: logger)
        do {
            let client = try WooCommerceClient(shop: shop, http: http, clock: store.clock, nonce: configuration.nonce)
            let found = try await client.order(order)
            let sights = SightReader(client: client, store: store, shop: shop, source: .importing)
            var outcome = found == nil ? Import.noSuchOrder : .takenIn
            for sight in try await sights.sights(found.map { [$0] } ?? []) {
                try await take(sight, shop)
                if case .rejected(let document) = sight { outcome = .rejected(document.reason) }
            }
            await http.shutdown()
            return outcome
        } catch {
            await http.shutdown()
            throw error
        }
    }

    private func take(_ sight: Sight, _ shop: Shop) async throws {
        switch sight {
        case .seen(let order): _ = try await store.takeIn([order], shop: shop)
        case .rejected(let document): try await store.keepReject(document, shop: shop.id)
        }
    }

    /// A pass under the desk's own lease. A short Retry-After of the shop is waited out once.
    func pass(_ shop: Shop, scope: FeedPass.Scope, patiently: Bool) async throws -> IntakeFigures {
        guard let state = try await store.takeFeedLease(shop.id, owner: owner, seconds: configuration.leaseSeconds) else {
            throw FeedLeaseLost(owner: owner)
        }
        let http = ShopReading.http(shop, configuration, logger: logger)
        let reading = ShopReading(store: store, shop: shop, owner: owner, http: http, configuration: configuration)
        let pass = FeedPass(reading: reading, scope: scope, logger: logger)
        let result = await Outcome.of {
            try await HeldLease.during(shop.id, owner: owner, store: store, seconds: configuration.leaseSeconds) { try await pass.run(state: state) }
        }
        await http.shutdown()
        switch try result.get() {
        case .success(let figures): return figures
        case .failure(let failure):
            guard patiently, let wait = failure.retryAfterSeconds, wait <= configuration.retryAfterWaitSecondsMax else { throw failure }
            try await waitOut(store.clock().addingTimeInterval(wait))
            return try await self.pass(shop, scope: scope, patiently: false)
        }
    }

    private func waitOut(_ retryAfter: Date?) async throws {
        guard let seconds = retryAfter?.timeIntervalSince(store.clock()), seconds > 0, seconds <= configuration.retryAfterWaitSecondsMax else { return }
        try await Task.sleep(for: .seconds(seconds))
    }

    private static func result(_ state: FeedState) -> Result<IntakeFigures, FeedFailure> {
        guard let error = state.passError else { return .success(state.figures) }
        return .failure(FeedFailure(state.passErrorKind.flatMap(FeedFailure.Kind.init) ?? .unreachable, error))
    }
}

/// A thrown error as a value, so that what was opened can be closed before it goes on.
enum Outcome {
    static func of<Value: Sendable>(_ work: @Sendable () async throws -> Value) async -> Result<Value, any Error> {
        do { return .success(try await work()) } catch { return .failure(error) }
    }
}
