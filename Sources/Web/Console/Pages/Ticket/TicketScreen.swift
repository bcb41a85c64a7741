import Domain
import FoundationEssentials
import Store

/// One ticket on its way into its templates: what the store told, who looks, and what their forms hold.
struct TicketScreen {
    let call: PageCall
    let visitor: Visitor
    let page: TicketPage
    let sheet: TicketSheet
    /// The part of the conversation that is shown: the newest, or an earlier one.
    let conversation: ConversationPage
    /// The part of the ledger that is shown.
    let entries: [EntryView]
    let earlierEntries: EntryID?
    let people: [Staff]
    let providers: [ProviderView]
    let now: Date

    var localizer: Localizer { call.localizer }
    var ticket: TicketView { page.ticket }
    var number: TicketID { page.ticket.number }
    var path: String { TicketPages.path(number) }

    /// Throws `notFound` when the shop has no such ticket.
    static func load(_ call: PageCall, _ visitor: Visitor, _ sheet: TicketSheet) async throws -> TicketScreen {
        let (store, shop) = (call.store, visitor.shop.id)
        let number = try call.id(0, TicketID.self)
        guard let page = try await store.ticketPage(number, in: shop, for: visitor.staff.id) else { throw call.notFound }
        var conversation = page.conversation
        if let before = place(call, "before") {
            conversation = try await store.conversation(of: number, in: shop, before: MessageID(before)) ?? conversation
        }
        var (entries, earlier) = (page.entries, page.earlierEntries)
        if let before = place(call, "ledger") {
            (entries, earlier) = try await store.entries(of: number, in: shop, before: EntryID(before))
        }
        return TicketScreen(
            call: call, visitor: visitor, page: page, sheet: sheet, conversation: conversation, entries: entries, earlierEntries: earlier,
            people: try await store.users(of: shop).filter { !$0.isRetired }, providers: try await store.providers(), now: page.at)
    }

    /// A row's number in the query; nil when there is none that could be one.
    private static func place(_ call: PageCall, _ name: String) -> Int64? {
        call.query.given(name).flatMap { WholeText.number($0) }.flatMap { $0 > 0 ? $0 : nil }
    }

    /// What makes a second click on the same form the same click.
    static func freshKey() -> String { "form-" + SessionCookie.random() }

    /// Everything that the page and its parts show.
    func data() -> PageData {
        var data: PageData = [
            "number": .text(number.description), "subject": .text(ticket.subject), "path": .text(path),
            "title": .text("#\(number) \(ticket.subject)"), "version": .text(page.desk.version.description),
            "user": .text(visitor.staff.id.description), "wide": true, "status_name": .text(statusName(ticket.status)),
            "status_class": .text(ticket.status), "priority_name": .text(priorityName(ticket.priority)),
            "urgent": .flag(ticket.priority == Priority.high.rawValue || ticket.priority == Priority.critical.rawValue),
            "assignee": .text(page.desk.assignee?.name ?? localizer.text("ticket.nobody")),
            "waiting": .text(localizer.text(page.desk.side == .us ? "ticket.waits_for_us" : "ticket.waits_for_customer")),
            "waiting_ago": .text(localizer.ago(page.desk.waitingSince)), "waiting_at": .text(localizer.dayAndTime(page.desk.waitingSince)),
            "waiting_machine": .text(localizer.machine(page.desk.waitingSince)),
            "settled": .flag(ticket.status == "solved" || ticket.status == "closed"),
            "tag_names": .list(page.desk.tags.map { ["tag": .text($0)] }), "problem": .text(""), "may_write": .flag(visitor.may(.send)),
            "may_note": .flag(visitor.may(.note)), "may_assign": .flag(visitor.may(.assign)), "may_spend": .flag(visitor.may(.spend)),
        ]
        for part in [talk(), meters(), ledger(), customer(), properties(), composer(), actions(), running(), waysOut()] {
            data = data.merging(part)
        }
        data["others_here"] = .list(TicketPresence.rows(page.presence, but: visitor.staff.id, localizer))
        return data
    }

    func statusName(_ status: String) -> String { localizer.text(family: "status", status) }
    func priorityName(_ priority: String) -> String { localizer.text(family: "priority", priority) }

    /// An instant as the page writes it: since when, exactly when, and for machines.
    func time(_ instant: Date) -> PageData {
        ["ago": .text(localizer.ago(instant)), "at": .text(localizer.dayAndTime(instant)), "machine": .text(localizer.machine(instant))]
    }

    /// `3 e-mails`.
    func credits(_ count: Int64, _ channel: Channel) -> String { localizer.credits(count, channel) }
}

extension Localizer {
    /// A number of credits in words: `3 e-mails`.
    func credits(_ count: Int64, _ channel: Channel) -> String {
        if TextFamilies.channels.contains(channel) { return text("credits." + channel.rawValue, ["count": count]) }
        return text("credits.other", ["count": count]) + " (" + channel.rawValue + ")"
    }

    /// `4:05`, or `1:04:05`.
    func length(seconds: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
    }
}
