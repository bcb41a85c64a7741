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
    /// Colleagues who answer by themselves; nobody knows their passwords.
    let agents: [Staff]

    static let slug = "demo"
    private static let pollSeconds = 2

    static func makeShop(seed: UInt64, logger: Logger) throws -> DemoShop {
        var configuration = DemoShopConfiguration()
        configuration.seed = seed
        return try DemoShop(configuration: configuration, logger: logger)
    }

    private static let colleagues: [(String, String, Role, String)] = [
        ("maja@example.test", "Maja Kovač", .agent, "sl"), ("jaan@example.test", "Jaan Saar", .agent, "et"),
        ("ewa@example.test", "Ewa Nowak", .agent, "pl"), ("irina@example.test", "Ирина Иванова", .agent, "ru"),
        ("john@example.test", "John Byrne", .agent, "en"),
    ]

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
        for (address, name, role, language) in colleagues {
            let password = SecretText(UUID().uuidString.lowercased())
            _ = try await store.addUser(
                email: address, name: name, role: role, password: password, language: language, to: shop.id, by: caller)
        }
        let addresses = Set(colleagues.map(\.0))
        let agents = try await store.users(of: shop.id).filter { addresses.contains($0.email) && !$0.isRetired }
        return DemoSetup(shop: shop.id, token: token.text.value, people: DemoPerson.all, agents: agents)
    }
}
