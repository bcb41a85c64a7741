import Domain
import FoundationEssentials
import Store

/// The conversation, oldest first, with what was changed about the ticket in between.
extension TicketScreen {
    func talk() -> PageData {
        let lines = conversation.messages.map { (at: $0.createdAt, data: line($0)) } + conversation.events.map { (at: $0.at, data: line($0)) }
        var data: PageData = [
            "lines": .list(lines.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element.data)),
            "no_lines": .flag(lines.isEmpty), "earlier": .text(""), "is_earlier": .flag(call.query.given("before") != nil),
        ]
        data.set("earlier", conversation.earlier.map { "\(path)?before=\($0)" })
        return data
    }

    private func line(_ message: MessageView) -> PageData {
        var data = time(message.createdAt)
        data["anchor"] = .text("m\(message.id)")
        data["kind"] = .text(look(message))
        data["fresh"] = .flag(sheet.fresh.contains(message.id) || isNew(message))
        data["who"] = .text(who(message))
        data["what"] = .text(what(message))
        for name in ["to", "subject_line", "cost", "length", "state", "state_class", "error", "reversible"] { data[name] = .text("") }
        data.set("to", message.to)
        data.set("subject_line", message.subject)
        data["body"] = .text(message.body)
        data.set("length", message.seconds.map { localizer.length(seconds: $0) })
        if let channel = message.channel, let quantity = message.quantity, quantity > 0 { data["cost"] = .text(credits(quantity, channel)) }
        if [.sending, .sent, .failed].contains(message.state) {
            data["state"] = .text(localizer.text(family: "message_state", message.state.rawValue))
            data["state_class"] = .text(message.state == .failed ? "bad" : message.state == .sent ? "good" : "accent")
        }
        data.set("error", message.error)
        if let entry = message.entry, visitor.may(.reverseOwn), message.author?.id == visitor.staff.id || visitor.may(.reverseAny) {
            data["reversible"] = .text("\(path)?reverse=\(entry)#act-reverse")
        }
        return data
    }

    /// Added after what the window's agent has seen, by somebody else.
    private func isNew(_ message: MessageView) -> Bool {
        guard let seen = call.query.given("seen").flatMap({ WholeText.number($0) }) else { return false }
        return message.version > seen && message.author?.id != visitor.staff.id && message.kind != .system
    }

    /// The style of its bubble.
    private func look(_ message: MessageView) -> String {
        switch message.kind {
        case .note: "note"
        case .system: "system"
        default: message.direction == .incoming ? "in" : "out"
        }
    }

    private func who(_ message: MessageView) -> String {
        if let author = message.author { return author.name }
        if message.direction == .incoming { return ticket.customer.name ?? message.from ?? localizer.text("ticket.customer") }
        return "SupportMeter"
    }

    /// The channel and the direction in words.
    private func what(_ message: MessageView) -> String {
        switch message.kind {
        case .note: localizer.text("talk.note")
        case .system: localizer.text("talk.system")
        case .usage: localizer.text("talk.usage", ["channel": message.channel.map { localizer.channel($0) } ?? ""])
        case .call: localizer.text("talk.call", ["channel": message.channel.map { localizer.channel($0) } ?? ""])
        case .message:
            localizer.text(
                message.direction == .incoming ? "talk.incoming" : "talk.outgoing", ["channel": message.channel.map { localizer.channel($0) } ?? ""])
        }
    }

    private func line(_ event: TicketEventView) -> PageData {
        var data = time(event.at)
        data["event"] = .text(text(event))
        // Whoever takes a ticket is named once.
        data["by"] = .text(event.kind == .assigned && event.by?.name == event.after ? "" : event.by?.name ?? "")
        return data
    }

    private func text(_ event: TicketEventView) -> String {
        let after = event.after ?? ""
        switch event.kind {
        case .assigned: return event.after == nil ? localizer.text("event.unassigned") : localizer.text("event.assigned", ["name": after])
        case .status: return localizer.text("event.status", ["status": statusName(after)])
        case .reopened: return localizer.text("event.reopened")
        case .priority: return localizer.text("event.priority", ["priority": priorityName(after)])
        case .tagged: return localizer.text("event.tagged", ["tag": after])
        case .untagged: return localizer.text("event.untagged", ["tag": event.before ?? ""])
        case .callWarned: return localizer.text(after == "100" ? "event.call_over" : "event.call_warned")
        }
    }
}
