import Store

/// The shapes of outgoing webhooks.
extension Schemas {
    static let hooks: [(String, Schema)] = [("Hook", hook), ("HookDelivery", delivery)]

    private static let hook = Schema.object([
        .required("id", .id), .required("url", .text()), .required("topics", .list(.choice(HookTopic.allCases.map(\.rawValue)))),
        .required("allow_private", .boolean), .required("failures", .count), .required("created_at", .time),
        .required("retired_at", .nullable(.time)),
    ])

    private static let delivery = Schema.object([
        .required("id", .id), .required("hook", .id), .required("webhook_id", .text()), .required("topic", .text()),
        .required("status", .choice(HookDelivery.Status.allCases.map(\.rawValue))), .required("attempts", .count),
        .required("created_at", .time), .required("next_at", .nullable(.time)), .required("last_at", .nullable(.time)),
        .required("last_status", .nullable(.integer())), .required("last_error", .nullable(.text())),
        .required("delivered_at", .nullable(.time)),
    ])
}
