import Domain
import Store

/// Which part of the ticket list a page shows, as its address says it: a page can be kept, shared and come back to.
struct TicketListState: Sendable {
    static let path = "/tickets"

    var query = TicketListQuery()
    var after: TicketListCursor?

    /// Throws `Refusal` 422 for a value that is none.
    init(_ form: Form) throws {
        query.view = try TicketListState.choice(form, "view") ?? .all
        query.sort = try TicketListState.choice(form, "sort") ?? .waiting
        query.status = try TicketListState.choice(form, "status")
        query.priority = try TicketListState.choice(form, "priority")
        query.assignee = try TicketListState.id(form, "assignee")
        query.plan = try TicketListState.id(form, "plan")
        query.tag = form.given("tag").map { String($0.prefix(Store.tagLengthMax)) }
        query.channel = try TicketListState.read(form, "channel", expected: "a channel's name") { Channel(rawValue: $0) }
        query.search = form.given("q").map { String($0.prefix(TicketListQuery.searchMax)) }
        after = try TicketListState.read(form, "after", expected: "the next page's address") { TicketListCursor($0) }
    }

    /// More than view, order and search is asked for.
    var isFiltered: Bool {
        query.status != nil || query.priority != nil || query.assignee != nil || query.plan != nil || query.tag != nil || query.channel != nil
    }

    /// The same from its first page on, with something else asked for.
    func changed(_ change: (inout TicketListState) -> Void) -> TicketListState {
        var state = self
        state.after = nil
        change(&state)
        return state
    }

    /// Another view, without filters; the search and the order stay.
    func viewing(_ view: TicketListView) -> TicketListState {
        changed { $0.query = TicketListQuery(view: view, sort: query.sort, search: query.search) }
    }

    /// What it is without the part before the `?`.
    func address(_ path: String = TicketListState.path) -> String {
        let fields: [(String, String?)] = [
            ("view", query.view == .all ? nil : query.view.rawValue), ("q", query.search), ("status", query.status?.rawValue),
            ("assignee", query.assignee?.description), ("priority", query.priority?.rawValue), ("channel", query.channel?.rawValue),
            ("plan", query.plan?.description), ("tag", query.tag), ("sort", query.sort == .waiting ? nil : query.sort.rawValue),
            ("after", after?.text),
        ]
        let parts = fields.compactMap { name, value in value.map { "\(name)=\(FormText.encode($0))" } }
        return parts.isEmpty ? path : path + "?" + parts.joined(separator: "&")
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(_ form: Form, _ name: String) throws -> Choice?
    where Choice.RawValue == String {
        try read(form, name, expected: "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", ")) { Choice(rawValue: $0) }
    }

    private static func id<ID: Identifier>(_ form: Form, _ name: String) throws -> ID? {
        try read(form, name, expected: "a number") { WholeText.number($0).map { ID($0) } }
    }

    /// Nil when nothing is asked for.
    private static func read<Value>(_ form: Form, _ name: String, expected: String, _ parse: (String) -> Value?) throws -> Value? {
        guard let text = form.given(name) else { return nil }
        guard let value = parse(text) else { throw Refusal.invalidField(field: name, expected: expected) }
        return value
    }
}
