import Domain
import HTTPTypes
import Store

/// Who works on a ticket, how it stands, how urgent it is, and its tags.
enum PropertyPages {
    static let all: [PageRoute] = [
        .post("/tickets/{number}/assign", may: .assign, assign),
        .post("/tickets/{number}/status", may: .assign, status),
        .post("/tickets/{number}/priority", may: .assign, priority),
        .post("/tickets/{number}/tags", may: .assign, tags),
    ]

    /// `user`: `me`, a number, or nothing for nobody.
    private static func assign(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let number = try call.id(0, TicketID.self)
        var user: UserID?
        switch call.form.trimmed("user") {
        case "me": user = visitor.staff.id
        case "": user = nil
        case let text:
            guard let id = WholeText.number(text) else {
                return try await call.again(.assign, visitor, .invalidField(field: "user", expected: "someone of the staff"))
            }
            user = UserID(id)
        }
        let result = try await call.store.assign(number, to: user, in: visitor.shop.id, by: visitor.staff)
        return try await finish(call, visitor, .assign, number, result)
    }

    private static func status(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let number = try call.id(0, TicketID.self)
        guard let status = TicketStatus(rawValue: call.form.trimmed("status")) else {
            return try await call.again(.status, visitor, .invalidField(field: "status", expected: "open, waiting, solved or closed"))
        }
        let result = try await call.store.setStatus(status, of: number, in: visitor.shop.id, by: visitor.staff)
        return try await finish(call, visitor, .status, number, result)
    }

    private static func priority(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let number = try call.id(0, TicketID.self)
        guard let priority = Priority(rawValue: call.form.trimmed("priority")) else {
            return try await call.again(.priority, visitor, .invalidField(field: "priority", expected: "low, normal, high or critical"))
        }
        let result = try await call.store.setPriority(priority, of: number, in: visitor.shop.id, by: visitor.staff)
        return try await finish(call, visitor, .priority, number, result)
    }

    /// Separated by commas.
    private static func tags(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let number = try call.id(0, TicketID.self)
        let tags = call.form.trimmed("tags").split(separator: ",").prefix(Store.tagsMax + 1).map(String.init)
        let result = try await call.store.setTags(tags, of: number, in: visitor.shop.id, by: visitor.staff)
        return try await finish(call, visitor, .tags, number, result)
    }

    private static func finish(
        _ call: PageCall, _ visitor: Visitor, _ form: TicketForm, _ number: TicketID, _ result: Result<TicketDesk, Refusal>
    ) async throws -> Reply {
        switch result {
        case .success: return call.done(number, call.text("act.saved"))
        case .failure(let refusal): return try await call.again(form, visitor, refusal)
        }
    }
}
