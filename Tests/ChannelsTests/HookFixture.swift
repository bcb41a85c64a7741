import Channels
import Curl
import Domain
import Foundation
import Logging
import Store
import TestSupport
import Testing

extension LedgerFixture {
    /// A hook that may lie on this machine.
    func addHook(_ url: String, topics: [String] = ["credits.empty"], allowsPrivate: Bool = true) async throws -> (hook: Hook, secret: SecretText) {
        try await store.addHook(url: url, topics: topics, allowsPrivate: allowsPrivate, to: shop, by: .commandLine).get()
    }

    /// Something to tell: tickets whose last credit is spent.
    func emptyTickets(_ count: Int) async throws {
        let customer = try await addCustomer()
        for _ in 0..<count {
            let ticket = try await addTicket(customer)
            try await entitle(ticket, order: ticket.rawValue, credits: 1)
            try await spend(ticket)
        }
    }

    func deliverer(limits: HookLimits = HookLimits()) -> HookDeliverer {
        HookDeliverer(
            store: store, sender: HookSender(userAgent: "SupportMeter/test", limits: limits, logger: TestServer.logger, random: { 1 }),
            logger: TestServer.logger)
    }

    func deliveries(of hook: Hook) async throws -> [HookDelivery] {
        try await store.hookDeliveries(of: hook.id, in: shop).get().items
    }

    /// Fans out and makes every attempt that is due now, one after the other.
    @discardableResult
    func deliverDue(_ deliverer: HookDeliverer) async throws -> Int {
        _ = try await store.fanOut()
        let attempts = try await store.claimHookDeliveries(limit: 100, perHook: 100)
        for attempt in attempts {
            _ = try await store.finish(attempt, deliverer.outcome(attempt))
        }
        return attempts.count
    }

    /// Runs the service beside the body, and ends it in order.
    func serving(limits: HookLimits = HookLimits(), _ body: () async throws -> Void) async throws {
        let sender = HookSender(userAgent: "SupportMeter/test", limits: limits, logger: TestServer.logger)
        let service = HookService(store: store, sender: sender, limits: limits, logger: TestServer.logger)
        try await ChannelsTests.serving(service, body)
    }
}
