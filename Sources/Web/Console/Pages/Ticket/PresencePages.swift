import Domain
import HTTPTypes
import Store

/// Who has a ticket open: each window says so from time to time, and when it closes.
enum PresencePages {
    static let all: [PageRoute] = [
        .post("/tickets/{number}/presence", may: .read, present),
        .post("/tickets/{number}/leave", may: .read, leave),
    ]

    private static func present(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let number = try call.id(0, TicketID.self)
        let isWriting = call.form.trimmed("writing") == "1" && visitor.may(.note)
        guard let there = try await call.store.present(at: number, isWriting: isWriting, in: visitor.shop.id, by: visitor.staff) else {
            throw call.notFound
        }
        return try call.fragment("ticket-presence", ["others_here": .list(TicketPresence.rows(there, but: visitor.staff.id, call.localizer))])
    }

    private static func leave(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let number = try call.id(0, TicketID.self)
        guard try await call.store.ticket(number, in: visitor.shop.id) != nil else { throw call.notFound }
        try await call.store.leave(number, in: visitor.shop.id, by: visitor.staff)
        return .nothing
    }
}

/// The others who have a ticket open, in words.
enum TicketPresence {
    static func rows(_ there: [PresenceView], but me: UserID, _ localizer: Localizer) -> [PageData] {
        there.filter { $0.user.id != me }.map { one in
            [
                "writing": .flag(one.isWriting),
                "presence_text": .text(localizer.text(one.isWriting ? "presence.writes" : "presence.looks", ["name": one.user.name])),
            ]
        }
    }
}
