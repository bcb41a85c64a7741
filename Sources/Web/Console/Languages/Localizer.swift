import Domain
import FoundationEssentials
import Reports
import Store

/// Says things in one language, with the clock of one shop. Texts are plain: a template escapes them like anything else.
struct Localizer: Sendable {
    let catalogue: Catalogue
    let zone: ShopZone
    /// For "5 minutes ago".
    let now: Date

    var language: Language { catalogue.language }

    /// The text with its places filled. `count` chooses the plural form and is written as the language writes numbers.
    /// A key that is missing shows as itself; a test finds those.
    func text(_ key: String, _ arguments: [String: any TextArgument] = [:]) -> String {
        switch catalogue.entries[key] {
        case .plain(let text): fill(text, arguments)
        case .plural(let forms): fill(form(forms, arguments["count"]?.pluralCount ?? 0), arguments)
        case nil: key
        }
    }

    /// The text of one of a family of keys (`role.agent`), whose members `TextFamilies` lists.
    func text(family: String, _ member: String) -> String { text(family + "." + member) }

    func has(_ key: String) -> Bool { catalogue.entries[key] != nil }

    private func form(_ forms: [Plural: String], _ count: Int64) -> String { forms[language.plural(count)] ?? forms[.other] ?? "" }

    private func fill(_ text: String, _ arguments: [String: any TextArgument]) -> String {
        guard !arguments.isEmpty, text.contains("{") else { return text }
        var filled = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            filled += rest[..<open]
            let name = String(rest[rest.index(after: open)..<close])
            filled += arguments[name]?.shown(self) ?? "{\(name)}"
            rest = rest[rest.index(after: close)...]
        }
        return filled + rest
    }
}

/// Keys that are put together while the program runs. Each family is whole in every catalogue; a test holds that.
enum TextFamilies {
    static let all: [String: [String]] = [
        "month": (1...12).map { "m\($0)" },
        "role": Role.allCases.map(\.rawValue),
        "role_about": Role.allCases.map(\.rawValue),
        "scope": TokenScope.allCases.map { scope(for: $0) },
        "channel": channels.map(\.rawValue),
        "rule": rules,
        "view": TicketListView.allCases.map(TicketListPages.key), "sort": TicketListSort.allCases.map(\.rawValue),
        "status": TicketStatus.allCases.map(\.rawValue), "priority": Priority.allCases.map(\.rawValue),
        "flag": flags,
        "error_title": errors, "error_hint": errors,
        "message_state": ["sending", "sent", "failed"], "failure": FeedWords.failures, "step": FeedWords.steps, "reject": rejects,
        "entry_kind": EntryKind.allCases.map(\.rawValue), "usability": usabilities, "credits": channels.map(\.rawValue) + ["other"],
        "write": ["email", "sms"], "after_sending": ["waiting", "open", "solved"], "act_title": acts, "act_hint": acts, "act_button": acts,
        "report_name": ReportFiles.all.map(\.key), "report_about": ReportFiles.all.map(\.key), "file_format": ReportFiles.wayKeys,
        "books_state": MonthBooks.State.allCases.map(\.rawValue) + ["running"],
        "expiry_span": ExpiryAhead.Span.allCases.map(\.rawValue),
        "reason_name": Reason.builtIn.map(\.rawValue),
    ]

    /// The forms that correct, on a ticket's page.
    private static let acts = ["usage", "reverse", "goodwill", "adjust", "transfer"]
    static let usabilities = ["entitled", "not-usable-yet", "ended", "unknown-status"]

    static let channels: [Channel] = [.email, .sms, .video]
    static let rules = [
        "email", "name", "password", "reason", "label", "scope", "language", "role", "text", "subject", "to", "note", "tags", "expires_at",
        "seconds", "minutes", "reference", "at", "usage", "target", "quantity", "key", "month", "customer",
    ]
    /// Why a person should look at an order.
    static let flags = ["refund_lines_unknown", "unknown_status", "too_many_credits", "gone"]
    /// Why a document of the shop was not understood.
    static let rejects = RejectReason.beginnings.map(\.key) + ["gone_before", "field", "other"]
    static let errors = ["400", "403", "404", "405", "409", "413", "415", "422", "429", "500", "503", "foreign", "stale", "other"]

    static func scope(for scope: TokenScope) -> String { String(scope.rawValue.map { $0 == ":" ? "_" : $0 }) }
}
