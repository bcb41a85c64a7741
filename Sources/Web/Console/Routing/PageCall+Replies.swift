import HTTPTypes
import Store

/// Something to tell on the next page, once.
struct Flash: Sendable {
    enum Kind: String, Sendable { case done, problem }

    let kind: Kind
    let text: String

    static func done(_ text: String) -> Flash { Flash(kind: .done, text: text) }
    static func problem(_ text: String) -> Flash { Flash(kind: .problem, text: text) }

    private static let textMax = 300

    var cookieValue: String { Cursor.encoded("\(kind.rawValue)|\(text.prefix(Flash.textMax))") }

    init(kind: Kind, text: String) {
        self.kind = kind
        self.text = text
    }

    /// Nil for what is none of ours. The text is escaped like any other.
    init?(cookieValue: String) {
        guard let plain = Cursor.decoded(cookieValue) else { return nil }
        let parts = plain.split(separator: "|", maxSplits: 1)
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])) else { return nil }
        self.init(kind: kind, text: String(parts[1].prefix(Flash.textMax)))
    }
}

extension PageCall {
    /// A page: the template of that name, in its layout, with the title of that key.
    func page(
        _ template: String, title: String, status: Int = 200, flash: Flash? = nil, _ data: PageData = [:]
    ) throws -> Reply {
        let kept = ConsoleCookie.flash.read(request.headers, console.site)
        let shown = flash ?? kept.flatMap(Flash.init(cookieValue:))
        let values = Layout.values(self, title: text(title), flash: shown).merging(data)
        var reply = Reply(status: status, content: .html, body: .text(try console.templates.render(template, values)), policy: .page)
        if kept != nil { reply.headers.append(ConsoleCookie.flash.header(nil, console.site)) }
        if visitor == nil, isNewGuest { reply.headers.append(ConsoleCookie.guest.header(guest, console.site)) }
        return reply
    }

    /// Part of a page, without its layout: what scripts put into one.
    func fragment(_ template: String, _ data: PageData = [:]) throws -> Reply {
        let values = Layout.base(self).merging(data)
        return Reply(status: 200, content: .html, body: .text(try console.templates.render(template, values)), policy: .page)
    }

    /// After a form: 303 to a page of ours, which tells what was done.
    func redirect(_ path: String, flash: Flash? = nil) -> Reply {
        var reply = Reply(status: 303, content: .text, body: .empty, policy: .page)
        reply.headers.append((.location, LocalPath.checked(path) ?? Console.home))
        if let flash { reply.headers.append(ConsoleCookie.flash.header(flash.cookieValue, console.site)) }
        return reply
    }
}

extension Reply {
    func setting(_ cookie: ConsoleCookie, _ value: String?, _ site: Site) -> Reply {
        var reply = self
        reply.headers.append(cookie.header(value, site))
        return reply
    }

    /// Server-sent events (WHATWG HTML, 9.2), written piece by piece.
    static func events(_ write: @escaping @Sendable (_ write: @escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Void) -> Reply {
        Reply(status: 200, content: .events, body: .stream(write), policy: .page)
    }
}
