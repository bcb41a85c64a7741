import Domain
import HTTPTypes
import Store

/// Who changed what, newest first; by one actor or one action where asked.
enum AuditPages {
    static let all: [PageRoute] = [.get("/audit", may: .seeAudit, list)]

    private static let filterMax = 200

    private static func list(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let actor = call.query.given("actor").map { String($0.prefix(filterMax)) }
        let action = call.query.given("action").map { String($0.prefix(filterMax)) }
        let page = try await call.store.audit(of: visitor.shop.id, actor: actor, action: action, after: try call.cursor("audit"))
        var data: PageData = [
            "records": .list(page.items.map { row($0, call) }), "actor": .text(actor ?? ""), "action": .text(action ?? ""),
            "filtered": .flag(actor != nil || action != nil),
        ]
        data.set("next", page.next.map { address(actor: actor, action: action, after: Cursor.text("audit", $0)) })
        return try call.page("audit", title: "audit.title", data)
    }

    private static func row(_ record: AuditRecord, _ call: PageCall) -> PageData {
        [
            "at": .text(call.localizer.dayAndTime(record.at)), "machine": .text(call.localizer.machine(record.at)), "by": .text(record.actor),
            "what": .text(record.action), "subject": .text(record.subject),
            "by_address": .text(address(actor: record.actor, action: nil, after: nil)),
            "what_address": .text(address(actor: nil, action: record.action, after: nil)),
            "details": .list(record.detail.map { ["name": .text($0.name), "value": .text($0.value)] }),
        ]
    }

    private static func address(actor: String?, action: String?, after: String?) -> String {
        let parts = [("actor", actor), ("action", action), ("after", after)].compactMap { name, value in
            value.map { "\(name)=\(FormText.encode($0))" }
        }
        return parts.isEmpty ? "/audit" : "/audit?" + parts.joined(separator: "&")
    }
}
