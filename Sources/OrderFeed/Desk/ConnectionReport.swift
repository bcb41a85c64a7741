import Store

/// What a test of a shop's settings found, step by step, in plain words. Holds no secret.
public struct ConnectionReport: Sendable {
    public enum Outcome: String, Sendable { case good, warning, bad }

    public struct Step: Sendable, Hashable {
        /// `address`, `wordpress`, `keys`, `clock`, `orders`, `webhooks`.
        public let name: String
        public let outcome: Outcome
        /// One sentence.
        public let sentence: String
        /// The slug of the failure, where there is one.
        public let slug: String?
        /// The slug of the failure or of the finding, for whoever tells it in another language.
        public let code: String?
    }

    public private(set) var steps: [Step] = []

    /// Nothing is in the way of reading the shop.
    public var isGood: Bool { !steps.contains { $0.outcome == .bad } }

    public var json: String {
        var json = JSONWriter()
        json.object { json in
            json.field("good", isGood)
            json.field("steps") { json in
                json.array(steps) { json, step in
                    json.object { json in
                        json.field("name", step.name)
                        json.field("outcome", step.outcome.rawValue)
                        json.field("sentence", step.sentence)
                        json.field("kind", step.slug)
                    }
                }
            }
        }
        return json.text
    }

    mutating func add(_ name: String, _ outcome: Outcome, _ sentence: String, slug: String? = nil, code: String? = nil) {
        steps.append(Step(name: name, outcome: outcome, sentence: sentence, slug: slug, code: code ?? slug))
    }

    mutating func add(_ name: String, _ failure: FeedFailure) { add(name, .bad, failure.sentence, slug: failure.slug) }
}
