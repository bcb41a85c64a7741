import Domain
import Foundation
import Store

/// Somebody to sign in to the demo as. Passwords are made anew at every start.
struct DemoPerson: Sendable {
    let name: String
    let email: String
    let role: Role
    let password = SecretText(String(UUID().uuidString.lowercased().prefix(passwordLength)))

    private static let passwordLength = 13

    static let all = [
        DemoPerson(name: "Ana", email: "ana@example.test", role: .agent), DemoPerson(name: "Piret", email: "piret@example.test", role: .lead),
        DemoPerson(name: "Wojciech", email: "wojciech@example.test", role: .finance),
        DemoPerson(name: "Olga", email: "admin@example.test", role: .admin),
    ]

    /// Adds the person, or gives the one who is there already the new password.
    func join(_ shop: ShopID, _ store: Store, by caller: Caller) async throws {
        let added = try await store.addUser(email: email, name: name, role: role, password: password, to: shop, by: caller)
        guard case .failure = added else { return }
        _ = try await store.setUser(email, StaffChange(role: role, password: password), in: shop, by: caller).get()
    }

    private init(name: String, email: String, role: Role) {
        self.name = name
        self.email = email
        self.role = role
    }
}
