import Domain
import FoundationEssentials
import Store

/// Reversals, adjustments and transfers. By token they are the admin's.
enum CorrectionRoutes {
    /// Bytes: room for a note of `Store.noteMax` characters.
    static let bodyBytesMax = 32 << 10
    private static let reasonCharactersMax = 32

    static let all: [Route] = [
        Route(
            .post, "/api/v1/usages/{id}/reversal", bodyBytesMax: bodyBytesMax,
            Operation(
                id: "reverseUsage", tag: "corrections", summary: "Give back what a usage took, in whole or in part.",
                body: .init(
                    schema: .object([
                        .optional("quantity", .nullable(.integer(quantities))), .optional("reason", .nullable(.channel)),
                        .optional("note", .nullable(.words(Store.noteMax))),
                    ]), example: #"{"quantity":1,"reason":"correction","note":"Sent to the wrong address"}"#, isRequired: false),
                isKeyed: true, success: .json(201, .reference("EntryAnswer")), refusals: [409]),
            access: .token(.admin, reverse)),
        Route(
            .post, "/api/v1/tickets/{number}/adjustments", bodyBytesMax: bodyBytesMax,
            Operation(
                id: "adjustCredits", tag: "corrections", summary: "Give or take credits, with a reason and a note.",
                body: .init(
                    schema: .object([
                        .required("channel", .channel), .required("quantity", .integer(-CreditCount.valueMax...CreditCount.valueMax)),
                        .required("reason", .channel), .required("note", .words(Store.noteMax)), .optional("expires_at", .nullable(.time)),
                    ]), example: #"{"channel":"email","quantity":2,"reason":"goodwill","note":"For the long wait"}"#),
                isKeyed: true, success: .json(201, .reference("EntryAnswer")), refusals: [402]),
            access: .token(.admin, adjust)),
        Route(
            .post, "/api/v1/tickets/{number}/transfers", bodyBytesMax: bodyBytesMax,
            Operation(
                id: "transferCredits", tag: "corrections", summary: "Move unused credits to another ticket of the same customer.",
                body: .init(
                    schema: .object([
                        .required("to", .id), .required("channel", .channel), .required("quantity", .integer(quantities)),
                        .required("reason", .channel), .required("note", .words(Store.noteMax)),
                    ]), example: #"{"to":1043,"channel":"email","quantity":1,"reason":"correction","note":"Asked for on the phone"}"#),
                isKeyed: true, success: .json(201, .reference("EntryAnswer")), refusals: [402, 409]),
            access: .token(.admin, transfer)),
    ]

    private static let quantities: ClosedRange<Int64> = 1...CreditCount.valueMax

    private static func reverse(_ call: Call, _ identity: Identity) async throws -> Reply {
        let usage = try call.id(unknown: Refusal.unknownUsage)
        let key = try call.key()
        let fields = try await call.optionalFields(["quantity", "reason", "note"])
        return .answer(
            try await call.store.reverse(
                usage: usage, quantity: try fields.optionalWhole("quantity", bounds: quantities),
                reason: try fields.optionalText("reason", charactersMax: reasonCharactersMax),
                note: try fields.optionalText("note", charactersMax: Store.noteMax), in: identity.shop, key: key, by: identity.caller))
    }

    private static func adjust(_ call: Call, _ identity: Identity) async throws -> Reply {
        let ticket = try call.id(unknown: Refusal.unknownTicket)
        let key = try call.key()
        let fields = try await call.fields(["channel", "quantity", "reason", "note", "expires_at"])
        return .answer(
            try await call.store.adjust(
                ticket: ticket, channel: try fields.text("channel", charactersMax: Channel.nameLengthMax),
                quantity: try fields.whole("quantity", bounds: -CreditCount.valueMax...CreditCount.valueMax),
                reason: try fields.text("reason", charactersMax: reasonCharactersMax),
                note: try fields.text("note", charactersMax: Store.noteMax), expiresAt: try fields.optionalTime("expires_at"),
                in: identity.shop, key: key, by: identity.caller))
    }

    private static func transfer(_ call: Call, _ identity: Identity) async throws -> Reply {
        let ticket = try call.id(unknown: Refusal.unknownTicket)
        let key = try call.key()
        let fields = try await call.fields(["to", "channel", "quantity", "reason", "note"])
        return .answer(
            try await call.store.transfer(
                from: ticket, to: TicketID(try fields.whole("to", bounds: 1...Int64.max)),
                channel: try fields.text("channel", charactersMax: Channel.nameLengthMax),
                quantity: try fields.whole("quantity", bounds: quantities),
                reason: try fields.text("reason", charactersMax: reasonCharactersMax),
                note: try fields.text("note", charactersMax: Store.noteMax), in: identity.shop, key: key, by: identity.caller))
    }
}
