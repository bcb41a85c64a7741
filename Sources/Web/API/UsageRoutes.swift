import Domain
import FoundationEssentials
import Store

/// Spending: one usage, many, or only a look at what one would take.
enum UsageRoutes {
    /// Bytes of a usage's body: room for a long text to compute its segments from.
    static let bodyBytesMax = 64 << 10
    /// Bytes of a batch's body.
    static let batchBytesMax = 4 << 20
    /// Usages in one batch.
    static let batchMax = 1000

    static let all: [Route] = [
        Route(
            .post, "/api/v1/usages/batch", bodyBytesMax: batchBytesMax,
            Operation(
                id: "bookUsages", tag: "usages", summary: "Spend many times at once, each with a key and an outcome of its own.",
                body: .init(schema: batchSchema, example: batchExample), success: .json(200, UsageBatch.answerSchema)),
            access: .token(.usageWrite, UsageBatch.book)),
        Route(
            .post, "/api/v1/tickets/{number}/usages", bodyBytesMax: bodyBytesMax,
            Operation(
                id: "bookUsage", tag: "usages", summary: "Spend credits of a ticket for a piece of work.",
                body: .init(schema: .object(UsageBody.properties), example: UsageBody.example), isKeyed: true,
                success: .json(201, .reference("EntryAnswer")), refusals: [402]),
            access: .token(.usageWrite, book)),
        Route(
            .post, "/api/v1/tickets/{number}/usages/preview", bodyBytesMax: bodyBytesMax,
            Operation(
                id: "previewUsage", tag: "usages", summary: "What booking the same body would take. Writes nothing and takes no key.",
                body: .init(schema: .object(UsageBody.properties), example: UsageBody.example), success: .json(200, previewSchema)),
            access: .token(.usageWrite, preview)),
    ]

    private static func book(_ call: Call, _ identity: Identity) async throws -> Reply {
        let ticket = try call.id(unknown: Refusal.unknownTicket)
        let key = try call.key()
        let usage = try UsageBody.read(try await call.fields(UsageBody.names), ticket: ticket)
        return .answer(try await call.store.spend(usage, in: identity.shop, key: key, by: identity.caller))
    }

    private static func preview(_ call: Call, _ identity: Identity) async throws -> Reply {
        let ticket = try call.id(unknown: Refusal.unknownTicket)
        let usage = try UsageBody.read(try await call.fields(UsageBody.names), ticket: ticket)
        let price = try await call.store.preview(usage, in: identity.shop).get()
        return .json { json in
            json.field("quantity", price.quantity.value)
            json.field("rule_version", price.ruleVersion.map(Int64.init))
        }
    }

    private static let previewSchema = Schema.object([
        .required("quantity", .integer(1...CreditCount.valueMax)), .required("rule_version", .nullable(.integer())),
    ])

    private static let batchSchema = Schema.object([.required("usages", .list(.object(UsageBatch.properties), 1...batchMax))])
    private static let batchExample = """
        {"usages":[{"ticket":1042,"channel":"email","quantity":1,"key":"mail-77801"},{"ticket":1043,"channel":"sms","quantity":2,"key":"sms-5512"}]}
        """
}
