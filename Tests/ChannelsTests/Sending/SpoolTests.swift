import Channels
import Domain
import Foundation
import Store
import Synchronization
import TestSupport
import Testing

/// A provider that says what a test wants, and remembers what it was given.
private final class SaidProvider: MessageProvider {
    let kind = "said"
    let place = "a test"
    private let answers: Mutex<[ProviderAnswer]>
    private let given = Mutex<[SendingMessage]>([])

    init(_ answers: [ProviderAnswer]) { self.answers = Mutex(answers) }

    var messages: [SendingMessage] { given.withLock { $0 } }

    func send(_ message: SendingMessage) async throws -> ProviderAnswer {
        given.withLock { $0.append(message) }
        return answers.withLock { $0.isEmpty ? .accepted(id: "ok") : $0.removeFirst() }
    }
}

@Suite("what agents write leaves the house")
struct SpoolTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spool-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func serving(_ desk: DeskFixture, _ provider: any MessageProvider, _ body: () async throws -> Void) async throws {
        let service = SenderService(store: desk.store, provider: provider, logger: TestServer.logger)
        try await ChannelsTests.serving(service, body)
    }

    /// The message once it is what is waited for; told by the desk's own events.
    private func settled(_ desk: DeskFixture, _ id: MessageID, _ events: AsyncStream<DeskEvent>) async throws -> MessageView {
        for await _ in events {
            if let message = try await desk.store.message(id, in: desk.shop), message.state == .sent || message.state == .failed { return message }
        }
        throw FixtureError("the events ended")
    }

    @Test("the running sender writes an e-mail and an SMS as files and charges them", .timeLimit(.minutes(4)))
    func service() async throws {
        try await withFolder { folder in
            try await DeskFixture.with { desk in
                let events = desk.store.deskEvents(in: desk.shop)
                try await serving(desk, SpoolProvider(folder: folder)) {
                    let mail = try #require(try await desk.store.send(try await desk.outgoing("Tere, Tõnu!\nKõik korras."), in: desk.shop, key: .fresh(), by: desk.ana).message)
                    #expect(try await settled(desk, mail.id, events).state == .sent)
                    let sms = try #require(try await desk.store.send(try await desk.outgoing("Kõik korras", .sms), in: desk.shop, key: .fresh(), by: desk.ana).message)
                    #expect(try await settled(desk, sms.id, desk.store.deskEvents(in: desk.shop)).state == .sent)
                    let text = try String(contentsOfFile: "\(folder)/demo/m\(desk.shop)-\(mail.id).eml", encoding: .utf8)
                    let parts = text.components(separatedBy: "\r\n\r\n")
                    #expect(parts[0].contains("To: =?utf-8?B?") && parts[0].contains("<tonu@example.ee>") && parts[0].contains("Message-ID: <m\(desk.shop)-\(mail.id)@"))
                    let body = try #require(Data(base64Encoded: parts[1].replacingOccurrences(of: "\r\n", with: "")))
                    #expect(String(decoding: body, as: UTF8.self) == "Tere, Tõnu!\r\nKõik korras.\r\n")
                    let json = try String(contentsOfFile: "\(folder)/demo/m\(desk.shop)-\(sms.id).json", encoding: .utf8)
                    #expect(json.contains(#""to":"+372 5555 0101""#) && json.contains(#""segments":1"#))
                    #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/demo").count == 2)
                }
                #expect(try await desk.counter() == Counter(granted: 5, used: 1))
                #expect(try await desk.store.providers().map(\.kind) == ["spool", "spool"])
            }
        }
    }

    @Test("killed after the file was written: the same message overwrites itself, byte for byte, and is charged once")
    func killed() async throws {
        try await withFolder { folder in
            try await DeskFixture.with { desk in
                let provider = SpoolProvider(folder: folder)
                _ = try await desk.store.send(try await desk.outgoing("Samo enkrat, ЁЖ 🚀"), in: desk.shop, key: .fresh(), by: desk.ana)
                let lost = try #require(try await desk.store.claimMessages(limit: 1).first)
                let message = try #require(try await desk.store.prepareMessage(lost))
                _ = try await provider.send(message)
                let file = "\(folder)/demo/\(message.messageID).eml"
                let first = FileManager.default.contents(atPath: file)
                desk.clock.advance(seconds: Store.sendClaimSeconds + 1)
                let sender = MessageSender(store: desk.store, provider: provider, logger: TestServer.logger)
                for claim in try await desk.store.claimMessages(limit: 9) { try await sender.make(claim) }
                #expect(first != nil && FileManager.default.contents(atPath: file) == first)
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/demo").count == 1)
                #expect(try await desk.counter() == Counter(granted: 5, used: 1))
                #expect(try await desk.store.verify().problem == nil)
            }
        }
    }

    @Test("a provider that cannot now is asked again later; one that never will fails the message; without one the agent is told")
    func answers() async throws {
        try await DeskFixture.with { desk in
            let provider = SaidProvider([.tryAgain(reason: "greylisted"), .refused(reason: "no such mailbox")])
            let sender = MessageSender(store: desk.store, provider: provider, logger: TestServer.logger, random: { 1 })
            let message = try #require(try await desk.store.send(try await desk.outgoing("Pozdrav"), in: desk.shop, key: .fresh(), by: desk.ana).message)
            for claim in try await desk.store.claimMessages(limit: 9) { try await sender.make(claim) }
            #expect(try await desk.store.message(message.id, in: desk.shop)?.error == "greylisted")
            #expect(try await desk.counter() == Counter(granted: 5, held: 1))
            #expect(try await desk.store.claimMessages(limit: 9).isEmpty)
            desk.clock.advance(seconds: 6)
            for claim in try await desk.store.claimMessages(limit: 9) { try await sender.make(claim) }
            #expect(try await desk.store.message(message.id, in: desk.shop)?.state == .failed)
            #expect(Set(provider.messages.map(\.messageID)).count == 1 && provider.messages.count == 2)
            #expect(try await desk.counter() == Counter(granted: 5))

            let second = try #require(try await desk.store.send(try await desk.outgoing("Pozdrav"), in: desk.shop, key: .fresh(), by: desk.ana).message)
            let nobody = MessageSender(store: desk.store, provider: MissingProvider(), logger: TestServer.logger)
            for claim in try await desk.store.claimMessages(limit: 9) { try await nobody.make(claim) }
            #expect(try await desk.store.message(second.id, in: desk.shop)?.error?.hasPrefix("no provider is set up") == true)
        }
    }

    @Test("a spool that cannot be written is tried again and given up after a day, with its credit back")
    func unwritable() async throws {
        try await DeskFixture.with { desk in
            let sender = MessageSender(store: desk.store, provider: SpoolProvider(folder: "/proc/nowhere"), logger: TestServer.logger, random: { 1 })
            let message = try #require(try await desk.store.send(try await desk.outgoing("Pozdrav"), in: desk.shop, key: .fresh(), by: desk.ana).message)
            for _ in 0..<200 where try await desk.store.message(message.id, in: desk.shop)?.state == .sending {
                for claim in try await desk.store.claimMessages(limit: 9) { try await sender.make(claim) }
                desk.clock.advance(seconds: 600)
            }
            let given = try #require(try await desk.store.message(message.id, in: desk.shop))
            #expect(given.state == .failed && given.error?.contains("given up") == true)
            #expect(try await desk.counter() == Counter(granted: 5))
        }
    }

    @Test("nobody slips a header into an e-mail through a name, a subject or an address")
    func headers() async throws {
        try await withFolder { folder in
            try await DeskFixture.with { desk in
                try await desk.ledger.run("UPDATE customer SET name = E'Evil\\r\\nBcc: all@example.com\\r\\n\\r\\nBody', email = E'a@example.com\\r\\nBcc:b@example.com'")
                try await desk.ledger.run("UPDATE ticket SET subject = E'Hi\\nX-Injected: 1'")
                _ = try await desk.store.send(try await desk.outgoing("Pozdrav"), in: desk.shop, key: .fresh(), by: desk.ana)
                let claim = try #require(try await desk.store.claimMessages(limit: 1).first)
                let message = try #require(try await desk.store.prepareMessage(claim))
                _ = try await SpoolProvider(folder: folder).send(message)
                let text = try String(contentsOfFile: "\(folder)/demo/\(message.messageID).eml", encoding: .utf8)
                let names = text.components(separatedBy: "\r\n\r\n")[0].components(separatedBy: "\r\n").filter { !$0.hasPrefix(" ") }
                    .map { String($0.prefix { $0 != ":" }) }
                #expect(Set(names) == ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted"])
            }
        }
    }
}
