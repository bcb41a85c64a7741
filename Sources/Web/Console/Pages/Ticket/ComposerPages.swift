import Domain
import HTTPTypes
import Store

/// Writing: what a message would cost, sending it, internal notes, and drafts as they are typed.
enum ComposerPages {
    static let all: [PageRoute] = [
        .post("/tickets/{number}/preview", may: .read, formBytesMax: textBytesMax, preview),
        .post("/tickets/{number}/send", may: .send, formBytesMax: textBytesMax, send),
        .post("/tickets/{number}/notes", may: .note, formBytesMax: textBytesMax, note),
        .post("/tickets/{number}/drafts", may: .note, formBytesMax: textBytesMax, draft),
    ]

    /// Bytes of a form with a message: `Outgoing.textMax` characters, percent-encoded.
    static let textBytesMax = 512 << 10

    /// What sending the text would cost and leave: for scripts the figures, and the line that the page shows.
    private static func preview(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        guard let channel = Channel(rawValue: call.form.trimmed("channel")), TicketScreen.writtenChannels.contains(channel) else {
            throw Refusal.unknownChannel(name: call.form.trimmed("channel"), known: TicketScreen.writtenChannels)
        }
        let screen = try await TicketScreen.load(call, visitor, TicketSheet())
        let text = String((call.form["text"] ?? "").prefix(Outgoing.textMax + 1))
        let cost = screen.cost(text, channel)
        let data = Layout.base(call).merging(screen.costData(cost)).merging(screen.waysOut())
        let html = try call.console.templates.render("ticket-cost", data)
        return Reply.json { json in
            json.field("quantity", cost.quantity)
            json.field("available", cost.available)
            json.field("segments", cost.length.map { Int64($0.segments) })
            json.field("units", cost.length.map { Int64($0.unitsUsed) })
            json.field("html", html)
        }
    }

    private static func send(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let number = try call.id(0, TicketID.self)
        let name = call.form.trimmed("channel")
        guard let channel = Channel(rawValue: name), TicketScreen.writtenChannels.contains(channel), let form = TicketForm(rawValue: name) else {
            throw Refusal.unknownChannel(name: name, known: TicketScreen.writtenChannels)
        }
        guard let seen = WholeText.number(call.form.trimmed("seen")) else {
            return try await call.again(form, visitor, .invalidField(field: "key", expected: "the version that the page was made with"))
        }
        let outgoing = Outgoing(
            ticket: number, channel: channel, subject: call.form.given("subject"), text: call.form["text"] ?? "", to: call.form.given("to"),
            seenVersion: seen, statusAfter: call.form.given("after").flatMap(TicketStatus.init(rawValue:)))
        switch try await call.store.send(outgoing, in: visitor.shop.id, key: try call.formKey(), by: visitor.staff) {
        case .done(_, let isReplayed):
            return call.done(number, call.text(isReplayed ? "write.sent_before" : "write.sending"), at: "#talk-end")
        case .overtaken(let newer, let version):
            await keep(outgoing, call, visitor)
            return try await overtaken(call, visitor, form, newer, version)
        case .refused(let refusal, let ways):
            await keep(outgoing, call, visitor)
            return try await call.again(form, visitor, refusal, ways)
        }
    }

    /// What was not sent is not lost, also for a browser without scripts. A fault here is none of the sender's.
    private static func keep(_ outgoing: Outgoing, _ call: PageCall, _ visitor: Visitor) async {
        _ = try? await call.store.saveDraft(
            outgoing.text, subject: outgoing.subject, channel: outgoing.channel.rawValue, ticket: outgoing.ticket, in: visitor.shop.id, by: visitor.staff)
    }

    /// No double reply: nothing was written or charged; what is new is shown, and the draft stays in its box.
    private static func overtaken(
        _ call: PageCall, _ visitor: Visitor, _ form: TicketForm, _ newer: [MessageView], _ version: Int64
    ) async throws -> Reply {
        let names = Set(newer.map { $0.author?.name ?? $0.from ?? call.text("ticket.customer") }).sorted().joined(separator: ", ")
        let problem = call.text("write.overtaken", ["name": names])
        guard call.wantsJSON else {
            let sheet = TicketSheet(form: form, status: 409, problem: problem, fields: call.form, fresh: Set(newer.map(\.id)))
            return try await TicketPages.show(call, visitor, sheet)
        }
        return Reply.json(409) { json in
            json.field("problem", problem)
            json.field("version", version)
        }
    }

    private static func note(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let number = try call.id(0, TicketID.self)
        let text = call.form["text"] ?? ""
        if text.allSatisfy(\.isWhitespace) { return try await call.again(.note, visitor, .missingField(field: "text", expected: "a note")) }
        switch try await call.store.addNote(text, to: number, in: visitor.shop.id, key: try call.formKey(), by: visitor.staff) {
        case .done: return call.done(number, call.text("write.noted"), at: "#talk-end")
        case .refused(let refusal, let ways): return try await call.again(.note, visitor, refusal, ways)
        case .overtaken(let newer, let version): return try await overtaken(call, visitor, .note, newer, version)
        }
    }

    /// 204: it is kept.
    private static func draft(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let number = try call.id(0, TicketID.self)
        let refusal = try await call.store.saveDraft(
            call.form["text"] ?? "", subject: call.form["subject"], channel: call.form.trimmed("channel"), ticket: number, in: visitor.shop.id,
            by: visitor.staff)
        if let refusal { throw refusal }
        return .nothing
    }
}
