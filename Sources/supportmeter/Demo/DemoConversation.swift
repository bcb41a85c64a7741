import Domain
import Foundation
import Logging
import ServiceLifecycle
import Store

/// Customers who write about their tickets, each in their own language, and agents who answer most of them.
struct DemoConversation: Service {
    let store: Store
    let setup: DemoSetup
    let pause: Duration
    let logger: Logger

    /// As many tickets are left waiting for whoever tries the demo.
    private static let waitingMax = 6
    /// How long an agent is seen writing, in seconds.
    private static let writingSeconds = 3.0
    /// Tickets looked at when one is chosen.
    private static let choiceMax = 50

    func run() async throws {
        while await rest(pause) {
            do {
                try await step()
            } catch {
                logger.debug("nobody could write in the demo", metadata: ["error": "\(error)"])
            }
        }
    }

    private func step() async throws {
        guard let agent = setup.agents.randomElement() else { return }
        let waiting = try await store.ticketList(TicketListQuery(view: .waitingForUs), in: setup.shop, for: agent.id, limit: Self.choiceMax).rows
        if waiting.count > Self.waitingMax || (waiting.count > 1 && Bool.random()), let row = waiting.first {
            try await answer(row, by: agent)
        } else {
            try await write()
        }
    }

    /// The customer of some ticket with something left writes.
    private func write() async throws {
        guard let anybody = setup.agents.first else { return }
        let rows = try await store.ticketList(
            TicketListQuery(view: .waitingForCustomer, sort: .newest), in: setup.shop, for: anybody.id, limit: Self.choiceMax).rows
        guard let row = rows.randomElement() else { return }
        let texts = DemoTexts.of(row.ticket.customer)
        let isSMS = row.ticket.customer.phone != nil && Int.random(in: 0..<4) == 0
        _ = try await store.receive(
            Incoming(
                ticket: row.ticket.number, channel: isSMS ? .sms : .email, text: (isSMS ? texts.short : texts.questions).randomElement() ?? "?",
                subject: isSMS ? nil : row.ticket.subject, from: isSMS ? row.ticket.customer.phone : row.ticket.customer.email),
            in: setup.shop)
    }

    /// An agent is seen writing, then answers the way that they were asked; with nothing left they note it.
    private func answer(_ row: TicketListRow, by agent: Staff) async throws {
        let number = row.ticket.number
        _ = try await store.present(at: number, isWriting: true, in: setup.shop, by: agent)
        guard await rest(.seconds(Self.writingSeconds)), let page = try await store.ticketPage(number, in: setup.shop, for: agent.id) else { return }
        let channel = page.conversation.messages.last { $0.direction == .incoming }?.channel ?? .email
        let texts = DemoTexts.of(page.ticket.customer)
        let outcome = try await store.send(
            Outgoing(
                ticket: number, channel: channel, text: (channel == .sms ? texts.shortAnswers : texts.answers).randomElement() ?? "",
                seenVersion: page.desk.version, statusAfter: Int.random(in: 0..<4) == 0 ? .solved : nil),
            in: setup.shop, key: key("answer", number), by: agent)
        if case .refused(.insufficientCredits, _) = outcome {
            _ = try await store.addNote(texts.note, to: number, in: setup.shop, key: key("note", number), by: agent)
            _ = try await store.setStatus(.waiting, of: number, in: setup.shop, by: agent)
        }
        try await store.leave(number, in: setup.shop, by: agent)
    }

    private func key(_ what: String, _ ticket: TicketID) throws -> IdempotencyKey {
        guard let key = IdempotencyKey("demo-\(what)-\(ticket)-\(UUID().uuidString)") else { throw CommandFailure.no("no key") }
        return key
    }

    /// False when the demo ends.
    private func rest(_ pause: Duration) async -> Bool {
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
            return !Task.isCancelled && !Task.isShuttingDownGracefully
        } catch {
            return false
        }
    }
}
