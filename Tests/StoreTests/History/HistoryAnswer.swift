import Domain
import Foundation
import Store

/// What of an answer is held against the oracle.
struct HistoryAnswer: Decodable {
    struct Numbered: Decodable { let id: Int64 }

    let entry: Numbered?
    let hold: Numbered?
    let counters: [Channel: Counter]?
    /// Of a refusal.
    let type: String?
    let remaining: Int64?
    let pool: Int64?

    static func read(_ answer: Answer) throws -> HistoryAnswer {
        try JSONDecoder().decode(HistoryAnswer.self, from: Data(answer.body.utf8))
    }

    /// `done`, or the refusal with the figures that it tells.
    var outcome: String {
        guard let type else { return "done" }
        let slug = type.split(separator: ":").last.map(String.init) ?? type
        return HistoryAnswer.words(slug, remaining, pool)
    }

    static func outcome(_ outcome: LedgerModel.Outcome) -> String {
        switch outcome {
        case .success: return "done"
        case .failure(.insufficientCredits(_, _, let remaining, let pool, _)): return words("insufficient-credits", remaining, pool)
        case .failure(let refusal): return refusal.type
        }
    }

    private static func words(_ type: String, _ remaining: Int64?, _ pool: Int64?) -> String {
        guard let remaining, let pool else { return type }
        return "\(type), \(remaining) left and \(pool) in the pool"
    }
}
