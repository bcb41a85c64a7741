import Domain
import Store

/// The shapes that reads answer.
extension Schemas {
    static let reading: [(String, Schema)] = [
        ("OrderName", orderName), ("Customer", customer), ("Ticket", ticket), ("Balance", balance), ("Order", order), ("OrderLine", orderLine),
        ("Plan", plan), ("Channel", channel), ("Feed", feed),
    ]

    private static let someText = Schema.nullable(.text())
    private static let someTime = Schema.nullable(.time)

    private static let orderName = Schema.object([.required("id", .id), .required("number", .text()), .required("status", .text())])

    private static let customer = Schema.object([
        .required("id", .id), .required("name", someText), .required("email", someText), .required("phone", someText),
    ])

    private static let ticket = Schema.object([
        .required("number", .id), .required("status", .choice(TicketStatus.allCases.map(\.rawValue))), .required("subject", .text()),
        .required("priority", .choice(Priority.allCases.map(\.rawValue))), .required("customer", .reference("Customer")),
        .required("order", .nullable(.reference("OrderName"))), .required("orders", .list(.reference("OrderName"))),
        .required("counters", .reference("Counters")), .required("pool", .map(.count)), .required("top_up_url", someText),
        .required("opened_at", .time), .required("updated_at", .time),
    ])

    private static let balance = Schema.object([
        .required("customer", .reference("Customer")), .required("at", .time), .required("counters", .reference("Counters")),
        .required("tickets", .list(.object([.required("number", .id), .required("counters", .reference("Counters"))]))),
    ])

    private static let order = Schema.object([
        .required("id", .id), .required("number", .text()), .required("status", .text()), .required("usability", .text()),
        .required("currency", .text(3...3)), .required("total", .integer()), .required("created_at", .time), .required("modified_at", .time),
        .required("paid_at", someTime), .required("seen_at", .time), .required("source", .text()), .required("flags", .list(.text())),
        .required("customer", .id), .required("tickets", .list(.id)), .required("lines", .list(.reference("OrderLine"))),
    ])

    private static let orderLine = Schema.object([
        .required("line", .id), .required("plan", .text()), .required("plan_version", .integer()), .required("matched_by", .text()),
        .required("matched_key", .text()), .required("ticket", .nullable(.id)), .required("channel", .nullable(.channel)),
        .required("granted", .count), .required("revoked", .count), .required("used", .count), .required("shortfall", .count),
    ])

    private static let plan = Schema.object([
        .required("id", .id), .required("name", .text()), .required("version", .integer()), .required("retired", .boolean),
        .required(
            "match",
            .object([
                .required("sku", .list(.text())), .required("product_id", .list(.integer())), .required("variation_id", .list(.integer())),
            ])),
        .required("credits", .map(.count)), .required("prices", .map(.count)), .required("valid_days", .nullable(.integer())),
        .required("ticket", .text()), .required("priority", .text()), .required("low", Schema { _ in }), .required("overdraft", .count),
        .required("top_up_url", someText),
    ])

    private static let channel = Schema.object([
        .required("channel", .channel), .required("rule", Schema { $0.field("type", "object") }), .required("rule_version", .integer()),
    ])

    private static let anyObject = Schema { $0.field("type", "object") }

    private static let feed = Schema.object([
        .required("kind", .choice(FeedKind.allCases.map(\.rawValue))), .required("last_pass", .nullable(anyObject)),
        .required("next_pass_at", someTime), .required("imported_at", someTime), .required("away_since", someTime),
        .required("retry_after", someTime), .required("failures", .count), .required("lag_seconds", .nullable(.count)),
        .required("totals", anyObject), .required("sweep", anyObject), .required("rejects", .count), .required("waiting", .count),
        .required("orders", .count), .required("not_usable_yet", .count), .required("flags", .map(.count)),
        .required(
            "flagged",
            .list(
                .object([
                    .required("id", .id), .required("number", .text()), .required("status", .text()), .required("flags", .list(.text())),
                ]))),
    ])
}
