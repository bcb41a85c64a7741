import Foundation
import TestSupport

/// Clients that spend through HTTP, each call under a key of its own, and ask again with the same key until they are answered.
final class Spenders: Sendable {
    /// What became of a key, as its client knows it.
    enum Outcome: Sendable, Equatable {
        /// 201, with the entry.
        case spent(Int64)
        /// 402: nothing was booked.
        case refused
        /// The client gave up without an answer: it may have been booked, once.
        case unanswered
    }

    /// Where the daemon is just now; nil while it is down.
    let address = Locked<String?>(nil)
    private let client: APIClient
    private let seed: UInt64
    private let isOver = Locked(false)
    private let outcomes = Locked<[String: Outcome]>([:])
    private let strange = Locked<[String]>([])
    private let retries = Locked(0)

    private static let clientCount = 16
    private static let pauseSeconds = 0.02
    /// Of a hundred calls, those that are not asked again.
    private static let givesUpPercent = 10
    private static let channels = ["email", "sms", "video"]

    init(token: String, seed: UInt64) {
        client = APIClient(token: token, connectionsMax: Self.clientCount * 2)
        self.seed = seed
    }

    /// By key.
    var results: [String: Outcome] { outcomes.with { $0 } }
    /// Answers that nobody should ever get, whatever dies.
    var strangeAnswers: [String] { strange.with { $0 } }
    var acknowledged: Int { outcomes.with { $0.values.reduce(0) { if case .spent = $1 { $0 + 1 } else { $0 } } } }
    var repeated: Int { retries.with { $0 } }

    /// Spends until `finish`, and then until the last call is answered.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<Self.clientCount { group.addTask { await self.work(number) } }
        }
        await client.http.shutdown()
    }

    /// Nothing new is begun.
    func finish() { isOver.with { $0 = true } }

    private func work(_ number: Int) async {
        var random = SplitMix64(seed: seed &* 1_000 &+ UInt64(number))
        var tickets: [Int64] = []
        var count = 0
        while !isOver.with({ $0 }), !Task.isCancelled {
            if tickets.isEmpty || count % 20 == 0 { tickets = await someTickets() ?? tickets }
            guard let ticket = tickets.randomElement(using: &random), let channel = Self.channels.randomElement(using: &random) else {
                await pace(Self.pauseSeconds)
                continue
            }
            count += 1
            let givesUp = Int.random(in: 0..<100, using: &random) < Self.givesUpPercent
            await spend(ticket, channel, key: "chaos-\(seed)-\(number)-\(count)", attemptsMax: givesUp ? 1 : Int.max)
        }
    }

    private func someTickets() async -> [Int64]? {
        guard let address = address.with({ $0 }), let answer = try? await client.get(address + "/api/v1/tickets?limit=50") else { return nil }
        guard answer.status == 200 else {
            note(answer.status, answer.body)
            return nil
        }
        return try? APIJSON.tickets(answer.body).map(\.number)
    }

    private func spend(_ ticket: Int64, _ channel: String, key: String, attemptsMax: Int) async {
        outcomes.with { $0[key] = .unanswered }
        var attempts = 0
        while attempts < attemptsMax, !Task.isCancelled {
            guard let address = address.with({ $0 }) else {
                await pace(Self.pauseSeconds)
                continue
            }
            attempts += 1
            if let outcome = await attempt(address, ticket, channel, key) { return outcomes.with { $0[key] = outcome } }
            retries.with { $0 += 1 }
            await pace(Self.pauseSeconds)
        }
    }

    /// Nil when it has to be asked again.
    private func attempt(_ address: String, _ ticket: Int64, _ channel: String, _ key: String) async -> Outcome? {
        guard let answer = try? await client.spend(address, ticket: ticket, channel: channel, key: key) else { return nil }
        switch answer.status {
        case 201: if let entry = APIJSON.entryID(answer.body) { return .spent(entry) }
        case 402: return .refused
        case 503 where answer.header("Retry-After") != nil: return nil
        default: break
        }
        note(answer.status, answer.body)
        return nil
    }

    private func note(_ status: Int, _ body: [UInt8]) {
        if status == 503 { return }
        strange.with { if $0.count < 20 { $0.append("\(status) \(String(decoding: body, as: UTF8.self).prefix(400))") } }
    }
}
