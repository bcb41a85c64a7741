import Domain
import FoundationEssentials
import Store

/// The forms to write with: one a channel, with what a message costs and leaves, and the note, which costs nothing.
extension TicketScreen {
    /// Channels that a message is sent over.
    static let writtenChannels: [Channel] = [.email, .sms]

    func composer() -> PageData {
        let shown = TicketScreen.writtenChannels.filter(visitor.shop.channels.contains)
        let open = sheet.form?.rawValue ?? page.drafts.max { $0.updatedAt < $1.updatedAt }?.channel ?? lastChannel(of: shown).rawValue
        var note = base(.note, DraftView.noteChannel, open)
        note["text"] = .text(draft(.note, DraftView.noteChannel)?.body ?? "")
        return ["writers": .list(shown.map { writer($0, open) }), "note_form": .data(note), "talk_problem": .text(sheet.form == nil ? sheet.problem ?? "" : "")]
    }

    /// The customer is answered over what they wrote last.
    private func lastChannel(of shown: [Channel]) -> Channel {
        let last = page.conversation.messages.last { $0.direction == .incoming }?.channel
        return last.flatMap { shown.contains($0) ? $0 : nil } ?? .email
    }

    private func base(_ form: TicketForm, _ channel: String, _ open: String) -> PageData {
        ["channel": .text(channel), "open": .flag(open == channel), "key": .text(TicketScreen.freshKey()), "problem": .text(sheet.problem(of: form))]
    }

    private func writer(_ channel: Channel, _ open: String) -> PageData {
        let form = TicketForm(rawValue: channel.rawValue) ?? .email
        let (draft, kind) = (draft(form, channel.rawValue), channel == .sms ? CustomerAddress.Kind.phone : .email)
        let (known, chosen) = (known(kind), sheet.typed(form, "to"))
        var data = base(form, channel.rawValue, open).merging(costData(cost(draft?.body ?? "", channel)))
        data["name"] = .text(localizer.text(family: "write", channel.rawValue))
        data["write_key"] = .text(channel == .sms ? "m" : "r")
        data["is_sms"] = .flag(channel == .sms)
        data["is_email"] = .flag(channel == .email)
        data["subject_typed"] = .text(draft?.subject ?? "")
        data["text"] = .text(draft?.body ?? "")
        data["addresses"] = .list(known.map { ["value": .text($0), "chosen": .flag($0 == chosen)] })
        data["no_address"] = .flag(known.isEmpty)
        data["provider"] = .text(provider(channel))
        data["afters"] = .list(
            [TicketStatus.waiting, .open, .solved].map { status in
                [
                    "code": .text(status.rawValue), "option": .text(localizer.text(family: "after_sending", status.rawValue)),
                    "chosen": .flag((sheet.typed(form, "after") ?? "waiting") == status.rawValue),
                ]
            })
        return data
    }

    /// What was typed into the refused form, else what was kept as it was typed.
    private func draft(_ form: TicketForm, _ channel: String) -> (subject: String?, body: String)? {
        if let text = sheet.typed(form, "text") { return (sheet.typed(form, "subject"), text) }
        return page.drafts.first { $0.channel == channel }.map { ($0.subject, $0.body) }
    }

    /// Who delivers, in plain words: until a later issue each message is a file in a folder, and the page says so.
    private func provider(_ channel: Channel) -> String {
        guard let provider = providers.first(where: { $0.channel == channel.rawValue }) ?? providers.first(where: { $0.channel == "*" }) else {
            return localizer.text("provider.unknown")
        }
        if provider.kind == "spool" { return localizer.text("provider.spool", ["place": provider.place]) }
        return localizer.text("provider.none")
    }

    /// The ways out when nothing is left.
    func waysOut() -> PageData {
        let url = (sheet.ways?.topUpURL ?? ticket.topUpURL).flatMap { $0.hasPrefix("https://") || $0.hasPrefix("http://") ? $0 : nil }
        var goodwill = visitor.may(.adjust)
        if let allowance = sheet.ways?.goodwill, allowance == .none || allowance == .credits(0) { goodwill = false }
        return [
            "top_up": .text(url ?? ""), "way_goodwill": .flag(goodwill), "way_ask": .flag(!goodwill), "way_note": .flag(visitor.may(.note)),
            "way_lapsed": .flag(sheet.ways != nil), "path": .text(path),
        ]
    }

    /// The call that runs, and its meter at this instant.
    func running() -> PageData {
        var data: PageData = [
            "call_problem": .text(sheet.problem(of: .call)), "call_key": .text(TicketScreen.freshKey()), "call": false, "may_call": .flag(
                visitor.may(.spend) && visitor.shop.channels.contains(.video) && page.call == nil),
            "call_ways": .flag(sheet.form == .call && sheet.ways != nil),
        ]
        guard let call = page.call, let rule = visitor.shop.rules[call.channel]?.rule else { return data }
        let meter = CallMeter(call, rule: rule, now: now)
        data["call"] = [
            "call_id": .text(call.id.description), "call_by": .text(call.by?.name ?? ""), "call_length": .text(localizer.length(seconds: meter.seconds)),
            "call_seconds": .text(meter.seconds.description), "call_covered": .text(call.coveredSeconds?.description ?? ""),
            "call_cost": .text(localizer.text("cost.call_now", ["credits": credits(meter.quantity, call.channel)])),
            "call_level": .text(meter.level == .fine ? "fine" : meter.level == .warned80 ? "low" : "none"),
            "call_left": .text(meter.secondsLeft.map { localizer.text("cost.call_left", ["time": localizer.length(seconds: $0)]) } ?? ""),
            "call_minutes": .text((meter.seconds / 60).description), "call_since": .text(localizer.dayAndTime(call.startedAt)),
        ]
        return data
    }
}
