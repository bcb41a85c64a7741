import Domain
import FoundationEssentials
import Store

/// Many spends in one request. Each item is decided for itself; all are handed to the spend lanes at once.
enum UsageBatch {
    static let properties: [Property] =
        [
            .required("ticket", .id),
            .required("key", .text(1...IdempotencyKey.lengthMax, pattern: "^[ -~]+$")),
        ] + UsageBody.properties

    static let answerSchema = Schema.object([
        .required(
            "items",
            .list(
                .object([
                    .required("key", .nullable(.text())), .required("status", .integer(200...599)), .required("replayed", .boolean),
                    .required("answer", either(.reference("EntryAnswer"), .reference("Problem"))),
                ])))
    ])

    private static func either(_ first: Schema, _ second: Schema) -> Schema {
        Schema { json in
            json.field("anyOf") { json in
                json.array { json in
                    first.write(&json)
                    second.write(&json)
                }
            }
        }
    }

    static func book(_ call: Call, _ identity: Identity) async throws -> Reply {
        let values = try await call.fields(["usages"]).list("usages", elements: 1...UsageRoutes.batchMax)
        let items = values.map(BatchItem.init)
        let outcomes = try await decide(items, call, identity)
        return .json(capacity: 1024 * items.count) { json in
            json.field("items") { json in
                json.array { json in
                    for (item, answer) in zip(items, outcomes) { write(item, answer, &json) }
                }
            }
        }
    }

    private static func write(_ item: BatchItem, _ answer: Answer, _ json: inout JSONWriter) {
        json.object { json in
            json.field("key", item.keyText)
            json.field("status", answer.status)
            json.field("replayed", answer.isReplayed)
            json.field("answer", json: answer.body)
        }
    }

    /// The answers in the order of the items. Throws when no item could be decided because of a fault.
    private static func decide(_ items: [BatchItem], _ call: Call, _ identity: Identity) async throws -> [Answer] {
        var usages: [(usage: Usage, key: IdempotencyKey)] = []
        for item in items { if case .usage(let usage, let key) = item.reading { usages.append((usage, key)) } }
        var spends = await call.store.spend(usages, in: identity.shop, by: identity.caller).makeIterator()
        let decided = items.compactMap { item -> Result<Answer, any Error>? in
            if case .refused(let refused) = item.reading { .success(refused) } else { spends.next() }
        }
        let faults = decided.compactMap { if case .failure(let error) = $0 { error } else { nil } }
        if let fault = faults.first, faults.count == items.count { throw fault }
        if let fault = faults.first, !call.store.faults.met(fault) {
            call.services.logger.error("\(faults.count) of \(items.count) spends of a batch failed: \(Faults.summary(fault))")
        }
        return decided.map { result in
            switch result {
            case .success(let answer): answer
            case .failure(let error): Answer(problem: Faults.problem(for: error) ?? .internal)
            }
        }
    }
}
