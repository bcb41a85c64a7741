import Domain
import Store

/// The shapes that answers share, by name.
enum Schemas {
    static let all: [(String, Schema)] = ledger + reading + hooks

    private static let ledger: [(String, Schema)] = [
        ("Problem", problem), ("Counter", counter), ("Counters", .map(.reference("Counter"))), ("Slice", slice), ("Entry", entry),
        ("Hold", hold), ("EntryAnswer", entryAnswer), ("HoldAnswer", holdAnswer),
    ]

    private static let problem = Schema.object([
        .required("type", .text(pattern: "^urn:supportmeter:problem:[a-z0-9-]+$")), .required("title", .text()),
        .required("status", .integer(400...599)), .required("detail", .text()), .optional("field", .text()),
        .optional("channel", .channel), .optional("needed", .count), .optional("remaining", .count), .optional("pool", .count),
        .optional("top_up_url", .nullable(.text())),
    ])

    private static let counter = Schema.object(
        ["granted", "used", "held", "expired", "revoked", "remaining", "shortfall"].map { .required($0, .count) })

    private static let slice = Schema.object([
        .required("grant", .id), .optional("ticket", .id), .required("quantity", .integer(1...Int64.max)), .required("value", .count),
        .required("currency", .text(3...3)),
    ])

    private static let entry = Schema.object([
        .required("id", .id), .required("ticket", .id), .required("kind", .choice(EntryKind.allCases.map(\.rawValue))),
        .required("channel", .channel), .required("quantity", .count), .required("balance_after", .count),
        .required("slices", .list(.reference("Slice"))), .required("agent", .text()), .required("recorded_at", .time),
        .required("effective_at", .time), .optional("occurred_at", .time), .optional("reference", .text()), .optional("note", .text()),
        .optional("reason", .text()), .optional("order", .id), .optional("hold", .id), .optional("corrects", .id),
        .optional("for_ticket", .id), .optional("rule_version", .integer()),
    ])

    private static let hold = Schema.object([
        .required("id", .id), .required("ticket", .id), .required("channel", .channel), .required("quantity", .integer(1...Int64.max)),
        .required("status", .choice(["active", "captured", "released", "lapsed"])), .required("expires_at", .time),
    ])

    private static let entryAnswer = Schema.object([
        .required("entry", .reference("Entry")), .required("counters", .reference("Counters")),
    ])

    private static let holdAnswer = Schema.object([
        .required("entry", .reference("Entry")), .required("hold", .reference("Hold")), .required("counters", .reference("Counters")),
    ])
}
