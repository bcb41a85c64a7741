import Domain
import HTTPTypes
import Store

/// The tokens of other programs. A new one is shown once, on the page that answers its form, and nowhere else.
enum TokenPages {
    static let all: [PageRoute] = [
        .get("/tokens", may: .manageAccess) { call, visitor in try await list(call, visitor) },
        .post("/tokens", may: .manageAccess, create),
        .post("/tokens/{id}/retire", may: .manageAccess, retire),
    ]

    private static func list(_ call: PageCall, _ visitor: Visitor, made: SecretText? = nil, problem: String? = nil) async throws -> Reply {
        let tokens = try await call.store.tokens(of: visitor.shop.id)
        let chosen = problem == nil ? [] : call.form.all("scope")
        var data: PageData = [
            "tokens": .list(
                tokens.reversed().map { token in
                    [
                        "id": .text(token.id.description), "label": .text(token.label), "scopes": .text(token.scopeText.replacing(",", with: ", ")),
                        "since": .text(call.localizer.day(token.createdAt)), "retired": .flag(token.isRetired),
                    ]
                }),
            "scopes": .list(
                TokenScope.allCases.map { scope in
                    [
                        "code": .text(scope.rawValue), "about": .text(call.localizer.text(family: "scope", TextFamilies.scope(for: scope))),
                        "chosen": .flag(chosen.contains(scope.rawValue)),
                    ]
                }),
            "any": .flag(!tokens.isEmpty), "label": .text(problem == nil ? "" : call.form.trimmed("label")),
        ]
        data.set("made", made?.value)
        data.set("problem", problem)
        return try call.page("tokens", title: "tokens.title", status: problem == nil ? 200 : 422, data)
    }

    private static func create(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let names = call.form.all("scope")
        let scopes = names.compactMap(TokenScope.init(rawValue:))
        guard !scopes.isEmpty, scopes.count == names.count else {
            return try await list(call, visitor, problem: call.localizer.text(family: "rule", "scope"))
        }
        switch try await call.store.createToken(scopes: Set(scopes), label: call.form.given("label"), for: visitor.shop.id, by: visitor.caller) {
        case .success(let made): return try await list(call, visitor, made: made.text)
        case .failure(let refusal): return try await list(call, visitor, problem: call.localizer.text(refusal))
        }
    }

    private static func retire(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let id = try call.id(0, TokenID.self)
        switch try await call.store.retireToken(id, in: visitor.shop.id, by: visitor.caller) {
        case .success(let token): return call.redirect("/tokens", flash: .done(call.text("tokens.now_retired", ["name": token.label])))
        case .failure: throw call.notFound
        }
    }
}
