import Domain
import Store

/// Writes tickets as rows of the list.
struct TicketListRows: Sendable {
    /// Channels that have a column; a shop with more sees the rest on the ticket.
    static let channelsMax = 6

    let call: PageCall
    let visitor: Visitor
    let state: TicketListState

    /// The three that every shop begins with first, then its own by name.
    var channels: [Channel] {
        let first = TextFamilies.channels.filter(visitor.shop.rules.keys.contains)
        return Array((first + visitor.shop.channels.filter { !first.contains($0) }).prefix(TicketListRows.channelsMax))
    }

    func data(_ row: TicketListRow) -> PageData {
        let (ticket, desk, localizer) = (row.ticket, row.desk, call.localizer)
        let (name, email) = (ticket.customer.name, ticket.customer.email ?? "")
        let customer = name ?? (email.isEmpty ? call.text("list.nameless") : email)
        var data: PageData = [
            "number": .text(ticket.number.description), "path": .text("/tickets/\(ticket.number)"), "subject": .text(ticket.subject),
            "customer": .text(customer), "turn": .text(turn(row)), "is_ours": .flag(isOurs(row)), "is_urgent": .flag(isUrgent(ticket)),
        ]
        data.set("email", name == nil ? nil : email)
        data.set("assignee", desk.assignee?.name)
        data["since"] = .text(localizer.ago(desk.waitingSince))
        data["since_exact"] = .text(localizer.dayAndTime(desk.waitingSince))
        data["since_machine"] = .text(localizer.machine(desk.waitingSince))
        data["is_mine"] = .flag(desk.assignee?.id == visitor.staff.id)
        data["may_take"] = .flag(desk.assignee == nil && visitor.may(.assign))
        data["meters"] = .list(channels.map { meter($0, row) })
        data["tags"] = .list(desk.tags.map(tag))
        data["people"] = .list(row.presence.filter { $0.user.id != visitor.staff.id }.map(present))
        if ticket.priority != Priority.normal.rawValue { data["priority"] = .text(localizer.text(family: "priority", ticket.priority)) }
        return data
    }

    private func tag(_ tag: String) -> PageData {
        ["tag": .text(tag), "tag_path": .text(state.changed { $0.query.tag = tag }.address())]
    }

    private func meter(_ channel: Channel, _ row: TicketListRow) -> PageData {
        CreditMeter(
            channel: channel, counter: row.ticket.counters[channel], pool: row.ticket.pool[channel] ?? 0,
            isLow: row.desk.lowChannels.contains(channel), isOwing: row.desk.owingChannels.contains(channel)
        ).data(call.localizer)
    }

    private func isUrgent(_ ticket: TicketView) -> Bool { Priority(rawValue: ticket.priority).map { $0 > .normal } ?? false }

    private func isDone(_ row: TicketListRow) -> Bool {
        row.ticket.status == TicketStatus.solved.rawValue || row.ticket.status == TicketStatus.closed.rawValue
    }

    private func isOurs(_ row: TicketListRow) -> Bool { !isDone(row) && row.desk.side == .us }

    private func turn(_ row: TicketListRow) -> String {
        if isDone(row) { return call.localizer.text(family: "status", row.ticket.status) }
        return row.desk.side == .us ? call.text("list.our_turn") : call.text("list.customers_turn")
    }

    private func present(_ person: PresenceView) -> PageData {
        let key = person.isWriting ? "list.is_writing" : "list.is_here"
        return ["present": .text(call.text(key, ["name": person.user.name])), "is_writing": .flag(person.isWriting)]
    }
}
