import Domain

/// One page, or one thing that a page's form does: where, who may, and what does it. Pages stand beside the API's routes and are no part of
/// the OpenAPI document.
struct PageRoute: Sendable, Routable {
    enum Access: Sendable {
        /// Anybody who can reach the port.
        case open(@Sendable (PageCall) async throws -> Reply)
        /// Whoever is signed in and, where a permission is named, may.
        case signedIn(Permission?, @Sendable (PageCall, Visitor) async throws -> Reply)
        /// A file of ours: no session is looked at.
        case asset(@Sendable (PageCall) throws -> Reply)
    }

    let method: Route.Method
    let path: PathTemplate
    let access: Access
    /// Bytes of a form.
    let formBytesMax: Int

    static let formBytesMaxDefault = 64 << 10

    /// A page.
    static func get(
        _ path: String, may permission: Permission? = nil, _ handle: @escaping @Sendable (PageCall, Visitor) async throws -> Reply
    ) -> PageRoute {
        PageRoute(method: .get, path: PathTemplate(path), access: .signedIn(permission, handle), formBytesMax: 0)
    }

    /// What a form does. Its token and its origin have been checked before the handler is called.
    static func post(
        _ path: String, may permission: Permission? = nil, formBytesMax: Int = formBytesMaxDefault,
        _ handle: @escaping @Sendable (PageCall, Visitor) async throws -> Reply
    ) -> PageRoute {
        PageRoute(method: .post, path: PathTemplate(path), access: .signedIn(permission, handle), formBytesMax: formBytesMax)
    }

    /// A page, or a form, for those who are not signed in yet.
    static func open(_ method: Route.Method, _ path: String, _ handle: @escaping @Sendable (PageCall) async throws -> Reply) -> PageRoute {
        PageRoute(method: method, path: PathTemplate(path), access: .open(handle), formBytesMax: method == .get ? 0 : formBytesMaxDefault)
    }

    static func asset(_ path: String, _ handle: @escaping @Sendable (PageCall) throws -> Reply) -> PageRoute {
        PageRoute(method: .get, path: PathTemplate(path), access: .asset(handle), formBytesMax: 0)
    }
}

extension PageRoute {
    /// Stands where no page is: shows the problem like any page that cannot be shown.
    static func refusing(_ problem: Problem) -> PageRoute { open(.get, "/") { _ in throw problem } }
}
