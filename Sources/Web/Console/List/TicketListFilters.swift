import Domain
import Store

/// What the list's filters offer, and what is chosen of it.
enum TicketListFilters {
    static func data(_ call: PageCall, _ visitor: Visitor, _ state: TicketListState) async throws -> PageData {
        async let people = call.store.users(of: visitor.shop.id)
        async let plans = call.store.plans(of: visitor.shop.id)
        async let tags = call.store.tags(of: visitor.shop.id)
        let query = state.query
        let staff = try await people.filter { !$0.isRetired || $0.id == query.assignee }
        let tagNames = try await tags
        let ownTag = query.tag.map { tagNames.contains($0) ? [] : [$0] } ?? []
        return [
            "view_code": .text(query.view.rawValue), "is_filtered": .flag(state.isFiltered), "unfiltered": .text(state.viewing(query.view).address()),
            "statuses": options(TicketStatus.allCases, query.status) { ($0.rawValue, call.localizer.text(family: "status", $0.rawValue)) },
            "priorities": options(Priority.allCases.reversed(), query.priority) { ($0.rawValue, call.localizer.text(family: "priority", $0.rawValue)) },
            "assignees": options(staff.map(\.id), query.assignee) { id in (id.description, staff.first { $0.id == id }?.name ?? "") },
            "filter_channels": options(visitor.shop.channels, query.channel) { ($0.rawValue, call.localizer.channel($0)) },
            "plans": try await planOptions(plans, query.plan),
            "tag_names": options(ownTag + tagNames, query.tag) { ($0, $0) },
            "sorts": options(TicketListSort.allCases, query.sort) { ($0.rawValue, call.localizer.text(family: "sort", $0.rawValue)) },
        ]
    }

    private static func planOptions(_ plans: [Plan], _ chosen: PlanID?) -> PageValue {
        options(plans.map(\.id), chosen) { id in (id.description, plans.first { $0.id == id }?.name ?? "") }
    }

    private static func options<Choice: Equatable>(_ choices: [Choice], _ chosen: Choice?, _ name: (Choice) -> (code: String, name: String)) -> PageValue {
        .list(
            choices.map { choice in
                let (code, name) = name(choice)
                return ["code": .text(code), "name": .text(name), "chosen": .flag(choice == chosen)]
            })
    }
}
