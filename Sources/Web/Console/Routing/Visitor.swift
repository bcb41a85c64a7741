import Domain
import Store

/// Who is signed in, and where.
struct Visitor: Sendable {
    let shop: Shop
    let staff: Staff
    let session: Session
    /// What the browser showed. Never in a page, never in the log.
    let cookie: SecretText

    /// Who asks, as the store knows it.
    var caller: Caller { staff.caller }

    func may(_ permission: Permission) -> Bool { staff.role.may(permission) }

    /// Whose session the request's cookie is; nil without one, or when it is over.
    static func of(_ cookie: String?, _ store: Store) async throws -> Visitor? {
        guard let cookie, let found = try await store.visitor(cookie: cookie), let shop = try await store.shop(found.staff.shop) else { return nil }
        return Visitor(shop: shop, staff: found.staff, session: found.session, cookie: SecretText(cookie))
    }
}
