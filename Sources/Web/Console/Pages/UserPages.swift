import Domain
import HTTPTypes
import Store

/// The people of the shop, as an admin adds, changes and retires them.
enum UserPages {
    static let all: [PageRoute] = [
        .get("/users", may: .manageAccess) { call, visitor in try await list(call, visitor) },
        .post("/users", may: .manageAccess, add),
        .get("/users/{id}", may: .manageAccess) { call, visitor in try await show(call, visitor, try await staff(call, visitor)) },
        .post("/users/{id}", may: .manageAccess, change),
        .post("/users/{id}/password", may: .manageAccess, password),
        .post("/users/{id}/retire", may: .manageAccess, retire),
    ]

    private static func list(_ call: PageCall, _ visitor: Visitor, problem: String? = nil) async throws -> Reply {
        let users = try await call.store.users(of: visitor.shop.id)
        var data: PageData = [
            "users": .list(
                users.map { user in
                    [
                        "id": .text(user.id.description), "name": .text(user.name), "email": .text(user.email),
                        "role": .text(call.localizer.role(user.role)), "retired": .flag(user.isRetired),
                        "since": .text(call.localizer.day(user.createdAt)), "me": .flag(user.id == visitor.staff.id),
                    ]
                }),
            "roles": roles(call, chosen: Role(rawValue: call.form.trimmed("role")) ?? .agent),
            "name": .text(problem == nil ? "" : call.form.trimmed("name")), "email": .text(problem == nil ? "" : call.form.trimmed("email")),
            "adding": .flag(problem != nil),
        ]
        data.set("problem", problem)
        return try call.page("users", title: "users.title", status: problem == nil ? 200 : 422, data)
    }

    private static func roles(_ call: PageCall, chosen: Role) -> PageValue {
        .list(
            Role.allCases.map { role in
                [
                    "code": .text(role.rawValue), "name": .text(call.localizer.role(role)), "chosen": .flag(role == chosen),
                    "about": .text(call.localizer.text(family: "role_about", role.rawValue)),
                ]
            })
    }

    private static func add(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        guard let role = Role(rawValue: call.form.trimmed("role")) else {
            return try await list(call, visitor, problem: call.localizer.text(family: "rule", "role"))
        }
        let added = try await call.store.addUser(
            email: call.form.trimmed("email"), name: call.form.trimmed("name"), role: role, password: SecretText(call.form["password"] ?? ""),
            language: call.localizer.language.rawValue, to: visitor.shop.id, by: visitor.caller)
        switch added {
        case .success(let staff): return call.redirect("/users", flash: .done(call.text("users.added", ["name": staff.name])))
        case .failure(let refusal): return try await list(call, visitor, problem: call.localizer.text(refusal))
        }
    }

    /// Whom the address names; another shop's people are as unknown as those whom nobody has (P13).
    private static func staff(_ call: PageCall, _ visitor: Visitor) async throws -> Staff {
        guard let staff = try await call.store.user(try call.id(0, UserID.self), in: visitor.shop.id) else { throw call.notFound }
        return staff
    }

    private static func show(_ call: PageCall, _ visitor: Visitor, _ staff: Staff, problem: String? = nil) async throws -> Reply {
        var data: PageData = [
            "id": .text(staff.id.description), "name": .text(call.form["name"] ?? staff.name), "email": .text(staff.email),
            "retired": .flag(staff.isRetired), "me": .flag(staff.id == visitor.staff.id), "roles": roles(call, chosen: staff.role),
            "since": .text(call.localizer.day(staff.createdAt)),
        ]
        data.set("problem", problem)
        return try call.page("user", title: "users.one_title", status: problem == nil ? 200 : 422, data)
    }

    /// Name and role; also takes somebody back who was retired. Nobody changes their own role: a shop always keeps one admin.
    private static func change(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let staff = try await staff(call, visitor)
        guard let role = Role(rawValue: call.form.trimmed("role")) else {
            return try await show(call, visitor, staff, problem: call.localizer.text(family: "rule", "role"))
        }
        guard staff.id != visitor.staff.id || role == staff.role else {
            return try await show(call, visitor, staff, problem: call.text("users.not_yourself"))
        }
        let change = StaffChange(name: call.form.trimmed("name"), role: role)
        switch try await call.store.setUser(staff.email, change, in: visitor.shop.id, by: visitor.caller) {
        case .success(let staff): return call.redirect("/users", flash: .done(call.text("users.saved", ["name": staff.name])))
        case .failure(let refusal): return try await show(call, visitor, staff, problem: call.localizer.text(refusal))
        }
    }

    private static func password(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let staff = try await staff(call, visitor)
        guard !staff.isRetired else { return try await show(call, visitor, staff, problem: call.text("users.retired_first")) }
        let change = StaffChange(password: SecretText(call.form["password"] ?? ""))
        switch try await call.store.setUser(staff.email, change, in: visitor.shop.id, by: visitor.caller) {
        case .success(let staff): return call.redirect("/users", flash: .done(call.text("users.password_set", ["name": staff.name])))
        case .failure(let refusal): return try await show(call, visitor, staff, problem: call.localizer.text(refusal))
        }
    }

    private static func retire(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let staff = try await staff(call, visitor)
        guard staff.id != visitor.staff.id else { return try await show(call, visitor, staff, problem: call.text("users.not_yourself")) }
        let retired = try await call.store.retireUser(staff.email, in: visitor.shop.id, by: visitor.caller).get()
        return call.redirect("/users", flash: .done(call.text("users.now_retired", ["name": retired.name])))
    }
}
