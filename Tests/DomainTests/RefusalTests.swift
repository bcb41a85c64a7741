import Domain
import Testing

@Suite struct RefusalTests {
    private let all: [(Refusal, String, Int)] = [
        (.insufficientCredits(channel: .email, needed: 2, remaining: 1, pool: 0, topUpURL: nil), "insufficient-credits", 402),
        (.captureExceeds(hold: HoldID(1), held: 1, asked: 3, available: 1, topUpURL: nil), "capture-exceeds-hold", 402),
        (.unknownTicket(TicketID(1042)), "unknown-ticket", 404), (.unknownUsage(EntryID(1)), "unknown-usage", 404),
        (.unknownHold(HoldID(1)), "unknown-hold", 404), (.unknownOrder(OrderID(1)), "unknown-order", 404),
        (.unknownCustomer(CustomerID(1)), "unknown-customer", 404), (.unknown(what: "plan", name: "x"), "unknown-plan", 404),
        (.holdAlreadyEnded(hold: HoldID(1), state: .lapsed), "hold-already-ended", 409),
        (.reversalExceedsUsage(usage: EntryID(1), asked: 2, left: 1), "reversal-exceeds-usage", 409),
        (.transferToOtherCustomer(from: TicketID(1), to: TicketID(2)), "transfer-to-other-customer", 409),
        (.sameTicket(TicketID(1)), "same-ticket", 409),
        (.notPermitted(role: .agent, permission: .adjust), "not-permitted", 403), (.scopeMissing(.usageWrite), "scope-missing", 403),
        (.overCap(role: .lead, cap: 20, left: 3, asked: 5), "over-cap", 403),
        (.keyMissing, "idempotency-key-missing", 400), (.keyMalformed, "idempotency-key-malformed", 400),
        (.keyReused, "idempotency-key-reused", 422), (.unknownChannel(name: "fax", known: [.email, .sms]), "unknown-channel", 422),
        (.quantityOutOfRange(field: "quantity", found: 0), "quantity-out-of-range", 422),
        (.signedQuantityOutOfRange(field: "quantity", found: 0), "quantity-out-of-range", 422),
        (.missingField(field: "note", expected: "a note"), "missing-field", 422),
        (.invalidField(field: "at", expected: "an RFC 3339 time"), "invalid-field", 422),
        (.unknownReason(name: "x", known: Reason.builtIn), "unknown-reason", 422),
    ]

    @Test("every refusal has its type, status and a sentence; 402, 404 and 409 are kept with the key")
    func table() {
        for (refusal, type, status) in all {
            #expect(refusal.type == type && refusal.status == status && !refusal.detail.isEmpty && !refusal.title.isEmpty)
            #expect(refusal.isStored == [402, 404, 409].contains(status))
            if let field = refusal.field { #expect(refusal.detail.contains(field)) }
        }
    }

    @Test("an empty counter says what is left and where more can be had; an unknown channel lists the known")
    func sentences() {
        let empty = Refusal.insufficientCredits(channel: .email, needed: 3, remaining: 1, pool: 1, topUpURL: "https://shop.example/p")
        #expect(
            empty.detail == "quantity: 3 email needed, 1 left on the ticket and 1 on the customer's other tickets; "
                + "more can be bought at https://shop.example/p")
        #expect(Refusal.unknownChannel(name: "fax", known: [.email, .sms]).detail == #"channel: expected one of email, sms, found "fax""#)
        #expect(Refusal.captureExceeds(hold: HoldID(1), held: 1, asked: 3, available: 1, topUpURL: nil).title == "Capture exceeds hold")
    }

    @Test("a key is 1 to 255 printable ASCII characters")
    func keys() {
        #expect(IdempotencyKey.read(nil) == .failure(.keyMissing) && IdempotencyKey.read("") == .failure(.keyMissing))
        #expect(IdempotencyKey(String(repeating: "k", count: 255)) != nil)
        for bad in [String(repeating: "k", count: 256), "é", "a\n", "\u{7F}"] {
            #expect(IdempotencyKey.read(bad) == .failure(.keyMalformed))
        }
    }

    @Test("a quantity is 1 to a million, a correction anything but 0 within a million")
    func quantities() {
        for bad in [Int64.min, -1, 0, 1_000_001, Int64.max] {
            #expect(QuantityCheck.positive(bad) == .failure(.quantityOutOfRange(field: "quantity", found: bad)))
        }
        for bad in [Int64.min, -1_000_001, 0, 1_000_001] {
            #expect(QuantityCheck.signed(bad) == .failure(.signedQuantityOutOfRange(field: "quantity", found: bad)))
        }
        #expect(QuantityCheck.signed(-1_000_000) == .success(-1_000_000))
    }

    @Test("agents reverse their own and give nothing; leads give up to 20; finance gives nothing; admins have no cap")
    func roles() {
        #expect(Role.agent.may(.spend) && Role.agent.may(.reverseOwn) && !Role.agent.may(.reverseAny) && !Role.agent.may(.adjust))
        #expect(!Role.agent.may(.transfer) && !Role.agent.may(.report))
        #expect(Role.lead.allowance(for: .adjust) == .credits(20) && Role.lead.allowance(for: .transfer, leadCap: 5) == .credits(5))
        #expect(!Role.finance.may(.spend) && !Role.finance.may(.adjust) && Role.finance.may(.report) && Role.finance.may(.closePeriod))
        for permission in Permission.allCases { #expect(Role.admin.allowance(for: permission) == .unlimited) }
        for role in Role.allCases { #expect(role.may(.read)) }

        let cap = Role.lead.allowance(for: .adjust)
        #expect(cap.refusal(role: .lead, permission: .adjust, credits: -5, movedToday: 15) == nil)
        #expect(
            cap.refusal(role: .lead, permission: .adjust, credits: -6, movedToday: 15) == .overCap(role: .lead, cap: 20, left: 5, asked: 6))
        #expect(
            Role.agent.allowance(for: .adjust).refusal(role: .agent, permission: .adjust, credits: 1, movedToday: 0)
                == .notPermitted(role: .agent, permission: .adjust))
    }

    @Test("a token does what its scopes say, and the admin's does everything")
    func scopes() {
        #expect(TokenScope.parse(list: "usage:write,balance:read") == [.usageWrite, .balanceRead])
        #expect(TokenScope.parse(list: "usage:write,all") == nil && TokenScope.parse(list: "") == nil)
        #expect(TokenScope.reportRead.isGiven(by: [.admin]) && !TokenScope.usageWrite.isGiven(by: [.balanceRead]))
    }
}
