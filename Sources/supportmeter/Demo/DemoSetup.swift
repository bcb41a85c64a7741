import DemoShop
import Domain
import Foundation
import Logging
import Store

/// What the demo needs before it can begin: the shop and its plans in the database, somebody to sign in as, and a token.
struct DemoSetup: Sendable {
    let shop: ShopID
    let token: String
    let people: [DemoPerson]

    static let slug = "demo"
    private static let pollSeconds = 2

    static func makeShop(seed: UInt64, logger: Logger) throws -> DemoShop {
        var configuration = DemoShopConfiguration()
        configuration.seed = seed
        return try DemoShop(configuration: configuration, logger: logger)
    }

    /// Does nothing twice: a demo on a database that had one goes on with it, under a new token.
    static func prepare(_ store: Store, shopURL: String, configuration: DemoShopConfiguration) async throws -> DemoSetup {
        let caller = Caller.commandLine
        let shop: Shop
        if let known = try await store.shop(slug: slug) {
            var change = ShopChange()
            change.url = shopURL
            shop = try await store.setShop(known.id, change, by: caller).get()
        } else {
            let draft = ShopDraft(
                slug: slug, name: "Demo shop", currency: configuration.currency, timeZone: configuration.timeZone, feedKind: .rest, url: shopURL,
                consumerKey: SecretText(configuration.consumerKey), consumerSecret: SecretText(configuration.consumerSecret),
                webhookSecret: SecretText(configuration.webhookSecret))
            shop = try await store.addShop(draft, by: caller).get()
        }
        var change = ShopChange()
        change.pollSeconds = pollSeconds
        _ = try await store.setShop(shop.id, change, by: caller).get()
        let plans = try PlanFile(DemoShop.plansYAML, file: "the demo's plans")
        _ = try await store.importPlans(plans.plans, by: caller).get()
        let token = try await store.createToken(scopes: [.admin], label: "demo \(UUID().uuidString.prefix(8))", for: shop.id, by: caller).get()
        for person in DemoPerson.all { try await person.join(shop.id, store, by: caller) }
        return DemoSetup(shop: shop.id, token: token.text.value, people: DemoPerson.all)
    }
}
