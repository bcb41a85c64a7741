import Domain
import FoundationEssentials
import HTTPTypes
import Store

/// What moves credits beside sending: usage made elsewhere, reversal, goodwill, adjustment, transfer. The store decides whether the role may.
enum ActionPages {
    static let all: [PageRoute] = [
        .post("/tickets/{number}/usage", may: .spend, usage),
        .post("/tickets/{number}/reverse", may: .reverseOwn, reverse),
        .post("/tickets/{number}/goodwill", may: .adjust) { call, visitor in try await adjust(call, visitor, .goodwill) },
        .post("/tickets/{number}/adjust", may: .adjust) { call, visitor in try await adjust(call, visitor, .adjust) },
        .post("/tickets/{number}/transfer", may: .transfer, transfer),
    ]

    private static func usage(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let number = try call.id(0, TicketID.self)
        let minutes = call.form.given("minutes").flatMap { WholeText.number($0) }.flatMap { (1...minutesMax).contains($0) ? Int($0) : nil }
        if call.form.given("minutes") != nil, minutes == nil {
            return try await call.again(.usage, visitor, .invalidField(field: "minutes", expected: "1 to \(minutesMax)"))
        }
        var occurred: Date?
        if let at = call.form.given("at") {
            guard let instant = LocalTime.instant(at, visitor.shop.zone), instant <= call.store.clock() else {
                return try await call.again(.usage, visitor, .invalidField(field: "at", expected: "a time that has been"))
            }
            occurred = instant
        }
        let usage = Usage(
            ticket: number, channel: call.form.trimmed("channel"), quantity: minutes == nil ? signed(call, "quantity") ?? 0 : nil,
            seconds: minutes.map { $0 * 60 }, reference: call.form.given("reference"), occurredAt: occurred)
        let outcome = try await call.store.recordUsage(
            usage, note: call.form.given("note"), in: visitor.shop.id, key: try call.formKey(), by: visitor.staff)
        switch outcome {
        case .done: return call.done(number, call.text("act.recorded"))
        case .refused(let refusal, let ways): return try await call.again(.usage, visitor, refusal, ways)
        case .overtaken: throw call.notFound
        }
    }

    private static let minutesMax: Int64 = 720

    /// The address names the ticket: a usage of another one is as unknown here as one that nobody made.
    private static func reverse(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let number = try call.id(0, TicketID.self)
        guard let usage = WholeText.number(call.form.trimmed("usage")) else {
            return try await call.again(.reverse, visitor, .invalidField(field: "usage", expected: "a usage of this ticket"))
        }
        guard try await call.store.isUsage(EntryID(usage), of: number, in: visitor.shop.id) else {
            return try await call.again(.reverse, visitor, .unknownUsage(EntryID(usage)))
        }
        let quantity = call.form.given("quantity") == nil ? nil : signed(call, "quantity") ?? 0
        let answer = try await call.store.reverse(
            usage: EntryID(usage), quantity: quantity, note: call.form.given("note"), in: visitor.shop.id, key: try call.formKey(), by: visitor.caller)
        return try await finish(call, visitor, .reverse, number, answer, "act.reversed")
    }

    private static func adjust(_ call: PageCall, _ visitor: Visitor, _ form: TicketForm) async throws -> Reply {
        let number = try call.id(0, TicketID.self)
        guard let note = call.form.given("note") else {
            return try await call.again(form, visitor, .missingField(field: "note", expected: "why"))
        }
        let quantity = signed(call, "quantity") ?? 0
        if form == .goodwill, quantity < 1 { return try await call.again(form, visitor, .quantityOutOfRange(field: "quantity", found: quantity)) }
        var expires: Date?
        if let text = call.form.given("expires") {
            guard let day = LocalTime.day(text) else {
                return try await call.again(form, visitor, .invalidField(field: "expires_at", expected: "a day to come"))
            }
            expires = visitor.shop.zone.firstInstant(of: day.adding(days: 1))
        }
        let answer = try await call.store.adjust(
            ticket: number, channel: call.form.trimmed("channel"), quantity: quantity,
            reason: form == .goodwill ? Reason.goodwill.rawValue : call.form.trimmed("reason"), note: note, expiresAt: expires,
            in: visitor.shop.id, key: try call.formKey(), by: visitor.caller)
        return try await finish(call, visitor, form, number, answer, form == .goodwill ? "act.given" : "act.adjusted")
    }

    private static func transfer(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let number = try call.id(0, TicketID.self)
        guard let target = WholeText.number(call.form.trimmed("to")) else {
            return try await call.again(.transfer, visitor, .invalidField(field: "target", expected: "a ticket of the customer"))
        }
        guard let note = call.form.given("note") else {
            return try await call.again(.transfer, visitor, .missingField(field: "note", expected: "why"))
        }
        let answer = try await call.store.transfer(
            from: number, to: TicketID(target), channel: call.form.trimmed("channel"), quantity: signed(call, "quantity") ?? 0,
            reason: call.form.trimmed("reason"), note: note, in: visitor.shop.id, key: try call.formKey(), by: visitor.caller)
        return try await finish(call, visitor, .transfer, number, answer, "act.moved")
    }

    private static func finish(
        _ call: PageCall, _ visitor: Visitor, _ form: TicketForm, _ number: TicketID, _ answer: Answer, _ done: String
    ) async throws -> Reply {
        if answer.isSuccess { return call.done(number, call.text(done)) }
        guard let refusal = answer.refusal else { return try await call.refusedBefore(form, visitor, status: answer.status) }
        return try await call.again(form, visitor, refusal)
    }

    /// A whole number with a sign, also with the typographic minus; nil for anything else.
    private static func signed(_ call: PageCall, _ field: String) -> Int64? {
        let text = call.form.trimmed(field).replacing("\u{2212}", with: "-")
        return Int64(text)
    }
}

/// Days and times as forms send them, by the shop's clock.
enum LocalTime {
    /// `2026-11-22` (HTML, date).
    static func day(_ text: some StringProtocol) -> CivilDay? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2], (1970...9999).contains(year) else { return nil }
        return CivilDay(year: year, month: month, day: day)
    }

    /// `2026-11-22T08:15` (HTML, datetime-local), seconds allowed and left out.
    static func instant(_ text: String, _ zone: ShopZone) -> Date? {
        let halves = text.split(separator: "T", omittingEmptySubsequences: false)
        guard halves.count == 2, let day = day(halves[0]) else { return nil }
        let clock = halves[1].split(separator: ":").map { Int($0) }
        guard clock.count >= 2, let hour = clock[0], let minute = clock[1], (0...23).contains(hour), (0...59).contains(minute) else { return nil }
        let wanted = (hour * 60 + minute) * 60
        let guess = zone.firstInstant(of: day).addingTimeInterval(Double(wanted))
        return guess.addingTimeInterval(Double(wanted - zone.secondOfDay(of: guess))) // a day on which the clock is moved
    }
}
