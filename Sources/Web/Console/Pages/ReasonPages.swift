import Domain
import HTTPTypes
import Store

/// The reason codes that corrections are given for.
enum ReasonPages {
    static let all: [PageRoute] = [
        .get("/reasons", may: .manageReasons) { call, visitor in try await list(call, visitor) },
        .post("/reasons", may: .manageReasons, add),
        .post("/reasons/{reason}/retire", may: .manageReasons, retire),
    ]

    private static func list(_ call: PageCall, _ visitor: Visitor, problem: String? = nil) async throws -> Reply {
        let reasons = try await call.store.reasons(of: visitor.shop.id)
        var data: PageData = [
            "reasons": .list(
                reasons.map { reason in
                    [
                        "code": .text(reason.reason.rawValue), "built_in": .flag(reason.isBuiltIn), "retired": .flag(reason.isRetired),
                        "own": .flag(!reason.isBuiltIn && !reason.isRetired),
                    ]
                }),
            "code": .text(problem == nil ? "" : call.form.trimmed("reason")),
        ]
        data.set("problem", problem)
        return try call.page("reasons", title: "reasons.title", status: problem == nil ? 200 : 422, data)
    }

    private static func add(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        switch try await call.store.addReason(call.form.trimmed("reason"), to: visitor.shop.id, by: visitor.caller) {
        case .success(let reason): return call.redirect("/reasons", flash: .done(call.text("reasons.added", ["name": reason.rawValue])))
        case .failure(let refusal): return try await list(call, visitor, problem: call.localizer.text(refusal))
        }
    }

    private static func retire(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        guard let reason = Reason(rawValue: String(call.places[0])),
            case .success = try await call.store.retireReason(reason, in: visitor.shop.id, by: visitor.caller)
        else { throw call.notFound }
        return call.redirect("/reasons", flash: .done(call.text("reasons.now_retired", ["name": reason.rawValue])))
    }
}
