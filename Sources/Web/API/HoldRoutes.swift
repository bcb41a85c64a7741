import Domain
import Store

/// Two-phase spending: set aside first, charge or give back later.
enum HoldRoutes {
    /// Bytes of a hold's, capture's or extension's body.
    static let bodyBytesMax = 16 << 10

    static let all: [Route] = [
        Route(
            .post, "/api/v1/tickets/{number}/holds", bodyBytesMax: bodyBytesMax,
            Operation(
                id: "placeHold", tag: "holds", summary: "Set credits aside while a message is sent or a call runs.",
                body: .init(
                    schema: .object([
                        .required("channel", .channel), .required("quantity", .integer(1...CreditCount.valueMax)), expiry,
                    ]), example: #"{"channel":"sms","quantity":2,"expires_in_seconds":900}"#),
                isKeyed: true, success: .json(201, .reference("HoldAnswer")), refusals: [402]),
            access: .token(.usageWrite, place)),
        Route(
            .post, "/api/v1/holds/{id}/capture", bodyBytesMax: bodyBytesMax,
            Operation(
                id: "captureHold", tag: "holds", summary: "Charge what was held, or so much of it; the rest is released.",
                body: .init(
                    schema: .object([.optional("quantity", .nullable(.integer(1...CreditCount.valueMax)))]), example: #"{"quantity":1}"#,
                    isRequired: false),
                isKeyed: true, success: .json(201, .reference("HoldAnswer")), refusals: [402, 409]),
            access: .token(.usageWrite, capture)),
        Route(
            .post, "/api/v1/holds/{id}/release", bodyBytesMax: bodyBytesMax,
            Operation(
                id: "releaseHold", tag: "holds", summary: "Give back all that was held.",
                body: .init(schema: .object([]), example: "{}", isRequired: false), isKeyed: true,
                success: .json(201, .reference("HoldAnswer")), refusals: [409]),
            access: .token(.usageWrite, release)),
        Route(
            .post, "/api/v1/holds/{id}/extend", bodyBytesMax: bodyBytesMax,
            Operation(
                id: "extendHold", tag: "holds", summary: "Move a hold's deadline to so many seconds from now.",
                body: .init(schema: .object([expiry]), example: #"{"expires_in_seconds":900}"#, isRequired: false), isKeyed: true,
                success: .json(201, .reference("HoldAnswer")), refusals: [409]),
            access: .token(.usageWrite, extend)),
    ]

    private static let seconds: ClosedRange<Int64> = 1...Int64(Store.holdSecondsMax)
    private static let expiry = Property.optional("expires_in_seconds", .nullable(.integer(seconds)))

    private static func place(_ call: Call, _ identity: Identity) async throws -> Reply {
        let ticket = try call.id(unknown: Refusal.unknownTicket)
        let key = try call.key()
        let fields = try await call.fields(["channel", "quantity", "expires_in_seconds"])
        return .answer(
            try await call.store.placeHold(
                ticket: ticket, channel: try fields.text("channel", charactersMax: Channel.nameLengthMax),
                quantity: try fields.whole("quantity", bounds: 1...CreditCount.valueMax), expiresInSeconds: try expiresIn(fields),
                in: identity.shop, key: key, by: identity.caller))
    }

    private static func capture(_ call: Call, _ identity: Identity) async throws -> Reply {
        let hold = try call.id(unknown: Refusal.unknownHold)
        let key = try call.key()
        let quantity = try await call.optionalFields(["quantity"]).optionalWhole("quantity", bounds: 1...CreditCount.valueMax)
        return .answer(try await call.store.capture(hold: hold, quantity: quantity, in: identity.shop, key: key, by: identity.caller))
    }

    private static func release(_ call: Call, _ identity: Identity) async throws -> Reply {
        let hold = try call.id(unknown: Refusal.unknownHold)
        let key = try call.key()
        _ = try await call.optionalFields([])
        return .answer(try await call.store.release(hold: hold, in: identity.shop, key: key, by: identity.caller))
    }

    private static func extend(_ call: Call, _ identity: Identity) async throws -> Reply {
        let hold = try call.id(unknown: Refusal.unknownHold)
        let key = try call.key()
        let seconds = try expiresIn(try await call.optionalFields(["expires_in_seconds"]))
        return .answer(
            try await call.store.extend(hold: hold, expiresInSeconds: seconds, in: identity.shop, key: key, by: identity.caller))
    }

    private static func expiresIn(_ fields: Fields) throws -> Int? {
        try fields.optionalWhole("expires_in_seconds", within: seconds).map(Int.init)
    }
}
