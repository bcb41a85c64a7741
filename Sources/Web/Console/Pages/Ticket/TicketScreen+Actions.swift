import Domain
import Store

/// The forms that correct: each with its fields, what was typed into it, and why it was refused.
extension TicketScreen {
    func actions() -> PageData {
        let reversed = call.query.given("reverse") ?? sheet.typed(.reverse, "usage")
        var acts: [PageData] = []
        if visitor.may(.spend) { acts.append(act(.usage, ["pick_channel", "whole", "when", "reference_field", "note_free"])) }
        if visitor.may(.reverseOwn) {
            var act = act(.reverse, ["pick_usage", "part", "note_free"], isOpen: reversed != nil)
            act["usages"] = .list(usages(reversed))
            acts.append(act)
        }
        if visitor.may(.adjust) {
            acts.append(act(.goodwill, ["pick_channel", "whole", "note_needed", "expires_field"]))
            acts.append(act(.adjust, ["pick_channel", "signed", "pick_reason", "note_needed", "expires_field"]))
        }
        if visitor.may(.transfer), !page.others.isEmpty || sheet.form == .transfer {
            var act = act(.transfer, ["pick_target", "pick_channel", "whole", "pick_reason", "note_needed"])
            act["targets"] = .list(
                page.others.map { other in
                    [
                        "code": .text(other.ticket.number.description), "option": .text("#\(other.ticket.number) \(other.ticket.subject)"),
                        "chosen": .flag(sheet.typed(.transfer, "to") == other.ticket.number.description),
                    ]
                })
            acts.append(act)
        }
        return ["acts": .list(acts), "any_acts": .flag(!acts.isEmpty)]
    }

    private static let parts = [
        "pick_channel", "pick_usage", "pick_target", "pick_reason", "whole", "signed", "part", "when", "reference_field", "note_free", "note_needed",
        "expires_field", "minutes_field",
    ]

    private func act(_ form: TicketForm, _ parts: Set<String>, isOpen: Bool = false) -> PageData {
        var data: PageData = [
            "act": .text(form.rawValue), "act_title": .text(localizer.text(family: "act_title", form.rawValue)),
            "act_hint": .text(hint(form)), "act_button": .text(localizer.text(family: "act_button", form.rawValue)),
            "open": .flag(isOpen || sheet.form == form), "key": .text(TicketScreen.freshKey()), "problem": .text(sheet.problem(of: form)),
            "act_ways": .flag(sheet.form == form && sheet.ways != nil),
        ]
        for name in TicketScreen.parts { data[name] = .flag(parts.contains(name)) }
        for name in ["quantity", "note", "reference", "at", "expires", "minutes"] { data[name + "_typed"] = .text(sheet.typed(form, name) ?? "") }
        data["minutes_field"] = .flag(form == .usage && visitor.shop.rules.values.contains { $0.rule.units(seconds: 1) != nil && $0.rule != .videoCall })
        data["act_channels"] = .list(
            channels.filter(visitor.shop.channels.contains).map { channel in
                ["code": .text(channel.rawValue), "option": .text(localizer.channel(channel)), "chosen": .flag(sheet.typed(form, "channel") == channel.rawValue)]
            })
        data["reasons"] = .list(
            visitor.shop.reasons.map { reason in
                ["code": .text(reason.rawValue), "option": .text(reasonName(reason)), "chosen": .flag((sheet.typed(form, "reason") ?? "correction") == reason.rawValue)]
            })
        return data
    }

    private func reasonName(_ reason: Reason) -> String {
        Reason.builtIn.contains(reason) ? localizer.text(family: "reason_name", reason.rawValue) : reason.rawValue
    }

    /// What the form does, and how far the role goes.
    private func hint(_ form: TicketForm) -> String {
        let about = localizer.text(family: "act_hint", form.rawValue)
        let permission: Permission = form == .transfer ? .transfer : form == .reverse ? .reverseAny : .adjust
        guard form != .usage, case .credits(let cap) = visitor.caller.allowance(for: permission, leadCap: visitor.shop.leadCap) else { return about }
        return about + " " + localizer.text("act.cap", ["cap": cap])
    }

    /// Usages shown in the ledger that may be given back, and the one that was asked for.
    private func usages(_ chosen: String?) -> [PageData] {
        var rows: [PageData] = entries.filter(isReversible).map { entry in
            [
                "code": .text(entry.id.description), "chosen": .flag(entry.id.description == chosen),
                "option": .text("\(credits(left(of: entry), entry.channel)) · \(localizer.dayAndTime(entry.recordedAt)) · \(entry.agent)"),
            ]
        }
        if let chosen, !entries.contains(where: { $0.id.description == chosen && isReversible($0) }), WholeText.number(chosen) != nil {
            rows.append(["code": .text(chosen), "chosen": true, "option": .text(localizer.text("act.entry", ["number": chosen]))])
        }
        return rows
    }
}
