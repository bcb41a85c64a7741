import Domain
import Foundation
import Postgres
import Store
import TestSupport
import Testing

@Suite("people can be exported, and forgotten (P15)")
struct PrivacyTests {
    /// Whatever names the person, in the ways that it is written.
    private static let traces = ["Novak", "ana.novak", "41 555 123", "Slovenska cesta", "zaupno", "Gospa Ana"]

    private static func document(_ order: Int64, name: String = "Novak", email: String = "ana.novak@example.si") -> String {
        """
        {"id":\(order),"status":"processing","billing":{"first_name":"Ana","last_name":"\(name)","address_1":"Slovenska cesta 1","email":"\(email)","phone":"+386 41 555 123"}}
        """
    }

    private struct Person {
        let customer: CustomerID
        let ticket: TicketID
        let key: IdempotencyKey
    }

    private func addPerson(_ fixture: LedgerFixture) async throws -> Person {
        let customer = try await fixture.addCustomer("Ana Novak")
        try await fixture.addOrder(901, of: customer, payload: Self.document(901), refunds: #"[{"reason":"zaupno"}]"#)
        try await fixture.addOrder(902, of: customer, payload: Self.document(902, email: "Ana.Novak+2@example.si"))
        let ticket = try await fixture.addTicket(customer, order: 901)
        try await fixture.entitle(ticket, order: 901, credits: 3)
        try await fixture.spend(ticket, reference: "klic za ana.novak@example.si")
        let key = IdempotencyKey.fresh()
        let adjusted = try await fixture.store.adjust(
            ticket: ticket, channel: "email", quantity: 1, reason: "goodwill", note: #"Gospa Ana \"je\" zaupno, \ povedala"#, in: fixture.shop,
            key: key, by: .commandLine)
        #expect(adjusted.isSuccess)
        let (shop, now) = (fixture.shop, fixture.clock.now)
        try await fixture.run("UPDATE ticket SET subject = 'Gospa Ana Novak prosi' WHERE ticket_id = \(ticket)::bigint")
        try await fixture.run(
            """
            INSERT INTO order_version (shop_id, order_id, modified_at, seen_at, superseded_at, status, payload)
            VALUES (\(shop)::bigint, 901, \(now)::timestamptz, \(now)::timestamptz, \(now)::timestamptz, 'pending', \(Self.document(901)))
            """)
        for (raw, order) in [(Self.document(901), Int64(901)), (#"<html>ana.novak@example.si"#, nil)] as [(String, Int64?)] {
            try await fixture.run(
                """
                INSERT INTO reject (shop_id, source, order_id, reason, raw, raw_hash, received_at, last_at)
                VALUES (\(shop)::bigint, 'poll', \(order)::bigint, 'not understood', \(raw), sha256(\(raw)::text::bytea), \(now)::timestamptz,
                        \(now)::timestamptz)
                """)
        }
        for body in [Self.document(902), #"{"id":4711,"billing":{"email":"ANA.NOVAK@example.si"}}"#] {
            try await fixture.run(
                "INSERT INTO delivery (shop_id, topic, received_at, body) VALUES (\(shop)::bigint, 'order.updated', \(now)::timestamptz, \(body))")
        }
        _ = try await fixture.store.fanOut()
        try await fixture.run("UPDATE hook_delivery SET last_error = 'the receiver answered 500: Novak?'")
        return Person(customer: customer, ticket: ticket, key: key)
    }

    @Test("the export has everything that is held about them, and nothing of anybody else")
    func export() async throws {
        try await LedgerFixture.with { fixture in
            _ = try await fixture.store.addHook(url: "https://example.com", topics: ["credits.empty"], to: fixture.shop, by: .commandLine).get()
            let person = try await addPerson(fixture)
            let other = try await fixture.addCustomer("Jan Kowalski", email: "jan@example.pl", phone: "+48 600 000 000")
            try await fixture.addOrder(903, of: other, payload: Self.document(903, name: "Kowalski", email: "jan@example.pl"))
            let json = try await fixture.store.exportCustomer(person.customer, in: fixture.shop, by: .commandLine).get()
            let sections = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
            let counts = sections.mapValues { ($0 as? [Any])?.count ?? 0 }
            #expect(counts["customer"] == 1 && counts["orders"] == 2 && counts["superseded_documents"] == 1)
            #expect(counts["rejected_documents"] == 2 && counts["pushed_documents"] == 2 && counts["tickets"] == 1 && counts["entries"] == 3)
            for trace in Self.traces { #expect(json.contains(trace), "\(trace)") }
            #expect(!json.contains("Kowalski") && !json.contains("jan@"))
            #expect(!json.contains("whsec_"))
        }
    }

    @Test("after an erasure nothing in a dump of the database names them, every sum stands, and it all adds up")
    func erase() async throws {
        try await LedgerFixture.with { fixture in
            _ = try await fixture.store.addHook(
                url: "https://example.com", topics: ["credits.empty", "credits.low", "ticket.opened"], to: fixture.shop, by: .commandLine).get()
            let person = try await addPerson(fixture)
            let other = try await fixture.addCustomer("Jan Kowalski", email: "jan@example.pl", phone: "+48 600 000 000")
            try await fixture.addOrder(903, of: other, payload: Self.document(903, name: "Kowalski", email: "jan@example.pl").replacing("Slovenska cesta 1", with: "ul. Długa").replacing("41 555 123", with: "600"))
            let sums: String = try await fixture.one("SELECT json_agg(c ORDER BY c.ticket_id, c.channel)::text FROM counter c")
            let entries: String = try await fixture.one("SELECT json_agg(e ORDER BY e.entry_id)::text FROM entry e")
            let before = try await fixture.dump()
            for trace in Self.traces { #expect(before.contains(trace), "\(trace)") }

            let report = try await fixture.store.eraseCustomer(person.customer, in: fixture.shop, by: .commandLine).get()
            #expect(report.orders == 2 && report.supersededDocuments == 1 && report.rejectedDocuments == 2 && report.pushedDocuments == 2)
            #expect(report.notes == 2 && report.answers == 1 && report.tickets == 1)

            let after = try await fixture.dump()
            for trace in Self.traces { #expect(!after.lowercased().contains(trace.lowercased()), "\(trace)") }
            #expect(after.contains("Kowalski") && after.contains("jan@example.pl"))
            #expect(try await fixture.one("SELECT json_agg(c ORDER BY c.ticket_id, c.channel)::text FROM counter c") == sums)
            #expect(try await fixture.one("SELECT json_agg(e ORDER BY e.entry_id)::text FROM entry e") == entries)
            #expect(try await fixture.store.verify().problem == nil)
            #expect(try await fixture.one("SELECT count(*) FROM customer WHERE erased_at IS NOT NULL") == 1)
            #expect(try await fixture.one("SELECT detail::text FROM audit WHERE action = 'customer.erase'") == "{}")
        }
    }

    @Test("a call repeated after the erasure is answered as before, without what was written")
    func repeated() async throws {
        try await LedgerFixture.with { fixture in
            let person = try await addPerson(fixture)
            let call = {
                try await fixture.store.adjust(
                    ticket: person.ticket, channel: "email", quantity: 1, reason: "goodwill", note: #"Gospa Ana \"je\" zaupno, \ povedala"#,
                    in: fixture.shop, key: person.key, by: .commandLine)
            }
            let first = try await call()
            #expect(first.isReplayed && first.body.contains("zaupno"))
            _ = try await fixture.store.eraseCustomer(person.customer, in: fixture.shop, by: .commandLine).get()
            let again = try await call()
            #expect(again.isReplayed && again.status == 201 && !again.body.contains("zaupno"))
            #expect(try again.entryID() == first.entryID())
        }
    }

    @Test("what arrives about them later is emptied, and erasing again is no error")
    func later() async throws {
        try await LedgerFixture.with { fixture in
            let person = try await addPerson(fixture)
            _ = try await fixture.store.eraseCustomer(person.customer, in: fixture.shop, by: .commandLine).get()
            let (shop, now) = (fixture.shop, fixture.clock.now)
            try await fixture.run(
                """
                INSERT INTO delivery (shop_id, topic, received_at, body, handled_at)
                VALUES (\(shop)::bigint, 'order.updated', \(now)::timestamptz, \(Self.document(902)), \(now)::timestamptz)
                """)
            #expect(try await fixture.store.forgetAgain() == 1)
            #expect(try await fixture.store.forgetAgain() == 0)
            #expect(try await fixture.dump().contains("Novak") == false)
            #expect(try await fixture.store.eraseCustomer(person.customer, in: fixture.shop, by: .commandLine).get().orders == 0)
        }
    }

    @Test("nobody else's: another shop's customer is unknown, and only an admin may")
    func refused() async throws {
        try await LedgerFixture.with { fixture in
            let person = try await addPerson(fixture)
            let other = try await LedgerFixture.addShop(fixture.pool, slug: "other", now: fixture.clock.now)
            for (shop, caller, status) in [
                (other, Caller.commandLine, 404), (fixture.shop, .user("lea@example.com", role: .lead), 403),
                (fixture.shop, .token("t", scopes: [.balanceRead]), 403),
            ] {
                let erased = try await fixture.store.eraseCustomer(person.customer, in: shop, by: caller)
                let exported = try await fixture.store.exportCustomer(person.customer, in: shop, by: caller)
                guard case .failure(let first) = erased, case .failure(let second) = exported else { Issue.record("not refused"); continue }
                #expect(first.status == status && second.status == status)
            }
            #expect(try await fixture.dump().contains("Novak"))
        }
    }
}

extension LedgerFixture {
    /// What `pg_dump` would write of every table.
    fileprivate func dump() async throws -> String {
        let run = try await OtherProgram.run(try #require(Self.pgDump), ["--data-only", "--dbname=\(database.url)"])
        #expect(run.status == 0)
        return run.output
    }

    private static var pgDump: String? {
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []).compactMap { Int($0) }.sorted(by: >)
        return versions.map { "/usr/lib/postgresql/\($0)/bin/pg_dump" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
