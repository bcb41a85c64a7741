import Domain
import FoundationEssentials
import Store

extension OutputFlags {
    /// An answer of a write: its JSON byte for byte for machines, a sentence and what is left for people. Throws for a refusal: exit 1.
    func answer(_ answer: Answer) throws {
        guard answer.isSuccess else { return try problem(answer) }
        if json { return Output.line(answer.body) }
        let written = try JSONDecoder().decode(WrittenAnswer.self, from: Data(answer.body.utf8))
        Output.line(written.sentence + (answer.isReplayed ? " (done before under this key)" : ""))
        CounterTable.make(written.counterValues, screen: screen).print(screen)
    }

    /// A refusal: the problem on stdout for machines, its sentence on stderr for people. Always throws: exit 1.
    func problem(_ answer: Answer) throws {
        if json {
            Output.line(answer.body)
            throw CommandFailure.answered
        }
        let problem = try? JSONDecoder().decode(ProblemAnswer.self, from: Data(answer.body.utf8))
        throw CommandFailure.no(problem?.detail ?? answer.body)
    }
}

private struct ProblemAnswer: Decodable {
    let detail: String
}

/// What an answer tells people.
private struct WrittenAnswer: Decodable {
    struct Entry: Decodable {
        let id: Int64
        let ticket: Int64
        let kind: String
        let channel: String
        let quantity: Int64
    }
    struct Hold: Decodable {
        let id: Int64
        let status: String
        let expires_at: String
    }
    struct Parts: Decodable {
        let granted, used, held, expired, revoked, shortfall: Int64
    }

    let entry: Entry
    let hold: Hold?
    let counters: [String: Parts]

    var counterValues: [Channel: Counter] {
        var values: [Channel: Counter] = [:]
        for (name, parts) in counters {
            guard let channel = Channel(rawValue: name) else { continue }
            values[channel] = Counter(
                granted: parts.granted, used: parts.used, held: parts.held, expired: parts.expired, revoked: parts.revoked,
                shortfall: parts.shortfall)
        }
        return values
    }

    var sentence: String {
        var sentence = "\(entry.kind): \(entry.quantity) \(entry.channel) on #\(entry.ticket), entry \(entry.id)"
        if let hold { sentence += ", hold \(hold.id) \(hold.status)" + (hold.status == "active" ? " until \(hold.expires_at)" : "") }
        return sentence
    }
}
