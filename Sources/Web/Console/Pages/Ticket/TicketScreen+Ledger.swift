import Domain
import FoundationEssentials
import Store

/// The ledger of this ticket, row by row, newest first.
extension TicketScreen {
    func ledger() -> PageData {
        var data: PageData = [
            "entries": .list(entries.map(row)), "no_entries": .flag(entries.isEmpty), "older": .text(""),
            "is_older": .flag(call.query.given("ledger") != nil),
        ]
        data.set("older", earlierEntries.map { "\(path)?ledger=\($0)#part-ledger" })
        return data
    }

    private func row(_ entry: EntryView) -> PageData {
        let sign = entry.kind.effect.remaining
        var data = time(entry.recordedAt)
        data["id"] = .text(entry.id.description)
        data["kind_name"] = .text(localizer.text(family: "entry_kind", entry.kind.rawValue))
        data["amount"] = .text((sign > 0 ? "+" : sign < 0 ? "\u{2212}" : "") + credits(entry.quantity, entry.channel))
        data["sign"] = .text(sign > 0 ? "up" : sign < 0 ? "down" : "same")
        data["who"] = .text(entry.agent)
        data["balance"] = .text(localizer.text("ledger.left_after", ["number": localizer.number(entry.balanceAfter)]))
        for name in ["why", "note", "reference", "effective", "for", "corrects", "reversible"] { data[name] = .text("") }
        data.set("why", entry.reason)
        data.set("note", entry.note)
        data.set("reference", entry.reference)
        if let other = entry.forTicket, other != number { data["for"] = .text(localizer.text("ledger.for_ticket", ["number": other.description])) }
        data.set("corrects", entry.corrects.map { localizer.text("ledger.corrects", ["number": $0.description]) })
        if entry.effectiveAt != entry.recordedAt {
            data["effective"] = .text(localizer.text("ledger.effective", ["time": localizer.dayAndTime(entry.effectiveAt)]))
        }
        if isReversible(entry) { data["reversible"] = .text("\(path)?reverse=\(entry.id)#act-reverse") }
        return data
    }

    /// A usage, one's own or with the permission for anybody's, of which something may still be given back as far as the rows shown tell.
    func isReversible(_ entry: EntryView) -> Bool {
        guard entry.kind == .usage || entry.kind == .capture, visitor.may(.reverseOwn), left(of: entry) > 0 else { return false }
        return visitor.may(.reverseAny) || entry.agent == visitor.staff.email
    }

    func left(of entry: EntryView) -> Int64 {
        entry.quantity - entries.filter { $0.kind == .reversal && $0.corrects == entry.id }.reduce(0) { $0 + $1.quantity }
    }
}
