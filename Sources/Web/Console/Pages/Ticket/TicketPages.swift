import Domain
import HTTPTypes
import Store

/// The page of one ticket, the parts of it that open windows read again, and the stream that tells them to.
enum TicketPages {
    static let all: [PageRoute] =
        [
            .get("/tickets/{number}", may: .read) { call, visitor in try await show(call, visitor) },
            .get("/tickets/{number}/parts", may: .read, parts),
            .get("/tickets/{number}/live", may: .read, live),
        ] + ComposerPages.all + ActionPages.all + PropertyPages.all + CallPages.all + PresencePages.all

    /// The page; with a sheet it is the answer to a form that was refused, which keeps what was typed.
    static func show(_ call: PageCall, _ visitor: Visitor, _ sheet: TicketSheet = TicketSheet()) async throws -> Reply {
        let screen = try await TicketScreen.load(call, visitor, sheet)
        return try call.page("ticket", title: "nav.tickets", status: sheet.status, screen.data())
    }

    /// What changes by itself, read again by the page's script. The form of it is the page's own.
    private static func parts(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        try call.fragment("ticket-parts", try await TicketScreen.load(call, visitor, TicketSheet()).data())
    }

    private static func live(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let number = try call.id(0, TicketID.self)
        guard try await call.store.ticket(number, in: visitor.shop.id) != nil else { throw call.notFound }
        return try LiveStream.reply(call, visitor, page: path(number)) { news in
            let names = names(news, number)
            return names.isEmpty ? [] : [LiveEvent("changed") { json in json.field("what") { $0.array(names) { $0.string($1) } } }]
        }
    }

    /// What of the news concerns a window on this ticket, in words that its script knows.
    private static func names(_ news: LiveNews, _ number: TicketID) -> [String] {
        var names: Set<String> = news.isReload ? ["reload"] : []
        for event in news.events {
            switch event {
            case .conversation(number): names.insert("conversation")
            case .ticket(number): names.insert("ticket")
            case .presence(number): names.insert("presence")
            case .credits(number): names.insert("credits")
            default: break
            }
        }
        return names.sorted()
    }

    static func path(_ number: TicketID) -> String { "/tickets/\(number)" }
}

/// What the forms of a ticket's page hold when one of them was refused.
struct TicketSheet: Sendable {
    /// The form that was refused; nil on a page that is shown for the first time.
    var form: TicketForm?
    var status = 200
    var problem: String?
    /// Where credits are missing.
    var ways: WaysOut?
    /// What was typed.
    var fields = Form.none
    /// What was added since the agent looked, and stopped them.
    var fresh: Set<MessageID> = []

    /// What was typed into a field of this form.
    func typed(_ form: TicketForm, _ name: String) -> String? { self.form == form ? fields[name] : nil }

    func problem(of form: TicketForm) -> String { self.form == form ? problem ?? "" : "" }
}

/// The forms of a ticket's page, by the last part of their address.
enum TicketForm: String, Sendable {
    case email, sms, note, usage, reverse, goodwill, adjust, transfer, assign, status, priority, tags, call
}

extension PageCall {
    /// The key that a form was made with; a form without one is refused like a call without one (P5).
    func formKey() throws -> IdempotencyKey { try IdempotencyKey.read(form["key"]).get() }

    /// The answer to a ticket's form that was refused: a problem for scripts, else the page again with what was typed.
    func again(_ form: TicketForm, _ visitor: Visitor, _ refusal: Refusal, _ ways: WaysOut? = nil) async throws -> Reply {
        if case .unknownTicket(let id) = refusal, id == (try self.id(0, TicketID.self)) { throw notFound }
        let sheet = TicketSheet(form: form, status: refusal.status, problem: localizer.text(refusal), ways: ways, fields: self.form)
        guard wantsJSON else { return try await TicketPages.show(self, visitor, sheet) }
        let screen = try await TicketScreen.load(self, visitor, sheet)
        let waysHTML = try ways == nil ? "" : console.templates.render("ticket-ways", Layout.base(self).merging(screen.waysOut()))
        return Reply.json(refusal.status) { json in
            json.field("problem", sheet.problem)
            json.field("ways", waysHTML)
        }
    }

    /// The answer to a form that was refused before under the same key: what is kept of it is for programs, so the page says so and shows how
    /// things stand now, with a new key.
    func refusedBefore(_ form: TicketForm, _ visitor: Visitor, status: Int) async throws -> Reply {
        let sheet = TicketSheet(form: form, status: status, problem: text("act.refused_before"), fields: self.form)
        guard wantsJSON else { return try await TicketPages.show(self, visitor, sheet) }
        return Reply.json(status) { $0.field("problem", sheet.problem) }
    }

    /// Done: scripts hear so and get a new key for the form's next use; browsers go back to the page.
    func done(_ number: TicketID, _ text: String, at place: String = "") -> Reply {
        guard !wantsJSON else {
            return Reply.json { json in
                json.field("text", text)
                json.field("key", TicketScreen.freshKey())
            }
        }
        return redirect(TicketPages.path(number) + place, flash: .done(text))
    }
}
