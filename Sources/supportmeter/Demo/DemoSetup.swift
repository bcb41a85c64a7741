import DemoShop
import Domain
import Foundation
import Logging
import Store

/// What the demo needs before it can begin: the shop and its plans in the database, somebody to sign in as, and a token.
struct DemoSetup: Sendable {
    let shop: ShopID
    let token: String
    let email: String
    let password: String
    /// Who else works there; they sign in with the same password.
    let agents: [Staff]

    static let slug = "demo"
    private static let pollSeconds = 2

    static func makeShop(seed: UInt64, logger: Logger) throws -> DemoShop {
        var configuration = DemoShopConfiguration()
        configuration.seed = seed
        return try DemoShop(configuration: configuration, logger: logger)
    }

    private static let staff: [(String, String, Role, String)] = [
        ("ana@example.test", "Ana Kovač", .agent, "sl"), ("piret@example.test", "Piret Saar", .agent, "et"),
        ("wojciech@example.test", "Wojciech Nowak", .agent, "pl"), ("olga@example.test", "Ольга Иванова", .lead, "ru"),
        ("john@example.test", "John Byrne", .lead, "en"),
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
        let email = "admin@example.test"
        let password = UUID().uuidString.lowercased()
        if case .failure = try await store.addUser(
            email: email, name: "Demo admin", role: .admin, password: SecretText(password), to: shop.id, by: caller)
        {
            var change = StaffChange()
            change.password = SecretText(password)
            _ = try await store.setUser(email, change, in: shop.id, by: caller).get()
        }
        for (address, name, role, language) in DemoSetup.staff {
            _ = try await store.addUser(
                email: address, name: name, role: role, password: SecretText(password), language: language, to: shop.id, by: caller)
        }
        let agents = try await store.users(of: shop.id).filter { $0.email != email && !$0.isRetired }
        return DemoSetup(shop: shop.id, token: token.text.value, email: email, password: password, agents: agents)
    }
}
