import Domain
import HTTPTypes
import Store

/// The ticket list: who waits, and what each has left.
enum TicketListPages {
    static let all: [PageRoute] = [
        .get("/tickets", may: .read, page), .get("/tickets/table", may: .read, fragment), .get("/tickets/live", may: .read, live),
        .post("/tickets/assign", may: .assign, assign),
    ]

    /// Rows of one page.
    static let rowsMax = 50

    private static func page(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let state = try TicketListState(call.query)
        async let table = table(call, visitor, state)
        async let filters = TicketListFilters.data(call, visitor, state)
        async let feed = call.store.feedState(visitor.shop.id)
        var data = try await table.merging(try await filters)
        data["wide"] = true
        data["search"] = .text(state.query.search ?? "")
        data["table_address"] = .text(state.address("/tickets/table"))
        if let since = try await feed?.awaySince {
            data["away"] = .text(call.text("list.shop_away", ["shop": visitor.shop.name, "time": call.localizer.dayAndTime(since)]))
        }
        return try call.page("ticket-list", title: "list.title", data)
    }

    /// The views with their counts, and the rows: what a window puts in place of what it has.
    private static func fragment(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        try call.fragment("ticket-table", try await table(call, visitor, try TicketListState(call.query)))
    }

    private static func table(_ call: PageCall, _ visitor: Visitor, _ state: TicketListState) async throws -> PageData {
        let (shop, user) = (visitor.shop.id, visitor.staff.id)
        async let listing = call.store.ticketList(state.query, in: shop, for: user, after: state.after, limit: rowsMax)
        async let counting = call.store.ticketCounts(in: shop, for: user)
        let (page, counts) = try await (listing, counting)
        let rows = TicketListRows(call: call, visitor: visitor, state: state)
        var data: PageData = [
            "views": .list(TicketListView.allCases.map { view($0, counts[$0], state, call) }), "rows": .list(page.rows.map(rows.data)),
            "any": .flag(!page.rows.isEmpty), "channels": .list(rows.channels.map { ["name": .text(call.localizer.channel($0))] }),
            "caption": .text(call.localizer.text(family: "view", key(state.query.view))),
            "by_number": sorted(.newest, state), "by_waiting": sorted(.waiting, state), "by_credit": sorted(.credit, state),
            "here": .text(state.address()),
        ]
        data.set("next", page.next.map { next in state.changed { $0.after = next }.address() })
        if state.after != nil { data.set("first", state.changed { _ in }.address()) }
        if page.rows.isEmpty { data["empty"] = .data(empty(call, state, goesOn: page.next != nil)) }
        return data
    }

    private static func sorted(_ sort: TicketListSort, _ state: TicketListState) -> PageValue {
        ["path": .text(state.changed { $0.query.sort = sort }.address()), "is_sorted": .flag(state.query.sort == sort)]
    }

    private static func view(_ view: TicketListView, _ count: TicketListCount?, _ state: TicketListState, _ call: PageCall) -> PageData {
        let number = count.map { call.localizer.number($0.count) + ($0.isMore ? "+" : "") }
        return [
            "path": .text(state.viewing(view).address()), "name": .text(call.localizer.text(family: "view", key(view))),
            "count": .text(number ?? ""), "current": .flag(state.query.view == view), "code": .text(view.rawValue),
        ]
    }

    static func key(_ view: TicketListView) -> String { view.rawValue.replacing("-", with: "_") }

    /// Why there is nothing to see, and what to do about it.
    private static func empty(_ call: PageCall, _ state: TicketListState, goesOn: Bool) -> PageData {
        var data: PageData = [:]
        if goesOn {
            data = ["title": .text(call.text("list.not_here_title")), "hint": .text(call.text("list.not_here_hint"))]
        } else if let search = state.query.search {
            data = ["title": .text(call.text("list.none_found_title", ["text": search])), "hint": .text(call.text("list.none_found_hint"))]
            if state.query.view != .all || state.isFiltered {
                data["search_all"] = .text(state.viewing(.all).address())
            }
        } else if state.query.view != .all || state.isFiltered || state.after != nil {
            data = ["title": .text(call.text("list.none_view_title")), "hint": .text(call.text("list.none_view_hint"))]
        } else {
            data = ["title": .text(call.text("list.none_title")), "hint": .text(call.text("list.none_hint"))]
        }
        let isAll = state.query == TicketListQuery(sort: state.query.sort) && state.after == nil
        if !isAll { data["all"] = .text(TicketListState.path) }
        return data
    }

    /// Gives a ticket to whoever asks.
    private static func assign(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        guard let number = WholeText.number(call.form.trimmed("number")) else { throw call.notFound }
        let ticket = TicketID(number)
        _ = try await call.store.assign(ticket, to: visitor.staff.id, in: visitor.shop.id, by: visitor.staff).get()
        let text = call.text("list.taken", ["number": "#\(ticket)"])
        if call.wantsJSON { return .json { $0.field("text", text) } }
        return call.redirect(LocalPath.checked(call.form["return"]) ?? TicketListState.path, flash: .done(text))
    }

    /// Tells which tickets changed; the window asks for its rows when that concerns it.
    private static func live(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        try LiveStream.reply(call, visitor, page: TicketListState.path) { news in [TicketListNews(news).event] }
    }
}

/// The shop's news as the list hears them.
struct TicketListNews: Sendable {
    private var isAll: Bool
    private var changed: Set<Int64> = []
    private var spent: Set<Int64> = []

    init(_ news: LiveNews) {
        isAll = news.isReload
        for event in news.events {
            switch event {
            case .conversation(let ticket), .ticket(let ticket), .presence(let ticket): changed.insert(ticket.rawValue)
            case .credits(let ticket): spent.insert(ticket.rawValue)
            case .list, .reload: isAll = true
            case .feed: break
            }
        }
    }

    /// `{"all":false,"changed":[1001],"spent":[1002]}`: tickets by number.
    var event: LiveEvent {
        LiveEvent("tickets") { [isAll, changed, spent] json in
            json.field("all", isAll)
            json.field("changed") { $0.array(changed.sorted()) { $0.number($1) } }
            json.field("spent") { $0.array(spent.sorted()) { $0.number($1) } }
        }
    }
}
