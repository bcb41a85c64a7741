import DemoShop
import Domain
import Foundation
import Postgres
import Store
import TestSupport

@testable import supportmeter

/// The database of a daemon under test, seen from outside: its shop is set up here, and what the daemon did is looked up here.
struct ChaosDatabase: Sendable {
    let store: Store
    let shop: ShopID
    let token: String

    /// Makes the shop `demo` with the demo's plans, polled every second, and a token, in a database that is migrated.
    static func prepare(url: String, shopURL: String) async throws -> ChaosDatabase {
        let store = open(url)
        let shop = try await addShop(store, slug: "demo", url: shopURL)
        let token = try await store.createToken(scopes: [.admin], for: shop, by: .commandLine).get()
        return ChaosDatabase(store: store, shop: shop, token: token.text.value)
    }

    static func open(_ url: String) -> Store {
        var configuration = PoolConfiguration(url)
        configuration.connectionsMax = 2
        configuration.waitSecondsMax = 60
        configuration.connectSecondsMax = 30
        return Store(pool: Pool(configuration, logger: TestServer.logger), logger: TestServer.logger)
    }

    static func addShop(_ store: Store, slug: String, url: String) async throws -> ShopID {
        let keys = DemoShopConfiguration()
        let draft = ShopDraft(
            slug: slug, name: slug, currency: keys.currency, timeZone: keys.timeZone, feedKind: .rest, url: url,
            consumerKey: SecretText(keys.consumerKey), consumerSecret: SecretText(keys.consumerSecret),
            webhookSecret: SecretText(keys.webhookSecret))
        let shop = try await store.addShop(draft, by: .commandLine).get()
        var change = ShopChange()
        change.pollSeconds = 1
        _ = try await store.setShop(shop.id, change, by: .commandLine).get()
        let plans = try PlanFile(DemoShop.plansYAML.replacing("shop: demo", with: "shop: \(slug)"), file: "the demo's plans")
        _ = try await store.importPlans(plans.plans, by: .commandLine).get()
        return shop.id
    }

    /// Returns when a pass that began after this call has ended well: everything the shop shows now has been seen by it.
    /// `asking`: for it, as a person would who does not want to wait for the end of a backoff.
    func waitForPass(of shop: ShopID? = nil, asking: Bool = false, within seconds: Double = 60) async throws {
        let shop = shop ?? self.shop
        let asked = Date()
        if asking { _ = try await store.requestPass(shop) }
        try await eventually("the shop is read", within: seconds) {
            guard let state = try? await store.feedState(shop), let began = state.passStartedAt, let ended = state.passEndedAt else { return false }
            return began > asked && ended >= began && state.passError == nil
        }
    }

    /// Returns when a pass that began after this call has failed and says why.
    func waitForFailure(of shop: ShopID, _ what: String, within seconds: Double = 60) async throws {
        let asked = Date()
        _ = try await store.requestPass(shop)
        try await eventually("\(what) is told", within: seconds) {
            guard let state = try await store.feedState(shop), let began = state.passStartedAt, let ended = state.passEndedAt else { return false }
            return began > asked && ended >= began && state.passError?.isEmpty == false && state.passErrorKind != nil
        }
    }

    /// A ticket with many credits, opened by a paid order that is taken in as the feed does.
    func ticket(order id: Int64 = 53, packages: Int64 = 200) async throws -> Int64 {
        guard let known = try await store.shop(shop) else { throw ChaosError("no shop") }
        let order = TestShop.order(id: id, quantity: packages, at: Date())
        _ = try await store.takeIn([SeenOrder(order: order, payload: "{}", refunds: nil, seenAt: Date(), source: .poll)], shop: known)
        guard let ticket = try await store.tickets(TicketFilter(order: OrderID(id)), in: shop).items.first else { throw ChaosError("no ticket") }
        return ticket.number.rawValue
    }

    func leaseOwner() async throws -> String? { try await store.feedState(shop)?.leaseOwner }
}
