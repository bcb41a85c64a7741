import Domain
import FoundationEssentials
import Postgres

/// The number of something that was asked of a feed.
public struct FeedRequestID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

extension FeedRequestID: PostgresValue {}

/// What a person may ask of whoever reads a shop, beside a pass or a sweep.
public enum FeedErrand: Sendable, Hashable {
    /// Try the shop's settings.
    case test
    /// Read one order.
    case importOrder(OrderID)
    /// Try one reject again; all open ones when nil.
    case replay(RejectID?)

    public var kind: String {
        switch self {
        case .test: "test"
        case .importOrder: "import"
        case .replay: "replay"
        }
    }

    public var subject: Int64? {
        switch self {
        case .test: nil
        case .importOrder(let order): order.rawValue
        case .replay(let reject): reject?.rawValue
        }
    }

    init?(kind: String, subject: Int64?) {
        switch (kind, subject) {
        case ("test", _): self = .test
        case ("import", .some(let order)): self = .importOrder(OrderID(order))
        case ("replay", let reject): self = .replay(reject.map { RejectID($0) })
        default: return nil
        }
    }
}

/// What came of it. Its sentences are English, safe everywhere, and hold no personal text.
public struct FeedAnswer: Sendable, Hashable, Codable {
    public enum Outcome: String, Sendable, Hashable, Codable, CaseIterable {
        /// The test's steps say how it went.
        case tested
        case imported
        case noSuchOrder = "no-such-order"
        /// Rejects were tried again; `tried` and `stayed` say how many.
        case replayed
        case noSuchReject = "no-such-reject"
        /// The shop could not be read.
        case failed
    }

    public struct Step: Sendable, Hashable, Codable {
        /// `good`, `warning` or `bad`.
        public let outcome: String
        public let sentence: String
        /// A stable slug that says the same, for whoever tells it in another language; nil where there is none.
        public let code: String?

        public init(outcome: String, sentence: String, code: String? = nil) {
            self.outcome = outcome
            self.sentence = sentence
            self.code = code
        }
    }

    public let outcome: Outcome
    public let isGood: Bool
    public let steps: [Step]
    public let tried: Int
    public let stayed: Int

    public init(_ outcome: Outcome, isGood: Bool, steps: [Step] = [], tried: Int = 0, stayed: Int = 0) {
        self.outcome = outcome
        self.isGood = isGood
        self.steps = steps
        self.tried = tried
        self.stayed = stayed
    }
}

/// Something that was asked of a feed.
public struct FeedRequest: Sendable {
    public let id: FeedRequestID
    public let errand: FeedErrand
    /// Who asked, by name.
    public let askedBy: String
    public let askedAt: Date
    public let endedAt: Date?
    /// Nil while it waits.
    public let answer: FeedAnswer?

    static let columns: SQL = "r.request_id, r.kind, r.subject, s.name, r.asked_at, r.ended_at, r.answer::text"

    init(_ row: inout Row) throws {
        id = try row.next()
        let kind = try row.next(String.self)
        errand = FeedErrand(kind: kind, subject: try row.next(Int64?.self)) ?? .test
        askedBy = try row.next()
        askedAt = try row.next()
        endedAt = try row.next()
        answer = try row.next(String?.self).map { try JSONDecoder().decode(FeedAnswer.self, from: Data($0.utf8)) }
    }
}
